# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What a process does when it gains and loses the Lease, with clocks that a test moves."""

from __future__ import annotations

import pytest
from mcp_operator.cluster.leadership import Leadership

from .test_elector import Api, Candidate


class Tasks:
    def __init__(self):
        self.calls = []

    def on_elected(self):
        self.calls.append("elected")

    def start(self):
        self.calls.append("start")

    def pause(self):
        self.calls.append("pause")

    def resume(self):
        self.calls.append("resume")


class Process:
    """A process: an elector that tries every two seconds, and the leadership that follows it."""

    def __init__(self, api, name):
        self.elector = Candidate(api, name)
        self.tasks = Tasks()
        self.ready = True
        self.leadership = Leadership(self.elector, self.tasks, lambda: self.ready)

    def run(self, seconds):
        for _ in range(seconds):
            if int(self.elector.now) % 2 == 0:
                self.elector.attempt()
            self.leadership.update()
            self.elector.now += 1


@pytest.fixture
def api():
    return Api()


@pytest.fixture
def process(api):
    return Process(api, "one")


def test_tasks_start_when_the_process_leads_and_is_ready(process):
    process.ready = False
    process.run(4)
    assert process.tasks.calls == ["elected"]
    process.ready = True
    process.run(1)
    assert process.tasks.calls == ["elected", "start"]


def test_without_election_a_process_always_leads():
    leadership = Leadership(None, Tasks(), lambda: True)
    leadership.update()
    assert (leadership.leading, leadership.started, leadership.superseded) == (True, True, False)


def test_after_an_outage_of_the_api_server_the_holder_resumes_within_a_retry_period(api, process):
    process.run(4)
    api.fail = "before"
    process.run(30)
    assert process.tasks.calls == ["elected", "start", "pause"]
    api.fail = ""
    process.run(2)
    assert process.tasks.calls == ["elected", "start", "pause", "elected", "resume"]
    assert not process.leadership.superseded
    assert api.lease["spec"]["leaseTransitions"] == 0


def test_a_short_outage_pauses_nothing(api, process):
    process.run(4)
    api.fail = "before"
    process.run(6)
    api.fail = ""
    process.run(4)
    assert process.tasks.calls == ["elected", "start"]


def test_a_process_whose_lease_another_one_has_acquired_is_superseded(api, process):
    other = Process(api, "two")
    process.run(4)
    other.run(20)  # during which the first one does not renew
    process.elector.now += 20
    process.run(4)
    assert process.leadership.superseded
    assert process.tasks.calls == ["elected", "start", "pause"]
    assert not other.leadership.superseded
    assert other.tasks.calls == ["elected", "start"]


def test_a_process_that_has_never_led_is_not_superseded(api, process):
    process.run(4)
    other = Process(api, "two")
    other.run(4)
    assert (other.tasks.calls, other.leadership.superseded) == ([], False)
