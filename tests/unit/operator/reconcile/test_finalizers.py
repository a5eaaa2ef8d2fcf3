# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Finalizers: set before the first run, run when the object leaves, removed when that succeeded."""

from __future__ import annotations

import pytest
from mcp_operator.cluster.store import Key
from mcp_operator.runs.run_request import HostOutcome, HostResult

from support.clock import eventually

from .conftest import FINALIZED

FAILED = HostResult(outcome=HostOutcome.FAILED, message="the cloud is full", failures=1)


def test_a_finalizer_is_set_before_the_run_and_removed_after_its_own(operator):
    key = operator.api.create("a")
    seen = []
    operator.ansible.during = lambda _request: seen.append(operator.api.objects[key]["metadata"].get("finalizers"))
    operator.start(FINALIZED)
    operator.settle()
    operator.api.delete(key)
    eventually(lambda: key not in operator.api.objects)
    assert seen == [["toys.example.com/end"]] * 2
    assert [dict(request.extra_vars) for request in operator.ansible.requests] == [{}, {"state": "absent"}]
    operator.settle()
    assert len(operator.controller.queue) == 0


def test_an_object_deleted_while_running_is_finalized_after_the_run(operator):
    key = operator.api.create("a")
    operator.ansible.gate.clear()
    operator.start(FINALIZED)
    eventually(lambda: operator.ansible.requests)
    operator.api.delete(key)
    operator.ansible.gate.set()
    eventually(lambda: key not in operator.api.objects)
    assert [dict(request.extra_vars) for request in operator.ansible.requests] == [{}, {"state": "absent"}]


def test_a_finalizer_that_fails_keeps_the_object_and_is_tried_again(operator):
    key = operator.api.create("a")
    operator.start(FINALIZED)
    operator.settle()
    operator.ansible.results["team.a"] = FAILED
    operator.api.delete(key)
    operator.settle()
    operator.step(5)
    assert len(operator.ansible.requests) == 3
    assert key in operator.api.objects
    operator.ansible.results.clear()
    operator.step(5)
    assert key not in operator.api.objects


@pytest.fixture
def child_goes(operator):
    """Let each run after the first one remove a child of the object, as a playbook that finalizes it does."""
    key, child = operator.api.create("a"), Key("children", "team", "a")
    uid = operator.api.objects[key]["metadata"]["uid"]
    reference = {"apiVersion": FINALIZED.api_version, "kind": "Toy", "name": "a", "uid": uid}
    meta = {"name": "a", "namespace": "team", "uid": "child", "ownerReferences": [reference]}
    operator.start(FINALIZED, dependents={"children": FINALIZED})
    operator.settle()

    def remove(_request):
        operator.store.put(child, {"metadata": meta})
        operator.store.remove(child)

    operator.ansible.during = remove
    return key


def test_a_finalizer_that_fails_after_it_removed_a_child_is_tried_again(operator, child_goes):
    operator.ansible.results["team.a"] = FAILED
    operator.api.delete(child_goes)
    operator.settle()
    operator.step(5)
    assert [dict(request.extra_vars) for request in operator.ansible.requests] == [{}, *[{"state": "absent"}] * 2]
    operator.ansible.results.clear()
    operator.step(5)
    assert child_goes not in operator.api.objects


def test_a_finalizer_that_could_not_be_removed_is_removed_later_although_a_child_went(operator, child_goes):
    def down(_request):
        operator.api.down = True

    remove = operator.ansible.during
    operator.ansible.during = lambda request: (remove(request), down(request))
    operator.api.delete(child_goes)
    operator.settle()
    assert child_goes in operator.api.objects
    operator.api.down = False
    operator.step(5)
    assert child_goes not in operator.api.objects
