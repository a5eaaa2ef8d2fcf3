# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which Pods are the MCPServer's while Argo Rollouts or Flagger replaces them."""

from __future__ import annotations

import itertools

import pytest
from mcp_operator._vendor._workload.names import TEMPLATE_LABEL
from mcp_operator.cluster.store import Key, Store
from mcp_operator.rollouts.managed import managed_update
from mcp_operator.workloads.lister import SourceIds, WorkloadLister

IDS = SourceIds(*(f"source-{name}" for name in SourceIds._fields))
VERSIONS = itertools.count(1)
KEY = Key(IDS.servers, "team", "wiki")
READY = {"conditions": [{"type": "Ready", "status": "True"}]}


def server(manager, status=None):
    return {
        "metadata": {"name": "wiki", "namespace": "team", "uid": "u-server"},
        "spec": {"rollout": {"managedBy": manager}},
        "status": status or {},
    }


def ref(kind, name, uid):
    return [{"kind": kind, "name": name, "uid": uid, "controller": True}]


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def lister(store):
    return WorkloadLister(store, IDS)


def put(store, source, name, *, owners=(), labels=None, annotations=None, **fields):
    uid = f"u-{source}" if source in (IDS.rollouts, IDS.canaries) else f"u-{name}"
    meta = {"name": name, "namespace": "team", "uid": uid, "resourceVersion": str(next(VERSIONS)), "generation": 3}
    meta |= {"ownerReferences": list(owners), "labels": labels or {}, "annotations": annotations or {}}
    item = {"metadata": meta, "status": {}, **fields}
    store.put(Key(source, "team", name), item)
    return item


def deployment(store, replicas, revision="2"):
    counts = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), replicas)
    return put(
        store,
        IDS.deployments,
        "wiki",
        owners=ref("MCPServer", "wiki", "u-server"),
        annotations={"deployment.kubernetes.io/revision": revision},
        spec={"replicas": replicas},
        status={**counts, "observedGeneration": 3},
    )


def replica_set(store, name, owner, pods, *, template="t1", revision="1", desired="2", **labels):
    put(
        store,
        IDS.replica_sets,
        name,
        owners=owner,
        labels={TEMPLATE_LABEL: template, **labels},
        annotations={
            "deployment.kubernetes.io/revision": revision,
            "deployment.kubernetes.io/desired-replicas": desired,
        },
    )
    for pod in pods:
        put(store, IDS.pods, pod, owners=ref("ReplicaSet", name, f"u-{name}"), status=READY)


def rollout(store, *, scale_down="onsuccess", **status):
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "wiki"}
    spec = {"replicas": 2, "workloadRef": {**reference, **({"scaleDown": scale_down} if scale_down else {})}}
    seen = {"observedGeneration": "3", "workloadObservedGeneration": "3", **status}
    return put(store, IDS.rollouts, "wiki", spec=spec, status=seen)


def argo_set(store, name, pods, **labels):
    hashed = {"rollouts-pod-template-hash": name}
    replica_set(store, name, ref("Rollout", "wiki", f"u-{IDS.rollouts}"), pods, **hashed, **labels)


def canary(store, phase, **status):
    spec = {"targetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "wiki"}}
    return put(store, IDS.canaries, "wiki", spec=spec, status={"phase": phase, **status})


def primary_set(store, name, pods, **fields):
    replica_set(store, name, ref("Deployment", "wiki-primary", "u-primary"), pods, **fields)


def names(pods):
    return None if pods is None else [pod["metadata"]["name"] for pod in pods]


def of(lister, store, manager, status=None):
    found = store.get(Key(IDS.deployments, "team", "wiki"))
    return managed_update(lister, KEY, server(manager, status), found)


def test_the_pods_of_a_rollout_are_the_servers(lister, store):
    deployment(store, 0)
    rollout(store, currentPodHash="b", replicas=3, updatedReplicas=1, readyReplicas=3, availableReplicas=3)
    argo_set(store, "a", ["a1", "a2"], template="t1")
    argo_set(store, "b", ["b1"], template="t2")
    update, manager = of(lister, store, "argo-rollouts")
    assert names(update.pods.newest) == ["b1"]
    assert names(update.pods.older) == ["a1", "a2"]
    assert (update.template, update.rollout.desired, update.rollout.updated, update.rollout.ready) == ("t2", 2, 1, 3)
    assert update.rollout.observed
    assert not update.rollout.complete
    assert manager["metadata"]["name"] == "wiki"


def test_pods_of_the_deployment_count_until_it_is_scaled_down(lister, store):
    deployment(store, 1)
    replica_set(store, "own", ref("Deployment", "wiki", "u-wiki"), ["own1"], revision="2")
    rollout(store, currentPodHash="a", replicas=2, updatedReplicas=2, readyReplicas=2, availableReplicas=2)
    argo_set(store, "a", ["a1", "a2"])
    update, _ = of(lister, store, "argo-rollouts")
    assert names(update.pods.older) == ["own1"]
    assert (update.rollout.replicas, update.rollout.ready, update.rollout.complete) == (3, 3, False)
    deployment(store, 0)
    store.remove(Key(IDS.pods, "team", "own1"))
    assert of(lister, store, "argo-rollouts")[0].rollout.complete


@pytest.mark.parametrize("scale_down", ["never", ""])
def test_pods_of_a_deployment_that_is_never_scaled_down_remain(lister, store, scale_down):
    deployment(store, 1)
    replica_set(store, "own", ref("Deployment", "wiki", "u-wiki"), ["own1"], revision="2")
    counts = {"replicas": 2, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2}
    rollout(store, scale_down=scale_down, currentPodHash="a", **counts)
    argo_set(store, "a", ["a1", "a2"])
    update, _ = of(lister, store, "argo-rollouts")
    assert (names(update.pods.newest), names(update.pods.older)) == (["a1", "a2", "own1"], [])
    assert (update.rollout.desired, update.rollout.updated, update.rollout.complete) == (3, 3, True)
    # The Deployment has the next template, of which the Rollout has no Pods yet.
    replica_set(store, "next", ref("Deployment", "wiki", "u-wiki"), ["own2"], revision="3", template="t2")
    deployment(store, 1, revision="3")
    update, _ = of(lister, store, "argo-rollouts")
    assert (names(update.pods.newest), names(update.pods.older)) == (["a1", "a2"], ["own2", "own1"])
    assert not update.rollout.complete


@pytest.mark.parametrize(
    "status", [{"observedGeneration": "2"}, {"workloadObservedGeneration": "2"}, {"workloadObservedGeneration": ""}]
)
def test_a_rollout_that_has_not_seen_the_deployment_is_not_observed(lister, store, status):
    deployment(store, 0)
    rollout(store, **{"currentPodHash": "a", **status})
    assert not of(lister, store, "argo-rollouts")[0].rollout.observed


@pytest.mark.parametrize("reference", [{}, {"kind": "Deployment", "name": "other"}, {"kind": "Pod", "name": "wiki"}])
def test_a_rollout_of_something_else_is_none_of_the_server(lister, store, reference):
    deployment(store, 2)
    put(store, IDS.rollouts, "wiki", spec={"workloadRef": reference}, status={"currentPodHash": "a"})
    update, manager = of(lister, store, "argo-rollouts")
    assert manager is None
    assert update.rollout.complete


def test_until_the_primary_pods_serve_the_deployment_counts(lister, store):
    deployment(store, 2)
    replica_set(store, "own", ref("Deployment", "wiki", "u-wiki"), ["own1", "own2"], revision="2")
    canary(store, "Initializing")
    primary_set(store, "p", ["p1"])
    update, _ = of(lister, store, "flagger")
    assert names(update.pods.newest) == ["own1", "own2"]
    # These are validated meanwhile: Flagger waits until they are ready.
    assert names(update.pods.older) == ["p1"]
    assert update.rollout.complete


def test_the_primary_pods_are_the_servers(lister, store):
    deployment(store, 0)
    canary(store, "Initialized")
    primary_set(store, "p1", ["old"], revision="9")
    primary_set(store, "p2", ["one", "two"], revision="10")
    update, _ = of(lister, store, "flagger")
    assert names(update.pods.newest) == ["one", "two"]
    assert names(update.pods.older) == ["old"]
    assert (update.rollout.desired, update.rollout.replicas, update.rollout.updated) == (2, 3, 2)
    store.remove(Key(IDS.pods, "team", "old"))
    assert of(lister, store, "flagger")[0].rollout.complete


def test_while_flagger_tries_a_template_its_pods_are_the_newest(lister, store):
    deployment(store, 1)
    replica_set(store, "own", ref("Deployment", "wiki", "u-wiki"), ["new"], revision="2", template="t2")
    canary(store, "Progressing")
    primary_set(store, "p", ["one", "two"])
    update, _ = of(lister, store, "flagger")
    assert (names(update.pods.newest), names(update.pods.older), update.template) == (["new"], ["one", "two"], "t2")
    assert (update.rollout.desired, update.rollout.updated, update.rollout.complete) == (3, 1, False)


@pytest.mark.parametrize(("own", "serves"), [("t2", "t1"), ("t2", ""), ("", "t1")])
def test_until_flagger_sees_a_template_there_are_no_pods_of_it(lister, store, own, serves):
    deployment(store, 0)
    replica_set(store, "own", ref("Deployment", "wiki", "u-wiki"), [], revision="2", template=own)
    canary(store, "Succeeded")
    primary_set(store, "p", ["one", "two"], template=serves)
    update, _ = of(lister, store, "flagger")
    assert (update.pods.newest, names(update.pods.older), update.template) == ([], ["one", "two"], own)
    assert (update.rollout.ready, update.rollout.updated, update.rollout.complete) == (2, 0, False)
    primary_set(store, "p", ["one", "two"], template=own)
    update, _ = of(lister, store, "flagger")
    assert (names(update.pods.newest), update.rollout.complete) == (["one", "two"], True)


def test_what_serves_after_a_failure_is_not_the_newest_template(lister, store):
    deployment(store, 0)
    canary(store, "Failed")
    primary_set(store, "p", ["one", "two"])
    update, _ = of(lister, store, "flagger")
    assert (update.rollout.ready, update.rollout.updated, update.rollout.complete) == (2, 0, False)


def test_what_serves_is_the_newest_template_if_the_manifest_has_it_again(lister, store):
    deployment(store, 0)
    replica_set(store, "own", ref("Deployment", "wiki", "u-wiki"), [], revision="2", template="t1")
    canary(store, "Failed", lastAppliedSpec="a", lastPromotedSpec="a")
    primary_set(store, "p", ["one", "two"], template="t1")
    status = {"rollout": {"phase": "Aborted", "canaryRevision": "b"}}
    update, _ = of(lister, store, "flagger", status)
    assert (names(update.pods.newest), update.rollout.complete) == (["one", "two"], True)
    assert not of(lister, store, "flagger")[0].rollout.complete


@pytest.mark.parametrize("source", ["replica_sets", "pods"])
def test_objects_of_the_primary_concern_the_server(lister, source):
    labels = {
        "app": "wiki-primary",
        "app.kubernetes.io/instance": "wiki",
        "app.kubernetes.io/managed-by": "mcp-operator",
    }
    found = lister.concerned(Key(getattr(IDS, source), "team", "x"), {"metadata": {"labels": labels}})
    assert found == KEY
    # An MCPServer may have that name itself.
    labels["app.kubernetes.io/instance"] = "wiki-primary"
    found = lister.concerned(Key(getattr(IDS, source), "team", "x"), {"metadata": {"labels": labels}})
    assert found == KEY._replace(name="wiki-primary")


@pytest.mark.parametrize("source", ["rollouts", "canaries"])
def test_a_rollout_concerns_the_server_of_its_name(lister, source):
    assert lister.concerned(Key(getattr(IDS, source), "team", "wiki"), {"metadata": {}}) == KEY
