# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""When containers are probed, and what of their results counts."""

from __future__ import annotations

import itertools

import pytest
from mcp_operator._vendor._workload.tool_call import ToolCall
from mcp_operator.cluster.store import Key
from mcp_operator.validation.metrics import LastCheckMetrics
from mcp_operator.validation.probe_scheduler import ProbeScheduler
from mcp_operator.validation.prober import Prober
from mcp_operator.workloads.container_ref import ProbeSchedule
from prometheus_client import CollectorRegistry

from support.clock import eventually, is_idle

from ..fake_workload import GOOD, bad
from .conftest import SCHEDULE, SPEC, TIMEOUT, owner, request


def test_each_is_asked_once_and_no_more_at_once_than_there_are_places(scheduler, pods):
    pods.hang = {f"pod-{number}" for number in range(8)}
    for number in range(20):
        scheduler.set_requests(owner(number), [request(number)])
    eventually(lambda: pods.now == 4)
    pods.free.set()
    eventually(lambda: scheduler.depth() == {"waiting": 0, "running": 0})
    assert (sorted(pods.asked), pods.most) == (sorted(f"pod-{number}" for number in range(20)), 4)
    for number in range(20):
        scheduler.set_requests(owner(number), [request(number)])
        assert scheduler.answers(owner(number)) == {request(number).container: GOOD}
    assert len(pods.asked) == 20


def test_those_that_failed_leave_places_to_those_that_were_never_asked(scheduler, pods, clock, pass_time):
    for number in range(10):
        pods.answers[f"pod-{number}"] = TIMEOUT
        scheduler.set_requests(owner(number), [request(number)])
    pass_time(0)
    pods.hang = {f"pod-{number}" for number in range(10)}
    clock.step(2.0)
    eventually(lambda: pods.now == 2 and len(scheduler.queue) == 8)
    scheduler.set_requests(owner(99), [request(99)])
    eventually(lambda: "pod-99" in pods.asked)
    assert pods.now == 2


@pytest.mark.parametrize(
    ("answer", "soon", "late"),
    [(TIMEOUT, 6, 9), (bad("SERVER_ERROR"), 6, 9), (bad("NOT_MCP"), 2, 3), (RuntimeError("bug"), 6, 9)],
)
def test_what_may_pass_by_itself_is_asked_again_soon(scheduler, pods, pass_time, answer, soon, late):
    pods.answers["pod-1"] = answer
    scheduler.set_requests(owner(1), [request(1)])
    pass_time(45)
    assert soon <= len(pods.asked) < late
    pods.answers["pod-1"] = GOOD
    pass_time(120)
    assert scheduler.answers(owner(1)) == {request(1).container: GOOD}
    count = len(pods.asked)
    pass_time(3600)
    assert len(pods.asked) == count


def test_another_container_is_another_subject_and_the_old_one_is_forgotten(scheduler, pods):
    scheduler.set_requests(owner(1), [request(1)])
    eventually(lambda: scheduler.answers(owner(1)))
    scheduler.set_requests(owner(1), [request(1, "d")])
    assert request(1).container not in scheduler.answers(owner(1))
    eventually(lambda: request(1, "d").container in scheduler.answers(owner(1)))
    assert pods.asked == ["pod-1", "pod-1"]


def test_one_that_is_dropped_is_not_asked_again(scheduler, pods, pass_time):
    pods.answers["pod-1"] = TIMEOUT
    scheduler.set_requests(owner(1), [request(1)])
    pass_time(5)
    assert len(pods.asked) >= 2
    scheduler.set_requests(owner(1), [])
    count = len(pods.asked)
    pass_time(600)
    assert len(pods.asked) == count
    assert (scheduler.answers(owner(1)), scheduler.attempts(owner(1))) == ({}, 0)


def test_one_that_is_dropped_while_it_is_asked_is_not_asked_again(scheduler, pods, pass_time):
    pods.answers["pod-1"], pods.hang = TIMEOUT, {"pod-1"}
    scheduler.set_requests(owner(1), [request(1)])
    eventually(lambda: pods.now == 1)
    scheduler.set_requests(owner(1), [])
    pods.free.set()
    pass_time(600)
    assert (pods.asked, scheduler.depth()) == (["pod-1"], {"waiting": 0, "running": 0})


def test_one_that_failed_and_ended_is_asked_again(scheduler, pods, clock):
    pods.answers["pod-1"] = bad("NOT_MCP")
    scheduler.set_requests(owner(1), [request(1)])
    eventually(lambda: scheduler.answers(owner(1)))
    scheduler.set_requests(owner(1), [request(1, "d")._replace(ended=clock.epoch())])
    eventually(lambda: len(pods.asked) == 2)


def test_when_everything_was_asked_last_is_told_of_those_that_pass_and_are_asked_again(
    scheduler, pods, clock, pass_time
):
    pods.answers = {"pod-2": bad("NOT_MCP")}
    began = clock.epoch()
    scheduler.set_requests(owner(0), [request(0)._replace(schedule=SCHEDULE)])
    scheduler.set_requests(owner(1), [request(1)])
    scheduler.set_requests(owner(2), [request(2)._replace(schedule=SCHEDULE)])
    pass_time(0)
    [(key, found)] = scheduler.checked().items()
    assert key == owner(0)
    assert found.interval == 600
    assert found.when == began
    pass_time(3600)
    assert clock.epoch() - 660 <= scheduler.checked()[owner(0)].when <= clock.epoch()
    scheduler.set_requests(owner(0), [])
    assert scheduler.checked() == {}


def test_of_several_pods_the_one_counts_that_waits_longest(scheduler, pods, clock):
    scheduler.set_requests(owner(0), [request(number)._replace(schedule=SCHEDULE) for number in (0, 1)], known=True)
    one, other = (scheduler._entries[request(number).container] for number in (0, 1))
    first = other.checked
    assert first <= clock.epoch(), "one that has passed before counts from when it is taken over"
    one.checked = first + 1
    assert scheduler.checked()[owner(0)].when == first
    registry = CollectorRegistry()
    LastCheckMetrics(scheduler.checked, registry)
    labels = {"namespace": "team", "name": "s0"}
    assert registry.get_sample_value("mcpserver_last_checked_timestamp_seconds", labels) == first
    assert registry.get_sample_value("mcpserver_revalidation_interval_seconds", labels) == 600


def test_a_change_of_the_schedule_counts_at_once(scheduler, pods, pass_time):
    scheduler.set_requests(owner(1), [request(1)._replace(schedule=SCHEDULE)])
    pass_time(1)
    scheduler.set_requests(owner(1), [request(1)._replace(schedule=ProbeSchedule(full=10.0))])
    pass_time(60)
    assert 6 <= len(pods.asked) <= 8
    scheduler.set_requests(owner(1), [request(1)])
    count = len(pods.asked)
    pass_time(3600)
    assert len(pods.asked) == count


def test_when_the_first_probe_of_a_container_began_is_known_from_then_on(scheduler, pods, clock, pass_time):
    pods.hang = {f"pod-{number}" for number in range(4)}
    for number in range(5):
        scheduler.set_requests(owner(number), [request(number)])
    eventually(lambda: pods.now == 4)
    waiting = [request(4).container]
    assert scheduler.first_began(owner(4), waiting) is None
    clock.step(100.0)
    began = clock.now()
    pods.free.set()
    pass_time(600)
    assert scheduler.first_began(owner(4), waiting) == began
    assert scheduler.first_began(owner(4), []) is None
    scheduler.set_requests(owner(4), [])
    assert scheduler.first_began(owner(4), waiting) is None


def test_a_namespace_leaves_a_place_to_others_that_wait(scheduler, pods):
    pods.hang = {f"pod-{number}" for number in range(8)}
    for number in range(8):
        scheduler.set_requests(owner(number), [request(number)])
    eventually(lambda: pods.now == 4)
    scheduler.set_requests(Key("servers", "other", "s"), [request(99)])
    pods.hang.discard("pod-99")
    pods.free.set()
    eventually(lambda: "pod-99" in pods.asked)
    assert pods.asked.index("pod-99") <= 5, "it takes one of the next places"


def test_a_tool_is_called_until_the_container_passes_and_then_no_more(pods, clock):
    calls = []

    def ask(one):
        calls.append(one.spec.tool_call)
        return pods.ask(one)

    scheduler = ProbeScheduler(Prober(ask, clock=clock), lambda *_result: None, workers=4, clock=clock)
    scheduler.start()
    try:
        call = ToolCall("search", "{}")
        spec = SPEC._replace(tool_call=call, expect=("tool_call",))
        one = request(1)._replace(spec=spec, schedule=SCHEDULE)
        pods.answers = {one.pod: bad("TOOL_CALL_ERROR")}
        scheduler.set_requests(owner(1), [one])
        eventually(lambda: calls == [call])
        pods.answers = {}
        clock.step(60)
        eventually(lambda: calls == [call, call])
        for number in range(3, 6):
            eventually(lambda: is_idle(scheduler.queue))
            clock.step(700)
            eventually(lambda number=number: len(calls) == number)
        assert calls == [call, call, None, None, None]
    finally:
        scheduler.stop()


STRICT = ProbeSchedule(full=600.0, light=10.0, threshold=3)
NOTIFIES = {**GOOD, "list_changed": True}


@pytest.fixture
def probes(clock):
    """Record when each probe was made, and whether it was light."""
    return []


@pytest.fixture
def notified(pods, probes, scheduler, clock, pass_time):
    """A server that has passed, and is probed lightly from then on."""

    def ask(one):
        probes.append((round(clock.now()), one.light))
        return pods.answers.get(one.pod, GOOD)

    pods.ask = scheduler._prober._probe = ask
    scheduler.set_requests(owner(1), [request(1)._replace(schedule=STRICT)])
    pass_time(60)
    assert [light for _when, light in probes] == [False, *[True] * (len(probes) - 1)]
    probes.clear()
    return pods


def test_a_notification_that_a_list_changed_leads_to_a_full_validation_at_once(notified, probes, pass_time):
    notified.answers = {"pod-1": NOTIFIES}
    pass_time(12)
    light, full = probes[:2]
    assert (light[1], full[1]) == (True, False)
    assert full[0] - light[0] <= 1


def test_such_notifications_lead_to_no_more_full_validations_than_a_manifest_may_request(notified, probes, pass_time):
    notified.answers = {"pod-1": NOTIFIES}
    pass_time(300)
    moments = [when for when, light in probes if not light]
    assert 8 <= len(moments) <= 11
    assert min(later - earlier for earlier, later in itertools.pairwise(moments)) >= 29


def test_without_periodic_full_validations_a_notification_changes_nothing(scheduler, pods, pass_time):
    pods.answers = {"pod-1": NOTIFIES}
    scheduler.set_requests(owner(1), [request(1)])
    pass_time(600)
    assert len(pods.asked) == 1
