# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A canary as the status controller sees it: what is validated, which step follows, and how it ends."""

from __future__ import annotations

import collections

import pytest
from mcp_operator._vendor._workload.canary_analysis import Calls
from mcp_operator.cluster.store import Key

from ..fake_workload import GOOD, SERVER, bad
from ..gates_and_jobs import LABELS

STEPS = [{"weight": 10, "pause": "5m"}, {"weight": 50, "pause": "5m"}]
SPEC = {"validation": {"strictMode": True}, "rollout": {"strategy": "canary", "steps": STEPS}, "replicas": 1}
CANARY = {**LABELS, "app.kubernetes.io/instance": "wiki", "mcp.mcp-operator.io/canary": "true"}
ROLLOUT = "mcp.mcp-operator.io/rollout"


def deploy_canary(cluster, *, mark="t2", desired=1, ready=0, owner="uid-wiki"):
    """Let the Deployment of the canary, and its ReplicaSet, be as they are after a while."""
    revision = {"deployment.kubernetes.io/revision": "1"}
    controller = {"controller": True, "uid": owner, "kind": "MCPServer", "name": "wiki"}
    meta = {"uid": "uid-canary", "generation": 1, "labels": CANARY, "annotations": revision}
    status = {
        "replicas": desired,
        "updatedReplicas": desired,
        "readyReplicas": ready,
        "availableReplicas": ready,
        "observedGeneration": 1,
    }
    place = Key(cluster.deployments, "team", "wiki-canary")
    meta["ownerReferences"] = [controller]
    cluster.put(place, {"metadata": meta, "spec": {"replicas": desired}, "status": status})
    of_deployment = {"controller": True, "uid": "uid-canary", "kind": "Deployment", "name": "wiki-canary"}
    labels = {**CANARY, "mcp.mcp-operator.io/template": mark}
    meta = {"uid": "uid-rs-canary", "labels": labels, "annotations": revision, "ownerReferences": [of_deployment]}
    cluster.put(Key(cluster.replica_sets, "team", "wiki-canary"), {"metadata": meta})


def delete_canary(cluster):
    cluster.store.remove(Key(cluster.deployments, "team", "wiki-canary"))
    cluster.remove_pod("b")


def annotate(cluster, value):
    item = cluster.server()
    cluster.put(SERVER, {**item, "metadata": {**item["metadata"], "annotations": {ROLLOUT: value}}})


@pytest.fixture
def tried(cluster):
    """A cluster whose MCPServer has a stable Pod, and a canary whose Pod is about to be validated."""

    def make(answer=GOOD, **spec):
        cluster.create(**{**SPEC, **spec})
        cluster.deploy(mark="t1")
        cluster.ran()
        cluster.pod(gated=True)
        cluster.until(lambda: cluster.gate_of() is True)
        cluster.deploy(mark="t1", ready=1)
        cluster.becomes("Running", "Validated")
        cluster.rests()
        assert phase(cluster) == "Stable"
        cluster.answer = lambda request: answer if request.pod == "wiki-b" else GOOD
        cluster.change(image="w:2")
        cluster.deploy(mark="t1", tried="t2", ready=1)
        cluster.ran()
        deploy_canary(cluster)
        cluster.pod("b", template="canary", gated=True, container="c2", address="10.244.0.10")
        return cluster

    return make


@pytest.fixture
def paused(tried):
    cluster = tried()
    cluster.until(lambda: cluster.gate_of("b") is True)
    deploy_canary(cluster, ready=1)
    cluster.until(lambda: phase(cluster) == "Paused")
    return cluster


def phase(cluster):
    return (cluster.status().get("rollout") or {}).get("phase")


def reasons(cluster):
    return [event["reason"] for event in cluster.events if "reason" in event]


def test_a_canary_gets_traffic_once_it_passes_and_the_stable_pod_keeps_it(paused):
    status = paused.status()
    assert (paused.gate_of(), paused.gate_of("b")) == (True, True)
    assert status["phase"] == "Updating"
    assert status["message"].startswith("Canary: Step 1 of 2: 1 of 2 Pods have the new template")
    assert (status["replicas"], status["readyReplicas"], status["provedTemplate"]) == (2, 2, "t1")
    assert status["rollout"]["canaryRevision"] == "t2"
    assert status["validation"]["state"] == "Validated"
    assert (paused.condition("Ready")["status"], paused.condition("Available")["status"]) == ("False", "True")
    assert paused.condition("CanaryProgressing")["reason"] == "Paused"
    assert "CanaryStarted" in reasons(paused)


def test_a_template_that_passes_all_steps_is_promoted(paused):
    paused.until(lambda: phase(paused) == "Promoting")
    assert paused.status()["provedTemplate"] == "t1"
    paused.deploy(mark="t2", template=2, ready=1, pods=2, updatedReplicas=1)
    paused.pod("c", template=2, gated=True, container="c3", address="10.244.0.11")
    paused.until(lambda: paused.gate_of("c") is True)
    paused.rests()
    assert phase(paused) == "Promoting"
    paused.remove_pod("a")
    paused.deploy(mark="t2", template=2, ready=1)
    paused.until(lambda: phase(paused) == "Stable")
    assert paused.status()["provedTemplate"] == "t2"
    paused.until(lambda: "wiki-t2" in paused.kept)
    delete_canary(paused)
    paused.becomes("Running", "Validated")
    expected = ["CanaryStarted", "CanaryStep", "CanaryStep", "CanaryPromoted"]
    paused.until(lambda: [reason for reason in reasons(paused) if reason.startswith("Canary")] == expected)


def test_one_that_fails_is_rolled_back_and_the_stable_pod_is_left_alone(tried):
    cluster = tried(bad())
    cluster.becomes("ValidationFailed", "Failed")
    cluster.rests()
    status = cluster.status()
    assert (status["rollback"]["template"], status["rollback"]["to"]) == ("t2", "t1")
    assert "retryTime" not in status["rollback"]
    assert phase(cluster) == "Aborted"
    assert (cluster.gate_of(), cluster.gate_of("b")) == (True, False)
    cluster.deploy(mark="t1", rolled_back="t2", ready=1)
    delete_canary(cluster)
    cluster.rests()
    assert cluster.is_in("ValidationFailed", "Failed")
    assert cluster.condition("Ready")["reason"] == "RolledBack"
    assert cluster.condition("CanaryProgressing")["reason"] == "Aborted"
    assert "RolledBack" in reasons(cluster)
    # Hours later, too.
    cluster.clock.step(7200)
    cluster.rests()
    assert phase(cluster) == "Aborted"


def test_the_run_may_delete_the_canary_before_it_changes_the_stable_deployment(tried):
    cluster = tried(bad())
    cluster.becomes("ValidationFailed", "Failed")
    delete_canary(cluster)
    cluster.rests()
    assert cluster.status()["rollback"]["template"] == "t2"


def test_one_whose_pods_never_start_is_rolled_back_after_its_deadline(tried):
    cluster = tried(validation={"strictMode": True, "deadlineSeconds": 20})
    cluster.until(lambda: cluster.gate_of("b") is True)
    # Its Deployment never has an available Pod, and the Pod does not stay ready.
    cluster.pod("b", template="canary", gated=True, container="c2", ready=False, address="")
    cluster.until(lambda: phase(cluster) == "Aborted")
    assert cluster.status()["rollback"]["reason"] == "DeadlineExceeded"
    assert "retryTime" not in cluster.status()["rollback"]


def test_a_pod_that_turns_bad_during_a_pause_ends_the_canary(paused):
    paused.answer = lambda request: bad() if request.pod == "wiki-b" else GOOD
    paused.pod("b", template="canary", gated=True, container="restarted", address="10.244.0.10")
    paused.becomes("ValidationFailed", "Failed")
    assert phase(paused) == "Aborted"
    assert paused.gate_of() is True


def test_an_operator_that_starts_during_a_pause_waits_for_the_rest_of_it(paused):
    paused.clock.step(200)
    before = paused.status()["rollout"]
    paused.restart()
    paused.rests()
    assert paused.status()["rollout"] == before
    paused.clock.step(101)
    paused.until(lambda: paused.status()["rollout"]["step"] == 2)


def test_a_user_aborts_a_canary(paused):
    annotate(paused, "abort")
    paused.until(lambda: phase(paused) == "Aborted")
    status = paused.status()
    assert status["rollback"]["reason"] == "CanaryAborted"
    assert status["rollback"]["active"]
    assert [issue["code"] for issue in status["validation"]["issues"]] == ["CANARY_ABORTED"]
    assert status["phase"] == "ValidationFailed"
    assert ROLLOUT in status["message"]


def test_a_user_pauses_and_promotes_a_canary(paused):
    annotate(paused, "pause")
    paused.until(lambda: paused.status()["rollout"].get("paused"))
    paused.clock.step(10_000)
    paused.rests()
    assert phase(paused) == "Paused"
    annotate(paused, "promote")
    paused.until(lambda: paused.status()["rollout"]["step"] == 2)


def test_another_manifest_in_the_middle_is_tried_next_to_the_same_stable_template(paused):
    paused.change(image="w:3")
    paused.deploy(mark="t1", tried="t3", ready=1)
    deploy_canary(paused, mark="t3")
    paused.until(lambda: paused.status()["rollout"]["canaryRevision"] == "t3")
    rollout = paused.status()["rollout"]
    assert (rollout["phase"], rollout["step"], rollout["stableRevision"]) == ("Progressing", 1, "t1")


def test_a_deployment_of_another_mcpserver_is_no_canary(cluster):
    cluster.create(**SPEC)
    cluster.deploy(mark="t1")
    cluster.ran()
    deploy_canary(cluster, owner="uid of wiki-canary", ready=1)
    cluster.pod(gated=True)
    cluster.until(lambda: cluster.gate_of() is True)
    cluster.deploy(mark="t1", ready=1)
    cluster.becomes("Running", "Validated")
    assert cluster.status()["replicas"] == 1


def test_a_deleted_mcpserver_is_terminating_whatever_its_canary_does(paused):
    item = paused.server()
    meta = {**item["metadata"], "deletionTimestamp": "2026-01-01T00:00:00Z"}
    paused.put(SERVER, {**item, "metadata": meta})
    paused.until(lambda: paused.is_in("Terminating"))


def test_a_stable_deployment_that_is_deleted_ends_no_canary(paused):
    paused.store.remove(Key(paused.deployments, "team", "wiki"))
    paused.remove_pod("a")
    paused.rests()
    rollout = paused.status()["rollout"]
    assert (rollout["phase"], rollout["canaryRevision"], rollout["stableRevision"]) == ("Paused", "t2", "t1")


def test_the_tool_is_called_in_the_canary_and_not_again_in_the_stable_pod(tried):
    call = {"name": "search", "arguments": {}}
    cluster = tried(validation={"strictMode": True, "toolCall": call})
    cluster.until(lambda: cluster.gate_of("b") is True)
    called = [one.pod for one in cluster.asked if one.spec.tool_call]
    assert called == ["wiki-a", "wiki-b"]


ANALYZED = {
    "metrics": {"enabled": True},
    "rollout": {"strategy": "canary", "steps": STEPS, "analysis": {"minCalls": 10}},
}


@pytest.fixture
def analyzed(cluster, tried):
    """The same with an analysis, whose canary fails as many of its calls as the test says."""
    calls = collections.defaultdict(Calls)
    cluster.controller._measurements._read = lambda address, _port: {"": calls[address]}
    found = tried(**ANALYZED)
    found.until(lambda: found.gate_of("b") is True)
    deploy_canary(found, ready=1)
    found.until(lambda: phase(found) == "Paused")
    return found, calls


def test_a_canary_whose_calls_fail_is_rolled_back(analyzed):
    cluster, calls = analyzed
    cluster.clock.step(20)
    cluster.rests()
    calls["10.244.0.10"] = Calls(10, 5, 10, 1)
    cluster.until(lambda: phase(cluster) == "Aborted")
    status = cluster.status()
    assert status["rollback"]["reason"] == "CanaryAnalysisFailed"
    assert [issue["code"] for issue in status["validation"]["issues"]] == ["CANARY_ANALYSIS_FAILED"]
    assert "fails 50.0% of 10 calls" in status["message"]
    assert status["phase"] == "ValidationFailed"


def test_a_canary_without_calls_waits_after_its_pause(analyzed):
    cluster, calls = analyzed
    cluster.clock.step(400)
    cluster.until(lambda: cluster.status()["rollout"].get("analysis") == "Inconclusive")
    assert (phase(cluster), cluster.status()["rollout"]["step"]) == ("Paused", 1)
    cluster.until(lambda: "CanaryInconclusive" in reasons(cluster))
    assert "fewer than 10 tool calls" in cluster.condition("CanaryProgressing")["message"]
    calls["10.244.0.10"] = Calls(10, 0, 10, 1)
    cluster.until(lambda: cluster.status()["rollout"]["step"] == 2)
