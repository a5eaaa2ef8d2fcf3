# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the tool calls of a canary show beside those of the stable Pods, and what follows from it."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import canary_analysis, network
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.canary_analysis import (
    FAILED,
    INCONCLUSIVE,
    SUCCESSFUL,
    Calls,
    Judgement,
)

from .canary_in_progress import Rollout


def server(analysis=None, *, metrics=True, status=None, **spec):
    rollout = {"strategy": "canary", **({} if analysis is None else {"analysis": analysis})}
    return {
        "metadata": {"name": "wiki", "namespace": "team"},
        "spec": {"rollout": rollout, "metrics": {"enabled": metrics}, "validation": {"strictMode": True}, **spec},
        "status": {"rollout": status or {}},
    }


def calls(count, errors=0, mean=0.1):
    return Calls(count, errors, count, count * mean)


@pytest.mark.parametrize(
    ("stable", "tried", "result"),
    [
        (calls(100), calls(19), INCONCLUSIVE),
        (calls(100), Calls(), INCONCLUSIVE),
        (calls(100), calls(20), SUCCESSFUL),
        (calls(100), calls(100, 5), SUCCESSFUL),
        (calls(100), calls(100, 6), FAILED),
        # What fails on both sides is not the canary's fault.
        (calls(100, 50), calls(100, 55), SUCCESSFUL),
        (calls(100, 50), calls(100, 56), FAILED),
        (calls(100, mean=0.1), calls(20, mean=0.2), SUCCESSFUL),
        (calls(100, mean=0.1), calls(20, mean=0.21), FAILED),
        # Noise of short calls.
        (calls(100, mean=0.001), calls(20, mean=0.05), SUCCESSFUL),
        # Without calls of the stable Pods, errors still count.
        (Calls(), calls(20), SUCCESSFUL),
        (calls(19, 19), calls(20, 2), FAILED),
        (Calls(), calls(20, mean=9), SUCCESSFUL),
    ],
)
def test_the_canary_may_be_worse_by_the_default_limits(stable, tried, result):
    assert canary_analysis.judge(server({}), {"": stable}, {"": tried}).result == result


def test_the_limits_of_the_manifest_apply():
    limits = {"minCalls": 5, "maxErrorRateIncrease": 0, "maxLatencyIncrease": 10}
    for tried, result in ((calls(4, 4), INCONCLUSIVE), (calls(5, 1), FAILED), (calls(5, mean=0.65), FAILED)):
        found = canary_analysis.judge(server(limits), {"": calls(5, mean=0.5)}, {"": tried})
        assert found.result == result
    assert found.message == "The canary takes 650 ms on average, the stable Pods take 500 ms."


def test_one_tool_that_fails_among_many_calls_is_found():
    stable = {"": calls(1000), "search": calls(20), "new": calls(3)}
    tried = {"": calls(1000, 20), "search": calls(20, 20), "new": calls(30, 30)}
    found = canary_analysis.judge(server({}), stable, tried)
    assert found == Judgement(
        FAILED, "The canary fails 100.0% of 20 calls, the stable Pods fail 0.0% in calls of the tool search."
    )


def test_a_sidecar_that_restarted_counts_from_zero():
    now, before = {"": calls(3), "a": calls(9)}, {"": calls(10), "a": calls(4)}
    found = canary_analysis.since(now, before)
    assert (found[""].number, found["a"].number) == (3, 5)
    assert canary_analysis.total([now, now])[""].number == 6


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (server({}), True),
        (server(), False),
        (server({}, metrics=False), False),
        (server({}, validation={}), False),
    ],
)
def test_the_analysis_needs_metrics_and_canaries(found, wanted):
    assert canary_analysis.wanted(found) == wanted


def test_each_pause_has_a_window_of_its_own():
    paused = {"phase": "Paused", "canaryRevision": "t2", "step": 1, "since": "now"}
    found = {canary_analysis.window(server({}, status={**paused, "step": step})) for step in (1, 2)}
    assert len(found) == 2
    assert canary_analysis.window(server({}, status={**paused, "phase": "Progressing"})) == ""
    assert canary_analysis.window(server(status=paused)) == ""


def test_the_operator_may_read_the_metrics_of_an_isolated_server():
    isolated = server({}, network={"mode": "isolated"})
    peers = [rule["from"] for rule in network.rules(isolated, {})["ingress"] if rule["ports"][0]["port"] == 9090]
    assert peers == [[network.rules(isolated, {})["ingress"][0]["from"][0]]]
    isolated["spec"]["rollout"].pop("analysis")
    assert all(rule["ports"][0]["port"] != 9090 for rule in network.rules(isolated, {})["ingress"])


# --- the steps ---


@pytest.fixture
def rollout():
    return Rollout().until("Paused")


def test_a_pause_ends_only_after_a_successful_analysis(rollout):
    unknown = Judgement(INCONCLUSIVE, "Too few calls.")
    rollout.step(299, analysis=unknown)
    assert "analysis" not in rollout.status
    rollout.step(1, analysis=unknown)
    assert (rollout.state, rollout.status["analysis"]) == (("Paused", 1, 1), INCONCLUSIVE)
    assert rollout.status["message"].endswith("waits for further calls, or to be promoted. Too few calls.")
    before = rollout.status
    rollout.step(10_000, analysis=unknown)
    assert rollout.status == before
    rollout.step(10, analysis=Judgement(SUCCESSFUL))
    assert rollout.state == ("Progressing", 2, 10)
    assert "analysis" not in rollout.status


def test_a_successful_analysis_is_shown_during_the_pause(rollout):
    rollout.step(10, analysis=Judgement(SUCCESSFUL))
    assert (rollout.state, rollout.status["analysis"]) == (("Paused", 1, 1), SUCCESSFUL)


def test_an_analysis_that_fails_ends_the_canary_at_once(rollout):
    found = rollout.step(1, analysis=Judgement(FAILED, "The canary fails 50.0% of 20 calls."))
    assert (found.abort, found.message) == ("CanaryAnalysisFailed", "The canary fails 50.0% of 20 calls.")


def test_a_user_can_promote_without_a_successful_analysis_but_not_after_a_failure(rollout):
    rollout.command("promote 1")
    assert rollout.step(1, analysis=Judgement(FAILED, "bad")).abort
    rollout.until("Paused")
    rollout.step(1, analysis=Judgement(INCONCLUSIVE, "Too few calls."))
    assert rollout.state == ("Progressing", 2, 10)
