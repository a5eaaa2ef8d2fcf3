# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is written after a run, and when."""

from __future__ import annotations

from mcp_operator.reconcile.annotations import RECONCILED
from mcp_operator.runs.run_request import Ending, HostOutcome, HostResult

from support.clock import eventually

FAILED = HostResult(outcome=HostOutcome.FAILED, message="no such image", failures=1)


def test_what_was_reconciled_is_noted_later_or_at_the_end(operator, monkeypatch):
    share, latest = (f"mcp_operator.reconcile.worker._ANNOTATE_{name}" for name in ("DELAY", "MAX_DELAY"))
    monkeypatch.setattr(share, 5.0)
    monkeypatch.setattr(latest, 60.0)
    early = operator.api.create("early")
    operator.start()
    operator.settle()
    operator.step(4)
    assert operator.api.writes == []
    operator.step(1)
    assert RECONCILED in operator.api.objects[early]["metadata"]["annotations"]
    monkeypatch.setattr(share, 60.0)
    late = operator.api.create("late")
    operator.settle()
    assert "annotations" not in operator.api.objects[late]["metadata"]
    operator.restart()
    operator.settle()
    assert RECONCILED in operator.api.objects[late]["metadata"]["annotations"]
    assert operator.ansible.requests == []
    assert operator.api.writes == []


def test_pending_writes_are_dropped_after_the_loss_of_the_lease(operator, monkeypatch):
    monkeypatch.setattr("mcp_operator.reconcile.worker._ANNOTATE_DELAY", 60.0)
    monkeypatch.setattr("mcp_operator.reconcile.worker._ANNOTATE_MAX_DELAY", 60.0)
    operator.api.create("a")
    operator.start()
    operator.settle()
    assert len(operator.ansible.requests) == 1
    operator.controller.stop(0.0)
    assert operator.api.writes == []


def test_after_a_crash_all_objects_run_again(operator):
    for number in range(20):
        operator.api.create(f"toy{number}")
    operator.ansible.ending = Ending.CRASHED
    crash = HostResult(outcome=HostOutcome.FAILED, message="Ansible crashed.")
    operator.ansible.results = {f"team.toy{number}": crash for number in range(20)}
    operator.ansible.gate.clear()
    operator.start()
    eventually(lambda: operator.ansible.requests)
    operator.ansible.gate.set()
    operator.settle()
    operator.step(5)
    assert len(operator.ansible.requests) > 4
    operator.ansible.results, operator.ansible.ending = {}, Ending.COMPLETE
    operator.step(5)
    assert all(RECONCILED in item["metadata"].get("annotations", {}) for item in operator.api.objects.values())
