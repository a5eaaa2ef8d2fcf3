# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the status says, and which gates open, while Argo Rollouts replaces the Pods."""

from __future__ import annotations

import pytest
from mcp_operator.cluster.store import Key

from ..fake_workload import GOOD, bad
from ..gates_and_jobs import LABELS

SPEC = {"validation": {"strictMode": True, "deadlineSeconds": 60}, "rollout": {"managedBy": "argo-rollouts"}}
REFERENCE = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "wiki"}


def rollout(cluster, current, phase, *, ready, updated=1, message=""):
    """Let the Rollout, and the ReplicaSet of its newest template, be as they are after a while."""
    generation = str(cluster.server()["metadata"]["generation"])
    status = {
        "phase": phase,
        "message": message,
        "currentPodHash": current,
        "replicas": max(ready, updated),
        "updatedReplicas": updated,
        "readyReplicas": ready,
        "availableReplicas": ready,
        "observedGeneration": "1",
        "workloadObservedGeneration": generation,
    }
    spec = {"replicas": 1, "workloadRef": REFERENCE}
    place = Key(cluster.rollouts, "team", "wiki")
    cluster.put(place, {"metadata": {"uid": "uid-rollout", "generation": 1}, "spec": spec, "status": status})
    owner = {"controller": True, "uid": "uid-rollout", "kind": "Rollout", "name": "wiki"}
    labels = {**LABELS, "mcp.mcp-operator.io/template": current, "rollouts-pod-template-hash": current}
    meta = {"uid": f"uid-rs-{current}", "labels": labels, "ownerReferences": [owner]}
    cluster.put(Key(cluster.replica_sets, "team", f"wiki-{current}"), {"metadata": meta})


@pytest.fixture
def serving(cluster):
    """A cluster whose MCPServer has one Pod of a Rollout, which serves."""
    cluster.create(**SPEC)
    cluster.deploy(mark="t1", desired=0)
    cluster.ran()
    rollout(cluster, "t1", "Progressing", ready=0)
    cluster.pod("a", template="t1", gated=True)
    cluster.until(lambda: cluster.gate_of("a") is True)
    rollout(cluster, "t1", "Healthy", ready=1)
    cluster.becomes("Running", "Validated")
    return cluster


def test_a_pod_of_the_rollout_serves_once_it_passes(serving):
    status = serving.status()
    assert (status["replicas"], status["readyReplicas"]) == (1, 1)
    assert (status["rollout"]["phase"], status["rollout"]["message"]) == ("Stable", "Argo Rollouts: Healthy")
    assert serving.condition("CanaryProgressing")["status"] == "False"
    assert serving.condition("Ready")["status"] == "True"


def test_the_status_says_what_the_rollout_waits_for(serving):
    serving.change(image="w:2")
    serving.deploy(mark="t2", desired=0, template=2)
    serving.ran()
    rollout(serving, "t2", "Paused", ready=2, message="CanaryPauseStep")
    serving.pod("b", template="t2", gated=True, container="c2", address="10.244.0.10")
    serving.until(lambda: serving.gate_of("b") is True)
    serving.until(lambda: (serving.status().get("rollout") or {}).get("phase") == "Paused")
    status = serving.status()
    assert status["phase"] == "Updating"
    assert status["message"].startswith("Argo Rollouts: Paused: CanaryPauseStep, 2/1 ready")
    assert serving.condition("CanaryProgressing")["status"] == "True"


def test_a_template_that_fails_is_left_to_the_rollout(serving):
    serving.answer = lambda request: bad() if request.pod == "wiki-b" else GOOD
    serving.change(image="w:2")
    serving.deploy(mark="t2", desired=0, template=2)
    serving.ran()
    rollout(serving, "t2", "Progressing", ready=1)
    serving.pod("b", template="t2", gated=True, container="c2", address="10.244.0.10")
    serving.becomes("ValidationFailed", "Failed")
    serving.rests()
    assert (serving.gate_of("a"), serving.gate_of("b")) == (True, False)
    assert "rollback" not in serving.status()
    serving.remove_pod("b")
    rollout(serving, "t2", "Degraded", ready=1, updated=0, message="RolloutAborted")
    serving.until(lambda: serving.status()["rollout"]["phase"] == "Aborted")
    assert serving.condition("Ready")["status"] == "False"
    assert serving.condition("Available")["status"] == "True"
    assert "rollback" not in serving.status()
