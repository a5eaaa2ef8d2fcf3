# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.pod_selector import controlled_by, select_pods

REVISION = "deployment.kubernetes.io/revision"


def item(name, owner=None, *, revision=None, **meta):
    owners = [{"controller": True, "uid": f"uid-{owner}"}] if owner else []
    annotations = {REVISION: str(revision)} if revision else {}
    found = {"name": name, "uid": f"uid-{name}", "ownerReferences": owners, "annotations": annotations}
    return {"metadata": {**found, "labels": {"app": "wiki"}, **meta}}


def select(deployment, replica_sets, pods):
    return select_pods(deployment, controlled_by(replica_sets), controlled_by(pods))


def names(pods):
    return [pod["metadata"]["name"] for pod in pods]


DEPLOYMENT = item("wiki", revision=2)
OLD, NEW = item("rs1", "wiki", revision=1), item("rs2", "wiki", revision=2)


def test_pods_of_the_newest_template_and_of_earlier_ones():
    found = select(DEPLOYMENT, [OLD, NEW], [item("c", "rs1"), item("b", "rs2"), item("a", "rs2")])
    assert (names(found.newest), names(found.older), found.replica_set) == (["a", "b"], ["c"], NEW)


def test_a_pod_with_the_same_labels_and_another_controller_is_not_selected():
    strangers = [item("bare"), item("other", "another-deployment")]
    listed = [item("a", "rs2"), *strangers]
    assert names(select(DEPLOYMENT, [OLD, NEW], listed).newest) == ["a"]


def test_an_owner_that_is_not_the_controller_is_not_followed():
    pod = item("a", ownerReferences=[{"uid": "uid-rs2"}])
    assert select(DEPLOYMENT, [NEW], [pod]).newest == []


def test_pods_that_are_being_deleted_are_left_out():
    found = select(DEPLOYMENT, [NEW], [item("a", "rs2", deletionTimestamp="2026-01-01T00:00:00Z")])
    assert found.newest == []


def test_the_newest_pods_are_unknown_until_the_replica_set_of_the_revision_exists():
    found = select(DEPLOYMENT, [OLD], [item("c", "rs1")])
    assert (found.newest, names(found.older), found.replica_set) == (None, ["c"], None)
    assert select(item("wiki"), [OLD], []).newest is None
