# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Finalizers: set before the first run, run when the object leaves, removed when that succeeded."""

from __future__ import annotations

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
