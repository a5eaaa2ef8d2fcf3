# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers that end with the session of a probe are found out by their restarts, and probed in one session."""

from __future__ import annotations

import pytest
from mcp_operator._vendor._engine.pod_probe import Ending
from mcp_operator.workloads.container_ref import ProbeSchedule

from support.clock import eventually

from ..fake_workload import bad
from .conftest import WITH_SESSION, owner, request

OWNER = owner(1)
SCHEDULE = ProbeSchedule(full=600.0, light=10.0)


class Kubelet:
    """Restarts the container of a Pod, and lets the operator know."""

    def __init__(self, scheduler, prober, pods, clock, pass_time):
        self.scheduler, self.prober, self.pods = scheduler, prober, pods
        self.clock, self.pass_time = clock, pass_time
        self.pods.answers = {f"pod-{number}": WITH_SESSION for number in range(9)}
        self.restarts = 0
        self.more = {}

    def request(self, number=1, ended=0.0, **more):
        one = request(number, f"c{self.restarts}")
        fields = {"schedule": SCHEDULE, "template": "t", "namespace": "team", **self.more, **more}
        return one._replace(ended=ended, **fields)

    def observe(self, *requests, reported=None):
        self.prober.observe_restarts(OWNER, requests, reported=reported)
        self.scheduler.set_requests(OWNER, [one for one in requests if one.ready or one.early])

    def restart(self, after=1.0, unready=False, **more):
        """Let the container end so many seconds after the last probe, and the next one be ready."""
        self.clock.step(after)
        self.restarts += 1
        one = self.request(ended=float(int(self.clock.epoch())), **more)
        if unready:
            self.observe(one._replace(ready=False))
            self.clock.step(5.0)
        self.observe(one)
        self.pass_time(0)
        return one


@pytest.fixture
def kubelet(scheduler, prober, pods, clock, pass_time):
    made = Kubelet(scheduler, prober, pods, clock, pass_time)
    made.observe(made.request())
    pass_time(0)
    return made


def codes(scheduler, one):
    return [issue["code"] for issue in scheduler.answers(OWNER)[one.container]["issues"]]


@pytest.mark.parametrize("unready", [False, True])
def test_the_second_ending_with_a_session_is_evidence_and_there_is_no_third(
    kubelet, scheduler, pods, sessions, pass_time, unready
):
    one = kubelet.restart(unready=unready)
    assert (len(pods.asked), codes(scheduler, one)) == (2, [])
    one = kubelet.restart(unready=unready)
    assert (len(pods.asked), len(sessions.opened)) == (2, 1)
    assert codes(scheduler, one) == ["ENDS_WITH_SESSION"]
    pass_time(3600)
    assert (len(pods.asked), len(sessions.opened)) == (2, 1)
    [session] = sessions.opened
    assert session.open
    lists = [options for options in session.checks if not options.light]
    assert 5 <= len(lists) <= 7
    assert len(session.checks) > 300
    assert scheduler.checked()[OWNER].when > kubelet.clock.epoch() - 700


@pytest.mark.parametrize(
    ("after", "more"),
    [(8.0, {}), (1.0, {"template": "other"})],
    ids=["later", "another template"],
)
def test_other_endings_are_no_evidence(kubelet, pods, sessions, clock, after, more):
    for number in range(4):
        kubelet.more = {name: f"{value}-{number}" for name, value in more.items()}
        kubelet.restart(after=after)
    assert (len(pods.asked), sessions.opened) == (5, [])


def test_a_server_without_sessions_does_not_end_with_them(kubelet, pods, sessions):
    pods.answers["pod-1"] = {**WITH_SESSION, "session": False}
    kubelet.restart(after=60.0)
    for _number in range(3):
        kubelet.restart()
    assert sessions.opened == []


def test_a_server_that_also_ends_while_its_session_is_open_ends_for_another_reason(
    kubelet, scheduler, pods, sessions, pass_time
):
    kubelet.restart()
    kubelet.restart()
    one = kubelet.restart()
    assert (len(pods.asked), len(sessions.opened)) == (3, 1)
    assert codes(scheduler, one) == []
    for _number in range(3):
        one = kubelet.restart()
    assert len(sessions.opened) == 1
    one = kubelet.restart()
    assert (len(sessions.opened), codes(scheduler, one)) == (2, ["ENDS_WITH_SESSION"])


def test_the_end_of_another_clients_session_changes_nothing(kubelet, scheduler, pods, sessions, pass_time):
    kubelet.restart()
    kubelet.restart()
    pass_time(100)
    one = kubelet.restart()
    assert (len(pods.asked), [session.open for session in sessions.opened]) == (2, [False, True])
    assert codes(scheduler, one) == ["ENDS_WITH_SESSION"]


def test_what_one_replica_shows_holds_for_the_others(kubelet, scheduler, pods, sessions, clock, pass_time):
    kubelet.restart()
    kubelet.restart()
    others = [kubelet.request(1), kubelet.request(2)]
    kubelet.observe(*others)
    pass_time(0)
    assert (pods.asked, [one.pod for one in sessions.opened]) == (["pod-1", "pod-1"], ["pod-1", "pod-2"])


def test_a_new_image_is_another_server(kubelet, pods, sessions):
    kubelet.restart()
    kubelet.restart()
    assert [one.open for one in sessions.opened] == [True]
    container = kubelet.request().container._replace(image_id="j", container_id="d")
    kubelet.observe(kubelet.request()._replace(container=container))
    kubelet.pass_time(0)
    assert len(pods.asked) == 3


def test_what_an_earlier_process_found_is_known(kubelet, scheduler, prober, pods, sessions):
    scheduler.forget(OWNER)
    pods.asked.clear()
    one = kubelet.request()
    kubelet.observe(one, reported=Ending.SHARED)
    kubelet.pass_time(0)
    assert (pods.asked, len(sessions.opened), codes(scheduler, one)) == ([], 1, ["ENDS_WITH_SESSION"])


def test_what_the_validator_finds_is_evidence_at_once(kubelet, scheduler, pods, sessions):
    issue = {"code": "ENDS_WITH_SESSION", "level": "warning", "message": "Its end was seen."}
    pods.answers["pod-1"] = {**WITH_SESSION, "issues": [issue]}
    kubelet.restart(after=8.0)
    assert len(pods.asked) == 2
    one = kubelet.restart(after=8.0)
    assert (len(pods.asked), [session.open for session in sessions.opened]) == (2, [True])
    assert codes(scheduler, one) == ["ENDS_WITH_SESSION"]


def test_a_request_to_validate_again_is_served_in_the_open_session(kubelet, scheduler, sessions):
    kubelet.restart()
    one = kubelet.restart()
    again = one._replace(container=one.container._replace(digest="again"))
    kubelet.observe(again)
    kubelet.pass_time(0)
    [session] = sessions.opened
    assert [options.light for options in session.checks] == [False]
    assert codes(scheduler, again) == ["ENDS_WITH_SESSION"]


@pytest.mark.parametrize("how", ["gone", "forgotten", "stopped"])
def test_sessions_end_with_what_they_are_for(kubelet, scheduler, sessions, how):
    kubelet.restart()
    kubelet.restart()
    [session] = sessions.opened
    if how == "gone":
        kubelet.observe()
    elif how == "forgotten":
        scheduler.forget(OWNER)
    else:
        scheduler.stop()
    eventually(lambda: not session.open)


def test_no_session_is_kept_of_a_server_that_serves_only_one(kubelet, scheduler, prober, pods, sessions, suspects):
    pods.answers["pod-1"] = bad("SSE_CONNECTION_FAILED")
    kubelet.restart()
    [suspect] = suspects.opened
    assert not suspect.open
    for _number in range(3):
        one = kubelet.restart()
    kubelet.pass_time(3600)
    assert (len(pods.asked), len(suspects.opened), sessions.opened) == (2, 1, [])
    assert codes(scheduler, one) == ["ENDS_WITH_SESSION"]
    [issue] = scheduler.answers(OWNER)[one.container]["issues"]
    assert "not validated again" in issue["message"]


def test_nothing_is_sent_to_a_container_that_an_earlier_process_validated_if_it_serves_only_one(
    kubelet, scheduler, prober, pods, sessions
):
    scheduler.forget(OWNER)
    pods.asked.clear()
    one = kubelet.request()
    prober.observe_restarts(OWNER, [one], reported=Ending.EXCLUSIVE)
    scheduler.set_requests(OWNER, [one], known=True)
    kubelet.pass_time(3600)
    assert (pods.asked, sessions.opened, scheduler.has_unanswered(OWNER)) == ([], [], False)


def test_without_a_place_for_a_session_the_last_result_stays_and_nothing_is_sent(
    kubelet, scheduler, prober, pods, sessions, clock, pass_time
):
    kubelet.restart()
    kubelet.restart()
    requests = [kubelet.request(number) for number in (1, 2, 3)]
    kubelet.observe(*requests)
    pass_time(1800)
    assert (len(sessions.opened), len(pods.asked)) == (2, 2)
    assert all(codes(scheduler, one) == ["ENDS_WITH_SESSION"] for one in requests)
    assert scheduler.checked()[OWNER].when < clock.epoch() - 1700, "it is not validated periodically"
    kubelet.observe(*requests[1:])
    pass_time(15)
    assert [one.pod for one in sessions.opened] == ["pod-1", "pod-2", "pod-3"]
