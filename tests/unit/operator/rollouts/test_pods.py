# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which Pods are of the newest template while there are two Deployments."""

from __future__ import annotations

import pytest
from mcp_operator._vendor._workload.pod_selector import SelectedPods
from mcp_operator.rollouts.pods import update_of


def deployment(name, replicas, tried=""):
    annotations = {"mcp.mcp-operator.io/canary-template": tried} if tried else {}
    status = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), replicas)
    return {
        "metadata": {"name": name, "generation": 1, "annotations": annotations},
        "spec": {"replicas": replicas},
        "status": {**status, "observedGeneration": 1},
    }


class FakeLister:
    def __init__(self, **pods):
        self.found = pods

    def pods(self, found):
        template, newest, older = self.found[found["metadata"]["name"]]
        labels = {"mcp.mcp-operator.io/template": template}
        return SelectedPods(newest, older, {"metadata": {"labels": labels}})


def names(pods):
    return (pods.newest, pods.older)


def test_without_a_canary_nothing_is_different():
    lister = FakeLister(a=("t1", ["one"], ["none"]))
    found = update_of(lister, deployment("a", 1), None)
    assert names(found.pods) == (["one"], ["none"])
    assert (found.template, found.tried, found.canary) == ("t1", False, None)
    assert found.rollout.complete


def test_without_a_deployment_there_is_nothing():
    found = update_of(FakeLister(), None, None)
    assert (found.template, found.pods.newest, found.incomplete) == ("", [], None)


def test_the_pods_of_the_canary_are_the_newest_ones():
    lister = FakeLister(a=("t1", ["one", "two"], ["zero"]), b=("t2", ["three"], ["earlier"]))
    found = update_of(lister, deployment("a", 2, tried="t2"), deployment("b", 1))
    assert names(found.pods) == (["three"], ["one", "two", "zero", "earlier"])
    assert (found.template, found.tried) == ("t2", True)
    assert (found.rollout.desired, found.rollout.replicas, found.rollout.updated, found.rollout.ready) == (3, 3, 1, 3)
    assert not found.rollout.complete
    assert found.incomplete["metadata"]["name"] == "b"


def test_before_the_canary_exists_no_pod_has_the_newest_template():
    found = update_of(FakeLister(a=("t1", ["one"], [])), deployment("a", 1, tried="t2"), None)
    assert names(found.pods) == ([], ["one"])
    assert not found.rollout.complete
    assert found.incomplete["metadata"]["name"] == "a"


def test_a_canary_of_an_earlier_manifest_has_no_pods_of_the_newest_template():
    lister = FakeLister(a=("t1", ["one"], []), b=("t2", ["two"], []))
    found = update_of(lister, deployment("a", 1, tried="t3"), deployment("b", 1))
    assert names(found.pods) == ([], ["one", "two"])
    assert found.canary is None


def test_once_it_is_promoted_the_pods_of_both_deployments_are_the_newest_ones():
    lister = FakeLister(a=("t2", ["new"], ["old"]), b=("t2", ["canary"], []))
    found = update_of(lister, deployment("a", 1), deployment("b", 1))
    assert names(found.pods) == (["new", "canary"], ["old"])
    assert not found.tried
    assert found.rollout.complete


@pytest.mark.parametrize("unknown", ["a", "b"])
def test_pods_are_unknown_until_the_replica_set_of_each_deployment_is(unknown):
    pods = {"a": ("t1", ["one"], []), "b": ("t2", ["two"], [])}
    pods[unknown] = (pods[unknown][0], None, [])
    found = update_of(FakeLister(**pods), deployment("a", 1, tried="t2"), deployment("b", 1))
    assert found.pods.newest is None
