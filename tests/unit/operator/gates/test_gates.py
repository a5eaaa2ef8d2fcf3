# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which gates are opened and closed, and when an earlier template is asked for."""

from __future__ import annotations

import pytest
from mcp_operator.cluster.store import Key

from ..fake_workload import GOOD, SERVER, bad
from ..gates_and_jobs import GATE
from ..validation.conftest import owner, request

STRICT = {"strictMode": True}
AUTH = {**GOOD, "compliant": None, "requires_auth": True, "transport": None, "protocol_version": None}
QUICK = {"periodSeconds": 0.02, "failureThreshold": 2}


@pytest.fixture
def strict(cluster):
    """A cluster with a strict MCPServer whose one Pod is about to be asked."""

    def make(*, mark="t1", **validation):
        cluster.create(validation={**STRICT, **validation})
        cluster.deploy(mark=mark)
        cluster.ran()
        cluster.pod(gated=True)
        return cluster

    return make


def proved(cluster, **deployed):
    cluster.until(lambda: cluster.gate_of() is True)
    cluster.deploy(mark="t1", ready=1, **deployed)
    cluster.becomes("Running", "Validated")
    cluster.rests()


def test_a_gate_opens_for_the_container_that_has_passed(strict):
    cluster = strict()
    cluster.until(lambda: cluster.gate_of() is True)
    (gate,) = cluster.gates
    assert gate["reason"] == "Validated"
    assert gate["message"].startswith("c1 of sha256:1: The server speaks MCP 2024-11-05")
    assert not cluster.is_in("Running")
    proved(cluster)
    assert cluster.status()["provedTemplate"] == "t1"
    cluster.until(lambda: cluster.kept == ["wiki-t1"])


def test_a_gate_opens_as_soon_as_its_container_runs_and_the_status_waits_until_it_is_ready(cluster):
    cluster.create(validation=STRICT)
    cluster.deploy(mark="t1")
    cluster.ran()
    cluster.pod(gated=True, ready=False)
    cluster.until(lambda: cluster.gate_of() is True)
    cluster.rests()
    assert cluster.status()["validation"]["state"] == "Pending"
    count = len(cluster.asked)
    cluster.pod(gated=True, conditions=cluster.gates, gateIsOurs=True)
    proved(cluster)
    assert len(cluster.asked) == count


def test_what_a_container_says_before_it_is_ready_closes_nothing(cluster):
    cluster.answer = bad()
    cluster.create(validation=STRICT)
    cluster.deploy(mark="t1")
    cluster.ran()
    cluster.pod(gated=True, ready=False)
    cluster.until(lambda: len(cluster.asked) > 1)
    cluster.rests()
    assert (cluster.gate_of(), cluster.is_in("ValidationFailed")) == (None, False)
    cluster.answer = GOOD
    cluster.pod(gated=True)
    proved(cluster)


def test_a_server_that_starts_a_process_for_each_session_is_not_probed_before_it_is_ready(cluster):
    transport = {"type": "stdio", "config": {"stdio": {"mode": "session"}}}
    cluster.create(validation=STRICT, transport=transport)
    cluster.deploy(mark="t1")
    cluster.ran()
    cluster.pod(gated=True, ready=False)
    cluster.rests()
    assert cluster.asked == []


def test_one_that_fails_stays_shut(strict, cluster):
    cluster.answer = bad()
    strict()
    cluster.becomes("ValidationFailed", "Failed")
    cluster.until(lambda: cluster.gate_of() is False)
    assert "NOT_MCP" in cluster.gates[0]["message"]
    assert "rollback" not in cluster.status()


def test_another_container_is_shut_before_it_is_asked(strict):
    cluster = strict()
    proved(cluster)
    cluster.gate.clear()
    (condition,) = cluster.gates
    cluster.pod(gated=True, container="c2", conditions=[condition], gateIsOurs=True)
    cluster.until(lambda: cluster.gate_of() is False)
    assert cluster.gates[-1]["reason"] == "Unproven"
    cluster.gate.set()
    cluster.until(lambda: cluster.gate_of() is True)


def test_a_container_that_has_ended_is_shut(strict):
    cluster = strict()
    proved(cluster)
    cluster.gate.clear()
    key = Key(cluster.pods, "team", "wiki-a")
    pod = cluster.store.get(key)
    (container,) = pod["status"]["containerStatuses"]
    ended = [{**container, "ready": False, "state": {"terminated": {"exitCode": 1}}}]
    cluster.put(key, {**pod, "status": {**pod["status"], "containerStatuses": ended}})
    cluster.until(lambda: cluster.gate_of() is False)


def test_a_gate_that_another_client_opens_is_closed_until_the_pod_is_validated(cluster):
    cluster.gate.clear()
    cluster.create(validation=STRICT)
    cluster.deploy(mark="t1")
    cluster.pod(gated=True, conditions=[{"type": GATE, "status": "True"}])
    cluster.until(lambda: cluster.gate_of() is False)
    assert cluster.gates[-1]["reason"] == "SetByAnother"
    cluster.gate.set()
    cluster.until(lambda: cluster.gate_of() is True)


def test_what_is_not_written_is_written_later(strict, cluster):
    cluster.gate.clear()
    strict()
    cluster.until(lambda: cluster.asked)
    cluster.down = True
    cluster.gate.set()
    cluster.rests()
    assert cluster.gates == []
    cluster.down = False
    cluster.until(lambda: cluster.gate_of() is True)


def test_a_restart_of_the_operator_leaves_open_gates_alone(strict):
    cluster = strict()
    proved(cluster)
    written = len(cluster.gates)
    cluster.gate.clear()
    cluster.restart()
    cluster.rests(0.5)
    assert (len(cluster.gates), cluster.gate_of()) == (written, True)


def test_one_that_goes_bad_is_shut_and_comes_back(strict):
    cluster = strict(probe=QUICK, onFailure="remove")
    proved(cluster)
    cluster.answer = bad()
    cluster.until(lambda: cluster.gate_of() is False)
    cluster.becomes("ValidationFailed", "Failed")
    cluster.answer = GOOD
    cluster.until(lambda: cluster.gate_of() is True)


def test_that_one_cannot_be_reached_shuts_no_gate(strict):
    cluster = strict(probe=QUICK, onFailure="remove")
    proved(cluster)
    asked = len(cluster.asked)
    cluster.answer = bad("CONNECT_FAILED")
    cluster.until(lambda: len(cluster.asked) > asked + 5)
    assert cluster.gate_of() is True
    assert cluster.is_in("Running", "Validated")


def test_the_last_one_stays_open_and_the_status_says_so(strict):
    cluster = strict(probe=QUICK)
    proved(cluster)
    cluster.answer = bad()
    cluster.until(lambda: cluster.condition("Degraded")["reason"] == "LastPodKept")
    assert cluster.gate_of() is True


def test_a_light_probe_lists_nothing_and_changes_nothing(strict):
    cluster = strict(probe=QUICK)
    proved(cluster)
    cluster.until(lambda: any(request.light for request in cluster.asked))
    writes = len(cluster.writes)
    cluster.until(lambda: len(cluster.asked) > 6)
    assert len(cluster.writes) == writes


def test_credentials_keep_no_gate_shut_unless_something_is_required(strict, cluster):
    cluster.answer = AUTH
    strict()
    cluster.until(lambda: cluster.gate_of() is True)
    assert cluster.gates[-1]["reason"] == "AuthRequired"
    cluster.pod("b", gated=True, capabilities=["tools"])
    cluster.until(lambda: cluster.gate_of("b") is False)


def test_a_bad_update_asks_for_the_template_that_passed(strict):
    cluster = strict()
    proved(cluster)
    cluster.answer = bad()
    cluster.change(image="w:2")
    cluster.deploy(mark="t2", template=2, ready=1, pods=2, updatedReplicas=1)
    cluster.pod("b", template=2, gated=True)
    cluster.until(lambda: cluster.status().get("rollback", {}).get("active"))
    found = cluster.status()["rollback"]
    assert (found["template"], found["to"], found["reason"]) == ("t2", "t1", "ValidationFailed")
    assert "retryTime" not in found
    cluster.until(lambda: any(event.get("reason") == "RolledBack" for event in cluster.events))
    cluster.deploy(mark="t1", template=3, rolled_back="t2", ready=1)
    cluster.remove_pod("b")
    cluster.pod(template=3, gated=True)
    cluster.until(lambda: cluster.condition("Ready")["reason"] == "RolledBack")
    assert cluster.status()["phase"] == "ValidationFailed"
    assert cluster.status()["validation"]["validatedGeneration"] == 1
    assert cluster.condition("Available")["status"] == "True"
    # Another template is tried at once.
    cluster.answer = GOOD
    cluster.change(image="w:3")
    cluster.deploy(mark="t3", template=4, ready=1)
    cluster.pod("c", template=4, gated=True)
    cluster.becomes("Running", "Validated")
    assert "rollback" not in cluster.status()
    assert cluster.status()["provedTemplate"] == "t3"


def test_an_update_that_never_starts_is_tried_again_later(strict):
    cluster = strict(deadlineSeconds=1)
    proved(cluster)
    cluster.change(image="w:2")
    cluster.deploy(mark="t2", template=2, ready=1, pods=2, updatedReplicas=1)
    cluster.until(lambda: cluster.status().get("rollback", {}).get("active"))
    found = cluster.status()["rollback"]
    assert found["reason"] == "DeadlineExceeded"
    assert found["retryTime"] > found["time"]


def test_an_update_is_not_rolled_back_while_its_pod_waits_for_a_probe(strict):
    cluster = strict(deadlineSeconds=20, interval=0, probe={"periodSeconds": 0})
    proved(cluster)
    cluster.answer = bad("TIMEOUT")
    cluster.gate.clear()
    for number in range(40):
        cluster.controller._scheduler.set_requests(owner(number), [request(number)])
    cluster.holds(32)
    cluster.change(image="w:2")
    cluster.deploy(mark="t2", template=2, ready=1, pods=2, updatedReplicas=1)
    cluster.pod("b", template=2, gated=True)
    end = cluster.clock.now() + 200
    cluster.until(lambda: cluster.clock.now() >= end)
    assert "rollback" not in cluster.status()
    cluster.gate.set()
    cluster.until(lambda: cluster.status().get("rollback", {}).get("active"))
    assert cluster.status()["rollback"]["reason"] == "DeadlineExceeded"
    assert cluster.clock.now() >= end + 20


BY = 'by "kubectl-annotate" at 2026-01-01T00:00:00Z.'


def test_a_request_to_revalidate_tries_a_failed_template_again(strict, caplog):
    caplog.set_level("INFO")
    cluster = strict()
    proved(cluster)
    cluster.answer = bad()
    cluster.change(image="w:2")
    cluster.deploy(mark="t2", template=2, ready=1, pods=2, updatedReplicas=1)
    cluster.pod("b", template=2, gated=True)
    cluster.until(lambda: cluster.status().get("rollback", {}).get("active"))
    server = cluster.server()
    meta = {**server["metadata"], "annotations": {"mcp.mcp-operator.io/revalidate": "now"}}
    changed = {"revalidate": ["kubectl-annotate", "2026-01-01T00:00:00Z"]}
    cluster.put(SERVER, {**server, "metadata": meta, "changedBy": changed})
    # It fails again at once, here.
    cluster.until(lambda: cluster.status()["rollback"]["tries"] == 2)
    cluster.until(lambda: any(event.get("note") == f"Validation was requested {BY}" for event in cluster.events))
    cluster.until(lambda: f"MCPServer team/wiki: RevalidationRequested: Validation was requested {BY}" in caplog.text)


def test_nothing_is_rolled_back_where_the_manifest_says_never(strict):
    cluster = strict(rollback="never")
    proved(cluster)
    cluster.answer = bad()
    cluster.change(image="w:2")
    cluster.deploy(mark="t2", template=2, ready=1, pods=2, updatedReplicas=1)
    cluster.pod("b", template=2, gated=True)
    cluster.becomes("ValidationFailed", "Failed")
    assert "rollback" not in cluster.status()
