# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Sessions that stay open: how many, for how long, and in which a Pod is probed."""

from __future__ import annotations

import threading

import pytest
from mcp_operator.validation.kept_sessions import KeptSessions

from support.clock import eventually

from ..fake_workload import GOOD, bad
from .conftest import TIMEOUT, WITH_SESSION, request


@pytest.fixture
def kept(sessions):
    return KeptSessions(sessions.open, limit=3, namespace_limit=2)


def of(number, namespace="team", container="c"):
    return request(number, container)._replace(namespace=namespace)


def test_a_pod_is_probed_in_the_session_that_is_open(kept, sessions):
    assert kept.probe(of(1)) == WITH_SESSION
    assert kept.probe(of(1)) == GOOD
    sessions.answers["pod-1"] = TIMEOUT
    assert kept.probe(of(1)._replace(light=True)) == TIMEOUT
    [session] = sessions.opened
    assert (session.open, [options.light for options in session.checks]) == (True, [False, True])


def test_a_session_that_the_server_dropped_is_opened_again(kept, sessions):
    kept.probe(of(1))
    sessions.answers["pod-1"] = None
    assert kept.probe(of(1)._replace(light=True)) == WITH_SESSION
    assert [session.open for session in sessions.opened] == [False, True]
    assert sessions.asked[-1].light


@pytest.mark.parametrize("other", ["container", "spec"])
def test_another_container_or_probe_spec_has_another_session(kept, sessions, other):
    kept.probe(of(1))
    spec = of(1).spec._replace(path="/other")
    kept.probe(of(1, container="d") if other == "container" else of(1)._replace(spec=spec))
    assert [session.open for session in sessions.opened] == [False, True]


def test_the_number_of_sessions_is_limited_in_all_and_for_each_namespace(kept, sessions):
    assert [kept.probe(of(number)) is not None for number in (1, 2, 3)] == [True, True, False]
    assert kept.probe(of(4, "other")) is not None
    assert kept.probe(of(5, "third")) is None
    assert len(kept) == 3
    kept.close("pod-1")
    assert kept.probe(of(3)) is not None
    assert [one.pod for one in sessions.opened if one.open] == ["pod-2", "pod-4", "pod-3"]


def test_a_probe_that_opens_no_session_leaves_its_place(sessions):
    kept = KeptSessions(lambda _request: (bad(), None), limit=1)
    assert kept.probe(of(1)) == bad()
    assert len(kept) == 0
    failing = KeptSessions(lambda _request: 1 / 0, limit=1)
    with pytest.raises(ZeroDivisionError):
        failing.probe(of(1))
    assert len(failing) == 0


@pytest.mark.parametrize("stopped", [False, True])
def test_one_that_is_closed_while_it_is_opened_does_not_stay_open(sessions, stopped):
    began, go = threading.Event(), threading.Event()

    def slow(one):
        began.set()
        go.wait(10)
        return sessions.open(one)

    kept = KeptSessions(slow)
    thread = threading.Thread(target=kept.probe, args=(of(1),))
    thread.start()
    assert began.wait(10)
    assert kept.probe(of(1)) is None, "another probe of the Pod is under way"
    if stopped:
        kept.stop()
    else:
        kept.close("pod-1")
    go.set()
    thread.join()
    eventually(lambda: [session.open for session in sessions.opened] == [False])
    assert len(kept) == 0


def test_after_the_end_nothing_is_opened(kept, sessions):
    kept.probe(of(1))
    kept.stop()
    kept.close("pod-1")
    assert kept.probe(of(2)) is None
    assert [session.open for session in sessions.opened] == [False]
