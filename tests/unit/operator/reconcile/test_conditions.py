# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import datetime as dt

from mcp_operator.reconcile.conditions import ended, is_outdated, merged, running
from mcp_operator.runs.run_request import HostOutcome, HostResult

THEN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
GOOD = HostResult(outcome=HostOutcome.SUCCEEDED, ok=3, changed=2, skipped=1)
BAD = HostResult(outcome=HostOutcome.FAILED, message="no route", unreachable=1)


def item(conditions=(), generation=1):
    return {"metadata": {"name": "a", "generation": generation}, "status": {"conditions": list(conditions)}}


def by_type(conditions):
    return {entry["type"]: entry for entry in conditions}


def test_a_success_looks_like_ansible_operators():
    found = by_type(merged(item(), ended(GOOD), THEN))
    assert {name: entry["status"] for name, entry in found.items()} == {
        "Running": "True",
        "Successful": "True",
        "Failure": "False",
    }
    assert found["Running"]["message"] == "Awaiting next reconciliation"
    assert found["Running"]["ansibleResult"] == {
        "ok": 3,
        "changed": 2,
        "skipped": 1,
        "failures": 0,
        "completion": "2026-01-01T00:00:00Z",
    }


def test_a_failure_has_a_message_and_counts_unreachable_hosts():
    found = by_type(merged(item(), ended(BAD), THEN))
    assert (found["Failure"]["status"], found["Failure"]["message"]) == ("True", "no route")
    assert found["Failure"]["ansibleResult"]["failures"] == 1
    assert found["Successful"]["status"] == "False"


def test_every_condition_is_one_that_the_api_allows():
    for wanted in (running(), ended(GOOD), ended(BAD)):
        for entry in merged(item(), wanted, THEN):
            assert entry["reason"]
            assert {"type", "status", "reason", "message", "lastTransitionTime", "observedGeneration"} <= set(entry)


def test_the_same_again_is_no_change():
    once = merged(item(), ended(GOOD), THEN)
    again = HostResult(outcome=HostOutcome.SUCCEEDED, ok=3, changed=0, skipped=1)
    assert merged(item(once), ended(again), LATER) is None


def test_a_time_moves_only_with_its_status():
    once = merged(item(), ended(GOOD), THEN)
    found = by_type(merged(item(once, generation=2), ended(GOOD), LATER))
    assert found["Successful"]["lastTransitionTime"] == "2026-01-01T00:00:00Z"
    assert found["Successful"]["observedGeneration"] == 2
    found = by_type(merged(item(once), ended(BAD), LATER))
    assert found["Successful"]["lastTransitionTime"] == "2026-01-02T00:00:00Z"


def test_what_others_wrote_stays():
    theirs = {"type": "Ready", "status": "Unknown", "extra": {"x": 1}}
    assert merged(item([theirs]), ended(GOOD), THEN)[0] == theirs


def test_only_what_is_new_is_worth_saying_that_it_runs():
    once = merged(item(), ended(GOOD), THEN)
    assert not is_outdated(item(once))
    assert is_outdated(item(once, generation=2))
    assert is_outdated(item())
    assert is_outdated({"metadata": {}, "status": {"conditions": "nonsense"}})
