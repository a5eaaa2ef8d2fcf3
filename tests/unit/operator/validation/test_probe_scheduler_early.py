# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Probes of containers that are not ready yet: only their success counts."""

from __future__ import annotations

from support.clock import eventually

from ..fake_workload import GOOD, bad
from .conftest import SCHEDULE, owner, request


def early(number):
    return request(number)._replace(ready=False, early=True)


def test_one_that_is_not_ready_yet_counts_only_when_it_passes(scheduler, pods, pass_time):
    pods.answers["pod-1"] = bad("NOT_MCP")
    scheduler.set_requests(owner(1), [early(1)])
    pass_time(1)
    assert len(pods.asked) >= 2
    assert (scheduler.answers(owner(1)), scheduler.attempts(owner(1))) == ({}, 0)
    assert (scheduler.has_unanswered(owner(1)), scheduler.depth()["waiting"]) == (False, 0)
    pods.answers["pod-1"] = GOOD
    pass_time(10)
    assert scheduler.answers(owner(1)) == {request(1).container: GOOD}
    count = len(pods.asked)
    scheduler.set_requests(owner(1), [request(1)])
    pass_time(60)
    assert len(pods.asked) == count


def test_one_that_has_become_ready_is_asked_at_once_and_what_it_says_counts(scheduler, pods, pass_time):
    pods.answers["pod-1"] = bad("NOT_MCP")
    scheduler.set_requests(owner(1), [early(1)])
    pass_time(30)
    count = len(pods.asked)
    scheduler.set_requests(owner(1), [request(1)])
    pass_time(0)
    assert len(pods.asked) == count + 1
    assert scheduler.answers(owner(1)) == {request(1).container: pods.answers["pod-1"]}
    pass_time(20)
    assert len(pods.asked) == count + 1, "what waited for its time before is not asked any more"


def test_one_that_becomes_ready_while_it_is_asked_is_asked_again(scheduler, pods):
    pods.answers["pod-1"] = bad("NOT_MCP")
    pods.hang = {"pod-1"}
    scheduler.set_requests(owner(1), [early(1)])
    eventually(lambda: pods.now == 1)
    scheduler.set_requests(owner(1), [request(1)])
    pods.hang = set()
    pods.free.set()
    eventually(lambda: scheduler.answers(owner(1)))
    assert pods.asked[:2] == ["pod-1", "pod-1"]


def test_those_that_are_not_ready_leave_places_to_those_that_are(scheduler, pods):
    pods.hang = {f"pod-{number}" for number in range(8)}
    for number in range(8):
        scheduler.set_requests(owner(number), [early(number)])
    eventually(lambda: pods.now == 2)
    scheduler.set_requests(owner(99), [request(99)])
    eventually(lambda: "pod-99" in pods.asked)
    assert pods.now == 2


def test_one_that_is_not_ready_for_a_while_goes_on_to_count(scheduler, pods, pass_time):
    scheduler.set_requests(owner(1), [request(1)._replace(schedule=SCHEDULE)])
    pass_time(0)
    pods.answers["pod-1"] = bad("NOT_MCP")
    scheduler.set_requests(owner(1), [early(1)._replace(schedule=SCHEDULE)])
    pass_time(700)
    assert scheduler.answers(owner(1)) == {request(1).container: pods.answers["pod-1"]}


def test_one_that_is_not_ready_yet_has_not_passed_before(scheduler, pods):
    scheduler.set_requests(owner(1), [early(1)], known=True)
    eventually(lambda: scheduler.answers(owner(1)) == {request(1).container: GOOD})
