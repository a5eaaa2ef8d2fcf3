# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Makes probes. A server that ends with the session of a probe is probed in one session that stays open."""

from __future__ import annotations

import threading
import typing as t

from .._vendor._engine.pod_probe import Ending, ends_with_session, with_ending
from ..clock import SYSTEM, Clock
from ..cluster.store import Key
from ..workloads.container_ref import ProbeRequest
from .http_probe import Answer
from .kept_sessions import KeptSessions, Opener, open_session
from .session_endings import SessionEndings

Probe = t.Callable[[ProbeRequest], Answer]


class Prober:
    """Makes probes, and finds out which servers end with the session of one. Thread-safe.

    :param probe: makes a probe whose session ends with it.
    :param opener: makes a probe whose session stays open.
    :param sessions: keeps such sessions.
    """

    def __init__(
        self,
        probe: Probe,
        opener: Opener = open_session,
        sessions: KeptSessions | None = None,
        clock: Clock = SYSTEM,
    ) -> None:
        self._probe = probe
        self._open = opener
        self._sessions = KeptSessions(opener) if sessions is None else sessions
        self._clock = clock
        self._lock = threading.Lock()
        self._endings = SessionEndings()

    def probe(self, owner: Key, request: ProbeRequest, *, passed: bool) -> tuple[Answer | None, bool]:
        """Return the result of a probe, and whether one was made.

        A server that ends with its session is probed in a session that stays open. If there is no place for one, or if
        that would keep clients out, nothing is sent: the last result of the server, if there is one, is the result.

        :param passed: the container has passed.
        """
        with self._lock:
            ending, last = self._endings.ending(owner, request), self._endings.last_answer(owner, request)
            suspected = self._endings.is_suspected(owner, request)
        opened, answer = self._clock.epoch(), None
        if ending is Ending.SHARED:
            answer = self._sessions.probe(request)
        kept = answer is not None
        if ending is not None and answer is None and (last is not None or passed):
            return last, False
        if answer is None:
            answer = self._probe_suspect(owner, request) if suspected else self._probe(request)
        if answer["compliant"] is not False:
            with self._lock:
                closed = None if kept else self._clock.epoch()
                self._endings.record_session(owner, request, answer, opened, closed)
                if ends_with_session(answer):
                    self._endings.record_found(owner, request, answer)
        return answer, True

    def _probe_suspect(self, owner: Key, request: ProbeRequest) -> Answer:
        """Probe a server that may end with its session, and find out whether it serves another one meanwhile."""
        answer, session = self._open(request)
        if session is None:
            return answer
        try:
            other = self._probe(request._replace(light=True, spec=request.spec.periodic))
        finally:
            session.close()
        with self._lock:
            shared = other["compliant"] is not False
            self._endings.record_ending(owner, request, Ending.SHARED if shared else Ending.EXCLUSIVE)
        return answer

    def observe_restarts(self, owner: Key, requests: t.Sequence[ProbeRequest], *, reported: Ending | None) -> None:
        """Find out by restarts which servers end with the session of a probe.

        :param requests: for all containers of the owner, also those that are not to be probed.
        :param reported: how these servers end, as an earlier process of the operator found.
        """
        with self._lock:
            self._endings.update(owner, requests, reported=reported)

    def complete(self, owner: Key, request: ProbeRequest, answer: Answer) -> Answer:
        """Return a result with what is known by restarts of containers."""
        with self._lock:
            ending = self._endings.ending(owner, request)
        return answer if ending is None else with_ending(answer, ending)

    def release(self, pods: t.Iterable[str]) -> None:
        """Close the sessions of Pods, given by their uids."""
        for pod in pods:
            self._sessions.close(pod)

    def forget(self, owner: Key) -> None:
        """Forget what is known of an owner's servers."""
        with self._lock:
            self._endings.forget(owner)

    def stop(self) -> None:
        """Close all sessions, and open none any more."""
        self._sessions.stop()
