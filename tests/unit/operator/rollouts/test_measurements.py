# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""When the Pods of a canary are measured, and what a pause shows."""

from __future__ import annotations

import threading

import pytest
from mcp_operator._vendor._workload.canary_analysis import FAILED, INCONCLUSIVE, SUCCESSFUL, Calls
from mcp_operator.cluster.store import Key
from mcp_operator.errors import MetricsUnreadable
from mcp_operator.rollouts.measurements import PERIOD, CanaryMeasurements

KEY = Key("servers", "team", "wiki")
STABLE, TRIED = "10.0.0.1", "10.0.0.2"
PAUSED = {"phase": "Paused", "canaryRevision": "t2", "step": 1, "since": "now"}


class Clock:
    seconds = 1000.0

    def now(self):
        return self.seconds


def pod(address):
    return {"metadata": {"uid": f"uid of {address}"}, "status": {"podIP": address}}


class Pods:
    """Pods that have counted calls."""

    def __init__(self):
        self.calls = {STABLE: Calls(500, 250), TRIED: Calls(2, 2)}
        self.clock = Clock()
        self.ended = threading.Semaphore(0)
        self.reads = []
        self.measurements = self.start()
        self.status = PAUSED
        self.analysis = {}

    def start(self):
        return CanaryMeasurements(lambda _key: self.ended.release(), self.clock, read=self.read)

    def read(self, address, port):
        self.reads.append((address, port))
        found = self.calls[address]
        if isinstance(found, Exception):
            raise found
        return {"": found}

    def more(self, address, count, errors=0):
        before = self.calls[address]
        self.calls[address] = Calls(before.number + count, before.errors + errors)

    def judged(self):
        rollout = {"strategy": "canary", **({} if self.analysis is None else {"analysis": self.analysis})}
        server = {
            "spec": {"rollout": rollout, "metrics": {"enabled": True}, "validation": {"strictMode": True}},
            "status": {"rollout": self.status},
        }
        return self.measurements.judgement(KEY, server, [pod(STABLE)], [pod(TRIED)])

    def measured(self):
        """Return the result after another measurement."""
        self.clock.seconds += PERIOD
        self.judged()
        assert self.ended.acquire(timeout=10)
        return self.judged()[0].result


@pytest.fixture
def pods():
    made = Pods()
    yield made
    made.measurements.stop()


def test_only_calls_of_the_pause_count(pods):
    assert pods.measured() == INCONCLUSIVE
    pods.more(TRIED, 19)
    assert pods.measured() == INCONCLUSIVE
    pods.more(TRIED, 1)
    assert pods.measured() == SUCCESSFUL
    pods.more(TRIED, 10, 10)
    pods.more(STABLE, 100)
    assert pods.measured() == FAILED
    assert set(pods.reads) == {(STABLE, 9090), (TRIED, 9090)}


def test_the_next_step_is_measured_anew(pods):
    pods.measured()
    pods.more(TRIED, 50)
    assert pods.measured() == SUCCESSFUL
    pods.status = {**PAUSED, "step": 2}
    assert pods.measured() == INCONCLUSIVE


def test_an_operator_that_starts_measures_from_now_on(pods):
    pods.measured()
    pods.more(TRIED, 50, 50)
    pods.measurements.stop()
    pods.measurements = pods.start()
    assert pods.measured() == INCONCLUSIVE
    pods.more(TRIED, 50)
    assert pods.measured() == SUCCESSFUL


def test_pods_are_not_measured_more_often_than_the_period(pods):
    pods.measured()
    reads = len(pods.reads)
    pods.clock.seconds += PERIOD - 1
    judgement, again = pods.judged()
    assert (judgement.result, again, len(pods.reads)) == (INCONCLUSIVE, 1, reads)


def test_a_canary_whose_metrics_cannot_be_read_is_not_successful(pods):
    pods.measured()
    pods.more(TRIED, 50)
    pods.measured()
    pods.calls[TRIED] = MetricsUnreadable("No answer.", "Look.")
    assert pods.measured() == INCONCLUSIVE
    assert "No answer." in pods.judged()[0].message


def test_one_stable_pod_that_cannot_be_read_does_not_matter(pods):
    pods.calls[STABLE] = RuntimeError("a defect")
    pods.measured()
    pods.more(TRIED, 50)
    assert pods.measured() == SUCCESSFUL


def test_nothing_is_measured_outside_of_pauses_or_without_an_analysis(pods):
    pods.status = {**PAUSED, "phase": "Progressing"}
    judgement, again = pods.judged()
    assert (judgement.result, again) == (INCONCLUSIVE, None)
    pods.analysis = None
    assert pods.judged() == (None, None)
    assert pods.reads == []
