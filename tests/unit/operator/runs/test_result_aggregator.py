# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import json

from mcp_operator.runs.result_aggregator import ResultAggregator
from mcp_operator.runs.run_request import Ending, HostOutcome

HOSTS = ("t.a", "t.b", "t.c")


def event(kind, host="t.a", res=None, **data):
    return {"event": kind, "event_data": {"host": host, "res": res or {}, "task_uuid": "1", **data}}


def stats(**counts):
    full = {key: {} for key in ("ok", "changed", "skipped", "failures", "dark", "rescued", "ignored")}
    return {"event": "playbook_on_stats", "event_data": {**full, "processed": dict.fromkeys(HOSTS, 1), **counts}}


def fold(*events, status=0, ending=Ending.COMPLETE, reason=""):
    aggregator = ResultAggregator(HOSTS)
    for one in events:
        aggregator.add(one)
    return aggregator.results(ending, status, reason)


def outcomes(*events, **kwargs):
    return [fold(*events, **kwargs)[2][host].outcome.value for host in HOSTS]


def batch(hosts):
    return event("runner_on_ok", res={"changed": False, "hosts": hosts})


def test_a_host_in_the_recap_without_a_failure_succeeded():
    _ending, _reason, results = fold(stats(ok={"t.a": 3}, changed={"t.a": 1}))
    assert results["t.a"].outcome is HostOutcome.SUCCEEDED
    assert (results["t.a"].ok, results["t.a"].changed) == (3, 1)


def test_a_failure_has_the_message_of_the_task():
    failed = event("runner_on_failed", res={"msg": "no such thing"})
    _ending, _reason, results = fold(failed, stats(failures={"t.a": 1}), status=2)
    assert (results["t.a"].outcome, results["t.a"].message) == (HostOutcome.FAILED, "no such thing")
    assert results["t.b"].outcome is HostOutcome.SUCCEEDED


def test_the_items_of_a_loop_say_why():
    events = [
        event("runner_on_item_failed", res={"msg": "item 2 is bad"}),
        event("runner_on_failed", res={"msg": "One or more items failed"}),
    ]
    assert "item 2 is bad" in fold(*events, stats(failures={"t.a": 1}), status=2)[2]["t.a"].message


def test_unreachable_is_a_failure():
    lost = event("runner_on_unreachable", host="t.b", res={"msg": "no route"})
    _ending, _reason, results = fold(lost, stats(dark={"t.b": 1}), status=4)
    assert (results["t.b"].outcome, results["t.b"].message) == (HostOutcome.FAILED, "no route")


def test_rescued_and_ignored_are_no_failures():
    events = [event("runner_on_failed", res={"msg": "x"}), event("runner_on_failed", ignore_errors=True)]
    results = fold(*events, stats(rescued={"t.a": 1}, ignored={"t.a": 1}))[2]
    assert (results["t.a"].outcome, results["t.a"].message) == (HostOutcome.SUCCEEDED, "")


def test_without_a_recap_all_have_failed_with_ansibles_last_words():
    said = {"event": "verbose", "stdout": "ERROR! We were unable to read this"}
    ending, reason, results = fold(said, status=4)
    assert ending is Ending.CRASHED
    assert "We were unable to read this" in reason
    assert {result.outcome for result in results.values()} == {HostOutcome.FAILED}
    assert results["t.c"].message == reason


def test_a_killed_ansible_is_a_crash():
    assert "killed" in fold(status=None)[1]


def test_an_error_without_a_host_fails_all_hosts():
    assert outcomes(stats(ok={"t.a": 1}), status=250) == ["failed"] * 3


def test_a_batch_action_speaks_for_each_host():
    said = batch({"t.a": {"failed": False}, "t.b": {"failed": True, "msg": "quota"}, "t.c": {}})
    _ending, _reason, results = fold(said, stats(processed={"t.a": 1}))
    assert [results[host].outcome.value for host in HOSTS] == ["succeeded", "failed", "succeeded"]
    assert results["t.b"].message == "quota"


def test_a_host_missing_from_the_batch_was_not_processed():
    assert outcomes(batch({"t.a": {}, "t.b": {}}), stats()) == ["succeeded", "succeeded", "unprocessed"]


def test_a_host_missing_from_one_of_two_batches_was_not_processed():
    both = [batch({host: {} for host in HOSTS}), batch({"t.a": {}})]
    assert outcomes(*both, stats()) == ["succeeded", "unprocessed", "unprocessed"]


def test_a_host_that_failed_before_the_batch_has_failed():
    assert outcomes(batch({"t.a": {}, "t.b": {}}), stats(dark={"t.c": 1}), status=4)[2] == "failed"


def test_a_host_without_any_event_was_not_processed():
    assert outcomes(stats(processed={"t.a": 1})) == ["succeeded", "unprocessed", "unprocessed"]


def test_a_batch_whose_result_was_dropped_processed_no_host():
    _ending, _reason, results = fold(event("runner_on_ok", res={}), stats())
    assert {result.outcome for result in results.values()} == {HostOutcome.UNPROCESSED}
    assert "too large" in results["t.a"].message


def test_large_results_of_single_hosts_are_ignored():
    assert outcomes(*[event("runner_on_ok", host=host) for host in HOSTS], stats()) == ["succeeded"] * 3


def test_what_only_looks_like_a_batch_is_none():
    for other in ({"web": {}}, {}, "text", {"t.a": "text"}):
        assert outcomes(batch(other), stats()) == ["succeeded"] * 3


def test_what_is_kept_of_a_host_is_small():
    said = batch(
        {"t.a": {"changed": True, "diff": "x" * 5000}, "t.b": {"n": 1}, "t.c": {"failed": True, "msg": "y" * 9000}}
    )
    results = fold(said, stats())[2]
    assert results["t.a"].data == {"changed": True, "truncated": True}
    assert results["t.b"].data == {"n": 1}
    assert len(results["t.c"].message) <= 1024
    assert len(json.dumps(dict(results["t.c"].data))) <= 1024


def test_messages_have_no_control_characters():
    failed = event("runner_on_failed", res={"msg": "a\x1b[31m\x00b\nc"})
    assert fold(failed, stats(failures={"t.a": 1}), status=2)[2]["t.a"].message == "a [31m b\nc"


def test_a_requeue_is_in_the_result():
    asked = [
        event("runner_on_ok", res={"period": period}, task_action="operator_sdk.util.requeue_after")
        for period in ("30", 20, "soon", None)
    ]
    assert fold(*asked, stats())[2]["t.a"].requeue_after == 20


def test_a_cancelled_run_fails_no_host():
    assert outcomes(ending=Ending.CANCELLED, reason="stop", status=None) == ["unprocessed"] * 3
