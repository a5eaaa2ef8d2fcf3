# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Electors before a Lease that is kept in memory, with clocks that a test moves."""

from __future__ import annotations

import copy
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp_operator._vendor._kube.errors import ApiConflict, ApiNotFound, ApiUnreachable
from mcp_operator.cluster.elector import ElectionTiming, Elector, boottime
from mcp_operator.cluster.lease import Lease, LeaseRecord

from .conftest import until


class Api:
    """The API server's Lease: optimistic lock, merge patch, and failures before or after the deed."""

    def __init__(self):
        self.lease = None
        self.version = 0
        self.fail = ""
        self.calls = []

    def request(self, method, _path, *, body=None, retry, **_more):
        assert not retry
        self.calls.append(method)
        if self.fail == "before":
            raise ApiUnreachable("no answer")
        answer = self._do(method, body)
        if self.fail == "after":
            raise ApiUnreachable("the answer was lost")
        return copy.deepcopy(answer)

    def _do(self, method, body):
        if method == "GET":
            if self.lease is None:
                raise ApiNotFound("none")
            return self.lease
        if (method == "POST") != (self.lease is None):
            raise ApiConflict("exists")
        if method == "PATCH" and body["metadata"]["resourceVersion"] != self.lease["metadata"]["resourceVersion"]:
            raise ApiConflict("changed")
        self.version += 1
        old = (self.lease or {}).get("metadata", {}).get("annotations", {})
        annotations = {**old, **body["metadata"]["annotations"]}
        metadata = {"resourceVersion": str(self.version), "annotations": annotations}
        # Renewals within a microsecond do not exist outside of tests.
        self.lease = {"metadata": metadata, "spec": {**body["spec"], "renewTime": f"t{self.version}"}}
        return self.lease


class Candidate(Elector):
    def __init__(self, api, name, **more):
        self.now = 1000.0
        super().__init__(Lease(api, "ns", "lease", {"who": name}), name, clock=lambda: self.now, **more)


@pytest.fixture
def api():
    return Api()


def test_the_first_takes_it_and_the_second_waits(api):
    one, two = Candidate(api, "one"), Candidate(api, "two")
    assert one.attempt()
    assert not two.attempt()
    assert one.leading
    assert not two.leading
    assert two.leader == "one"
    assert api.lease["spec"]["leaseDurationSeconds"] == 15
    assert api.lease["metadata"]["annotations"] == {"who": "one"}


def test_renewing_is_one_call(api):
    one = Candidate(api, "one")
    one.attempt()
    api.calls.clear()
    one.now += 2
    assert one.attempt()
    assert api.calls == ["PATCH"]
    one.now += 9.9
    assert one.leading


def test_a_leader_that_cannot_renew_stops_before_another_acquires_the_lease(api):
    one, two = Candidate(api, "one"), Candidate(api, "two")
    one.attempt()
    two.attempt()
    api.fail = "before"
    for _ in range(6):
        one.now += 2
        two.now += 2
        one.attempt()
        two.attempt()
    assert not one.leading
    api.fail = ""
    two.now += 2
    assert not two.attempt()  # 14 s
    two.now += 1
    assert two.attempt()
    assert api.lease["spec"]["leaseTransitions"] == 1
    one.now += 3
    assert not one.attempt()
    assert one.leader == "two"


def test_leading_ends_by_itself_when_no_thread_runs(api):
    one = Candidate(api, "one")
    one.attempt()
    one.now += 10
    assert not one.leading


def test_a_candidate_whose_response_was_lost_finds_that_it_holds_the_lease(api):
    one = Candidate(api, "one")
    api.fail = "after"
    assert not one.attempt()
    api.fail = ""
    assert one.attempt()
    api.fail = "after"
    one.now += 2
    assert one.attempt()  # still, from before
    api.fail = ""
    one.now += 7
    assert one.attempt()
    one.now += 9
    assert one.leading


def test_a_released_lease_is_acquired_at_once(api):
    one, two = Candidate(api, "one"), Candidate(api, "two")
    one.attempt()
    two.attempt()
    one.release()
    assert not one.leading
    assert two.attempt()
    assert api.lease["metadata"]["annotations"] == {"who": "two"}


def test_a_follower_releases_nothing(api):
    one, two = Candidate(api, "one"), Candidate(api, "two")
    one.attempt()
    two.attempt()
    two.release()
    assert api.lease["spec"]["holderIdentity"] == "one"


def test_a_release_that_fails_still_ends_leading(api):
    one = Candidate(api, "one")
    one.attempt()
    api.fail = "before"
    one.release()
    assert not one.leading
    assert api.lease["spec"]["holderIdentity"] == "one"


def test_an_annotation_of_another_client_is_no_renewal_and_is_kept(api):
    one, two = Candidate(api, "one"), Candidate(api, "two")
    one.attempt()
    two.attempt()
    two.now += 14
    api.version += 1
    api.lease["metadata"] = {"resourceVersion": str(api.version), "annotations": {"note": "x"}}
    two.attempt()
    two.now += 1
    assert two.attempt()
    assert api.lease["metadata"]["annotations"] == {"note": "x", "who": "two"}


def test_a_lease_that_was_deleted_is_made_again(api):
    one = Candidate(api, "one")
    one.attempt()
    api.lease = None
    one.now += 2
    one.attempt()
    one.attempt()
    assert api.lease["spec"]["holderIdentity"] == "one"


def test_an_empty_lease_has_no_holder():
    assert LeaseRecord.of({"metadata": {}}) == LeaseRecord()


def test_a_lease_that_does_not_say_for_how_long_counts_as_ours(api):
    two = Candidate(api, "two")
    api.lease = {"metadata": {"resourceVersion": "1"}, "spec": {"holderIdentity": "one"}}
    assert not two.attempt()
    two.now += 15
    assert two.attempt()


@pytest.mark.parametrize("times", [{"renew": 15.0}, {"retry": 10.0}, {"retry": 0.0}])
def test_times_that_would_let_two_lead_are_refused(times):
    with pytest.raises(ValueError, match="leader election needs"):
        ElectionTiming(**times)


def test_it_runs_until_it_is_stopped(api):
    one = Elector(Lease(api, "ns", "lease"), "one", timing=ElectionTiming(retry=0.001))
    thread = threading.Thread(target=one.run, daemon=True)
    thread.start()
    until(lambda: len(api.calls) > 3)
    assert one.leading
    one.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert one.leading
    one.release()
    assert api.lease["spec"]["holderIdentity"] == ""


class FakeEvent:
    """In place of the event that the elector's loop waits on: time passes at once, and the loop ends at a moment."""

    def __init__(self, candidate, end):
        self.candidate = candidate
        self.end = end
        self.waits = []

    def is_set(self):
        return self.candidate.now >= self.end

    def wait(self, seconds):
        self.waits.append(seconds)
        self.candidate.now += seconds


def test_after_an_outage_of_any_length_attempts_go_on_every_retry_period(api):
    one = Candidate(api, "one")
    one.attempt()
    api.fail = "before"
    one._stopping = outage = FakeEvent(one, one.now + 3600)
    one.run()
    assert not one.leading
    assert len(api.calls) > 1500
    assert max(outage.waits) <= 2.2
    api.fail = ""
    one._stopping = FakeEvent(one, one.now + 0.1)
    one.run()  # the first attempt after the outage
    assert one.leading
    assert api.lease["spec"]["leaseTransitions"] == 0


def test_the_time_of_a_call_that_gets_no_response_is_part_of_the_retry_period(api):
    one = Candidate(api, "one")

    def time_out(*_arguments, **_more):
        one.now += 4.0
        raise ApiUnreachable("timed out")

    one._lease.read = time_out
    one._stopping = FakeEvent(one, one.now + 60)
    one.run()
    assert set(one._stopping.waits) == {0.0}


def test_a_holder_that_was_cut_off_does_not_take_the_lease_from_its_successor(api):
    one, two = Candidate(api, "one"), Candidate(api, "two")
    one.attempt()
    two.attempt()
    two.now += 15
    assert two.attempt()
    one.now += 15
    assert not one.attempt()  # a conflict
    assert not one.attempt()
    assert one.leader == "two"


def test_the_clock_cannot_be_set():
    assert boottime() <= boottime()


STEPS = st.lists(
    st.tuples(st.sampled_from(["attempt", "attempt", "attempt", "release"]), st.integers(0, 2), st.floats(0, 8)),
    max_size=60,
)


@given(STEPS, st.lists(st.sampled_from(["", "", "", "before", "after"]), min_size=60, max_size=60))
def test_never_do_two_lead_whatever_fails_and_however_far_clocks_are_apart(steps, failures):
    api = Api()
    candidates = [Candidate(api, name) for name in ("one", "two", "three")]
    for offset, candidate in enumerate(candidates):
        candidate.now += offset * 100_000
    for (step, who, seconds), failure in zip(steps, failures, strict=False):
        for candidate in candidates:
            candidate.now += seconds
        api.fail = failure
        getattr(candidates[who], step)()
        assert sum(candidate.leading for candidate in candidates) <= 1
