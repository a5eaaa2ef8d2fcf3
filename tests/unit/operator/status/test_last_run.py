# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What of a run's end is told."""

from __future__ import annotations

import pytest
from mcp_operator.cluster.store import Key
from mcp_operator.runs.run_request import HostOutcome, HostResult
from mcp_operator.status.last_run import LastRuns

KEY = Key("servers", "team", "wiki")
SERVER = {"metadata": {"name": "wiki", "namespace": "team", "uid": "u1", "generation": 3}}
GOOD = HostResult(outcome=HostOutcome.SUCCEEDED, message="")


def failed(code):
    return HostResult(outcome=HostOutcome.FAILED, message=f"Could not apply it. [{code}]")


@pytest.mark.parametrize("code", ["KIND_NOT_READY", "OBJECT_LEAVING"])
def test_what_passes_within_seconds_is_told_when_it_does_not(code):
    last_runs = LastRuns()
    for _time in range(5):
        last_runs.record(KEY, SERVER, failed(code))
        assert last_runs.failure(KEY, SERVER) is None
    last_runs.record(KEY, SERVER, failed(code))
    assert last_runs.failure(KEY, SERVER).generation == 3
    last_runs.record(KEY, SERVER, GOOD)
    assert last_runs.failure(KEY, SERVER) is None
    last_runs.record(KEY, SERVER, failed(code))
    assert last_runs.failure(KEY, SERVER) is None


def test_what_does_not_pass_is_told_at_once_and_stays_while_something_else_passes():
    last_runs = LastRuns()
    last_runs.record(KEY, SERVER, failed("FOREIGN_OBJECT"))
    assert last_runs.failure(KEY, SERVER).reason == "ForeignObject"
    last_runs.record(KEY, SERVER, failed("OBJECT_LEAVING"))
    assert last_runs.failure(KEY, SERVER).reason == "ForeignObject"


def warned(*texts):
    return HostResult(outcome=HostOutcome.SUCCEEDED, data={"warnings": list(texts)})


def test_a_warning_is_reported_once_until_it_goes():
    last_runs = LastRuns()
    assert last_runs.new_warnings(KEY, SERVER, warned("a")) == ["a"]
    assert last_runs.new_warnings(KEY, SERVER, warned("a", "b")) == ["b"]
    assert last_runs.new_warnings(KEY, SERVER, failed("FOREIGN_OBJECT")) == []
    assert last_runs.new_warnings(KEY, SERVER, warned("a", "b")) == []
    assert last_runs.new_warnings(KEY, SERVER, GOOD) == []
    assert last_runs.new_warnings(KEY, SERVER, warned("a")) == ["a"]


def test_another_object_of_the_same_name_is_warned_about_again():
    last_runs = LastRuns()
    last_runs.new_warnings(KEY, SERVER, warned("a"))
    recreated = {"metadata": {**SERVER["metadata"], "uid": "u2"}}
    assert last_runs.new_warnings(KEY, recreated, warned("a")) == ["a"]


def test_a_record_is_kept_until_it_was_written():
    last_runs = LastRuns()
    last_runs.record(KEY, SERVER, GOOD, "a.b")
    last_runs.record(KEY, SERVER, failed("FOREIGN_OBJECT"))
    assert last_runs.reconciliation(KEY, SERVER) == "a.b"
    assert last_runs.unwritten() == [KEY]
    last_runs.written(KEY, SERVER, {"reconciliationRecord": "a.a"})
    assert last_runs.unwritten() == [KEY]
    last_runs.written(KEY, SERVER, {"reconciliationRecord": "a.b"})
    assert last_runs.reconciliation(KEY, SERVER) == ""
    assert last_runs.unwritten() == []


def test_another_object_of_the_same_name_has_no_record():
    last_runs = LastRuns()
    last_runs.record(KEY, SERVER, GOOD, "a.b")
    assert last_runs.reconciliation(KEY, {"metadata": {**SERVER["metadata"], "uid": "u2"}}) == ""
