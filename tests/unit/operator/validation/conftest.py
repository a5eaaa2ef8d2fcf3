# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from mcp_operator._vendor._workload.probe_spec import ProbeSpec
from mcp_operator.cluster.store import Key
from mcp_operator.validation.kept_sessions import KeptSessions
from mcp_operator.validation.probe_scheduler import ProbeScheduler
from mcp_operator.validation.prober import Prober
from mcp_operator.workloads.container_ref import ContainerRef, ProbeRequest, ProbeSchedule

from support.clock import eventually, is_idle

from ..fake_workload import GOOD, bad

SPEC = ProbeSpec(8080, None, "auto", "a.b.svc:8080", ())
TIMEOUT = bad("TIMEOUT")
SCHEDULE = ProbeSchedule(full=600.0)
WITH_SESSION = {**GOOD, "session": True}


def owner(number):
    return Key("servers", "team", f"s{number}")


def request(number, container="c"):
    return ProbeRequest(
        ContainerRef(f"pod-{number}", container, "i", SPEC.digest), f"pod-{number}", "10.0.0.1", SPEC, True
    )


class Session:
    """A session that is kept open."""

    def __init__(self, sessions, pod):
        self.sessions = sessions
        self.pod = pod
        self.open = True
        self.checks = []
        sessions.opened.append(self)

    def check(self, options):
        self.checks.append(options)
        answer = self.sessions.answers.get(self.pod, GOOD)
        return answer and SimpleNamespace(to_dict=lambda: answer)

    def close(self):
        assert self.open, "it is closed once"
        self.open = False


class Sessions:
    """All sessions that were kept open; None as an answer means that the server dropped the session."""

    def __init__(self):
        self.opened = []
        self.answers = {}
        self.asked = []

    def open(self, request):
        self.asked.append(request)
        assert not any(one.open for one in self.of(request.pod)), "never two for a Pod"
        return WITH_SESSION, Session(self, request.pod)

    def of(self, pod):
        return [one for one in self.opened if one.pod == pod]


class Pods:
    """The Pods that are probed."""

    def __init__(self):
        self.asked = []
        self.hang = set()
        self.free = threading.Event()
        self.answers = {}
        self.most = self.now = 0
        self._lock = threading.Lock()

    def ask(self, one):
        with self._lock:
            self.asked.append(one.pod)
            self.now += 1
            self.most = max(self.most, self.now)
        if one.pod in self.hang:
            self.free.wait(10)
        with self._lock:
            self.now -= 1
        answer = self.answers.get(one.pod, GOOD)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def pods():
    return Pods()


@pytest.fixture
def sessions():
    return Sessions()


@pytest.fixture
def suspects():
    """The sessions during which another one is tried."""
    return Sessions()


@pytest.fixture
def prober(pods, suspects, sessions, clock):
    return Prober(pods.ask, suspects.open, KeptSessions(sessions.open, limit=3, namespace_limit=2), clock)


@pytest.fixture
def scheduler(pods, prober, clock):
    made = ProbeScheduler(prober, lambda *_result: None, workers=4, clock=clock)
    made.start()
    yield made
    pods.free.set()
    made.stop()


@pytest.fixture
def pass_time(scheduler, clock):
    """Let time pass, and every probe be made that is due."""

    def step(seconds):
        end = clock.now() + seconds
        while True:
            eventually(lambda: is_idle(scheduler.queue))
            if clock.now() >= end:
                return
            moments = [delay.moment for delay in scheduler.queue._delays.values()]
            clock.step(min([end, *moments]) - clock.now())

    return step
