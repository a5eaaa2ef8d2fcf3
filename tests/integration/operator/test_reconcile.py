# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the operator makes of MCPServers, and with how many calls."""

from __future__ import annotations

import time

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch

from support import cluster
from support.mcpservers import KINDS

HPA = ("autoscaling/v2", "HorizontalPodAutoscaler")
# Pods that wait for a node cost nothing, and count.
NOWHERE = {"podTemplate": {"nodeSelector": {"no": "where"}}}
SCALED = {"enabled": True, "minReplicas": 1, "maxReplicas": 9, "targetCPUUtilizationPercentage": 80}


@pytest.fixture
def one(servers, start, by_proxy):
    return start(kubeconfig=by_proxy, leader_elect=False)


def calls(proxy, what):
    """Return the calls about the children of some name, without watches."""
    return [line for line in proxy.requests if f"/{what}" in line and "mcpservers" not in line]


# A run that should not be begins within this time, and ends.
NO_MORE = 3.0


def settled(one, seconds=1.0, *, least=1):
    """Wait until some runs have ended, and no more have for so long; return how many."""
    cluster.until("runs have ended", lambda: one.sum("mcp_operator_run_duration_seconds_count") >= least)
    runs, since = -1.0, time.monotonic()
    while time.monotonic() - since < seconds:
        now = one.sum("mcp_operator_run_duration_seconds_count")
        if now != runs:
            runs, since = now, time.monotonic()
        time.sleep(0.2)
    return runs


def test_each_object_costs_one_call_when_it_changes_and_none_when_it_does_not(one, servers, proxy):
    servers.apply("a")
    servers.right()
    assert settled(one, NO_MORE) == 1
    made = calls(proxy, "a?")
    assert [line.split()[0] for line in made] == ["PATCH", "PATCH", "PATCH"]

    servers.apply("a", image="registry.example.com/server:1")
    servers.right()
    assert settled(one, NO_MORE, least=2) == 2
    assert ["/deployments/a?" in line for line in calls(proxy, "a?")[3:]] == [True]


def test_children_that_are_deleted_or_edited_are_restored(one, servers, client, namespace):
    servers.apply("a")
    servers.right()
    settled(one)
    for kind in KINDS:
        client.delete(*kind, namespace, "a")
    servers.right(30)
    settled(one)
    labels = {"labels": {"app.kubernetes.io/component": "theirs", "their": "own"}}
    for kind in KINDS:
        client.request("PATCH", servers.path(kind, "a"), what="edit", body=MergePatch({"metadata": labels}))

    def restored(kind):
        found = client.get(*kind, namespace, "a")["metadata"]["labels"]
        return (found.get("app.kubernetes.io/component"), found.get("their")) == ("mcp-server", "own")

    cluster.until("our labels are ours again, and theirs are left", lambda: all(map(restored, KINDS)))


def test_an_autoscaler_takes_over_as_many_replicas_as_there_are(one, servers, client, namespace):
    servers.apply("a", **NOWHERE, replicas=4)
    cluster.until("there are four", lambda: _replicas(client, namespace) == 4)
    servers.apply("a", **NOWHERE, replicas=4, hpa=SCALED)
    seen = set()

    def scaled():
        seen.add(_replicas(client, namespace))
        return client.find(*HPA, namespace, "a")

    cluster.until("there is an autoscaler", scaled)
    settled(one)
    seen.add(_replicas(client, namespace))
    assert seen == {4}
    # It is the autoscaler's number from here on: as its controller does, without a word from us.
    scale = {"spec": {"replicas": 6}}
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments/a/scale"
    client.request("PATCH", path, what="scale", body=MergePatch(scale))
    servers.apply("a", **NOWHERE, replicas=4, hpa={**SCALED, "maxReplicas": 8})
    cluster.until("it is changed", lambda: client.get(*HPA, namespace, "a")["spec"]["maxReplicas"] == 8)
    settled(one)
    assert _replicas(client, namespace) == 6

    servers.apply("a", **NOWHERE, replicas=5)
    cluster.until("the autoscaler is gone", lambda: client.find(*HPA, namespace, "a") is None)
    cluster.until("there are five", lambda: _replicas(client, namespace) == 5)


def test_a_restart_with_nothing_changed_writes_nothing_and_runs_nothing(start, servers, proxy, by_proxy):
    first = start(leader_elect=False)
    for number in range(10):
        servers.apply(f"s{number}")
    servers.right()
    settled(first, NO_MORE)
    cluster.until("every status says the last of it", lambda: servers.ready() == 10, 10)
    # It is noted on them a moment after the run; who is killed before that makes one run more.
    cluster.until("it is noted on each what was reconciled", lambda: servers.noted() == 10, 10)
    first.kill()
    before = servers.versions()
    second = start(kubeconfig=by_proxy, leader_elect=False)
    assert settled(second, 2 * NO_MORE, least=0) == 0
    assert servers.versions() == before

    # It knows of which manifests the objects were made, too.
    servers.apply("s3", image="registry.example.com/server:1")
    servers.right()
    settled(second)
    assert ["/deployments/s3?" in line for line in calls(proxy, "s3?")] == [True]


def test_a_finalizer_deletes_what_was_made(start, servers, client, namespace, tmp_path):
    text = (cluster.ROOT / "watches.yaml").read_text()
    lines = [line.replace("  # ", "  ", 1) if _is_finalizer(line) else line for line in text.splitlines()]
    watches = tmp_path / "finalized.yaml"
    watches.write_text("\n".join(lines))
    one = start(leader_elect=False, watches=watches)
    servers.apply("a")
    servers.right()
    settled(one)
    found = client.get("mcp.mcp-operator.io/v1", "MCPServer", namespace, "a")
    assert found["metadata"]["finalizers"] == ["mcp.mcp-operator.io/finalizer"]
    body = {"propagationPolicy": "Orphan"}
    client.request("DELETE", servers.path(("mcp.mcp-operator.io/v1", "MCPServer"), "a"), what="delete", body=body)
    cluster.until("all of it is gone", lambda: all(servers.child(kind, "a") is None for kind in KINDS))


def _is_finalizer(line):
    return line.startswith(("  # finalizer:", "  #   name: mcp", "  #   playbook:"))


def _replicas(client, namespace):
    found = client.find("apps/v1", "Deployment", namespace, "a")
    return found["spec"]["replicas"] if found else None
