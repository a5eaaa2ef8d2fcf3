# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The playbook deploy and the operator write the same status for the same objects."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _rollout_waiter
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._cluster_snapshot import snapshot
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._settings import Settings

from ..fake_workload import GOOD, SERVER, bad

KEY = ("team", "wiki")
# What only the operator knows, and when the one or the other looked.
OPERATORS = frozenset({"proof", "attempts", "lastAttemptTime", "lastValidated", "results"})
REPORT = {"reached": True, "resources": None, "prompts": None}


class Client:
    """The API server that the operator's store is a copy of."""

    def __init__(self, cluster):
        store = cluster.store
        sources = {
            "MCPServer": SERVER.watch,
            "Deployment": cluster.deployments,
            "ReplicaSet": cluster.replica_sets,
            "Pod": cluster.pods,
        }
        self.objects = {kind: [dict(store.get(key)) for key in store.keys(watch)] for kind, watch in sources.items()}
        # Before anything was observed.
        self.objects["MCPServer"] = [{**item, "status": {}} for item in self.objects["MCPServer"]]
        self.written = []

    def list(self, _api_version, kind, _namespace, **_selectors):
        return iter(self.objects.get(kind, ()))

    def apply(self, manifest, **_how):
        self.written.append(manifest["status"])


def deploy(cluster, monkeypatch):
    """Return the status that deploy writes last."""
    client = Client(cluster)
    settings = Settings(
        # The operator gives up these old Pods, too.
        wait_timeout=0,
        check_timeout=5,
        may_write=lambda _namespace: True,
        has_operator=lambda _namespace: False,
        check=False,
        report=lambda _line: None,
    )

    def probe(_client, _server, pod, _timeout):
        return {**cluster.answer, **REPORT, "pod": pod["metadata"]["name"]}

    monkeypatch.setattr(_rollout_waiter, "probe_by_port_forward", probe)
    with ThreadPoolExecutor(1) as pool:
        waiter = _rollout_waiter.RolloutWaiter(client, KEY, settings, pool)
        seen = snapshot(client, [KEY], {})
        for waited in range(5):
            if waiter.step(seen, waited) is not None:
                return client.written[-1]
            for check in waiter._checks:
                check.exception()
    raise AssertionError(client.written)


def content(status):
    """Return what a status says, without when it was found out."""
    times = ("lastTransitionTime", "observedGeneration")
    conditions = [{name: entry[name] for name in entry if name not in times} for entry in status["conditions"]]
    validation = {name: value for name, value in status["validation"].items() if name not in OPERATORS}
    resolved = {name: value for name, value in status.get("resolvedTransport", {}).items() if "Time" not in name}
    kept = {name: value for name, value in status.items() if name != "lastReconcileTime"}
    return {**kept, "conditions": conditions, "validation": validation, "resolvedTransport": resolved}


def crashing(name, field):
    ended = {"terminated": {"exitCode": 3, "message": "no database"}}
    state = {"state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": ended, "restartCount": 4}
    return {"ready": False, field: [{"name": name, **state}]}


@pytest.mark.parametrize(
    ("spec", "pod", "answer", "phase"),
    [
        ({}, {}, GOOD, "Running"),
        ({}, {}, bad(), "Running"),
        ({"validation": {"enabled": False}}, {}, GOOD, "Running"),
        ({"service": {"targetPort": "web"}}, {}, GOOD, "Failed"),
        ({}, crashing("mcp-server", "containerStatuses"), GOOD, "Failed"),
        ({}, crashing("fetch", "initContainerStatuses"), GOOD, "Failed"),
        ({"transport": {"type": "stdio"}}, crashing("mcp-server", "containerStatuses"), GOOD, "Failed"),
    ],
    ids=["passes", "fails", "is not validated", "unresolved port", "crashes", "init container crashes", "stdio"],
)
def test_both_write_the_same_status(cluster, monkeypatch, spec, pod, answer, phase):
    cluster.answer = answer
    cluster.create(**spec)
    cluster.pod(**pod)
    cluster.deploy(ready=int(pod.get("ready", True)))
    cluster.rests()
    assert cluster.status()["phase"] == phase
    assert content(deploy(cluster, monkeypatch)) == content(cluster.status())


def test_both_ignore_a_pod_of_another_owner(cluster, monkeypatch):
    cluster.create()
    cluster.pod("stranger", template=9, ready=False, containerStatuses=[{"name": "mcp-server", "restartCount": 9}])
    cluster.pod()
    cluster.deploy(ready=1)
    cluster.rests()
    assert cluster.is_in("Running", "Validated")
    assert content(deploy(cluster, monkeypatch)) == content(cluster.status())
