# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Finds out which servers end with the session of a validation Job: each container would get another Job."""

from __future__ import annotations

import datetime as dt
import typing as t

from .._vendor._engine.pod_probe import Ending, with_ending
from ..cluster.store import Key
from ..workloads.container_ref import ContainerRef, ProbeRequest
from .http_probe import Answer
from .session_endings import SessionEndings

# Seconds from the end of the session to that of the Job, about.
_TO_END = 2.0


class JobResult(t.Protocol):
    """What one Job came to."""

    @property
    def answers(self) -> t.Mapping[ContainerRef, Answer]:
        """The results by container."""
        ...

    @property
    def ended(self) -> dt.datetime | None:
        """When the Job ended; None while it runs."""
        ...


class _Session(t.NamedTuple):
    """A session of a Job that has ended."""

    container: ContainerRef
    ended: dt.datetime
    answer: Answer


class JobEndings:
    """Keeps the evidence of all MCPServers. Not thread-safe."""

    def __init__(self) -> None:
        self._endings = SessionEndings()
        self._recorded: dict[Key, set[tuple[ContainerRef, dt.datetime]]] = {}

    def forget(self, key: Key) -> None:
        """Forget an MCPServer."""
        self._endings.forget(key)
        self._recorded.pop(key, None)

    def answers(
        self,
        key: Key,
        requests: t.Sequence[ProbeRequest],
        results: t.Iterable[JobResult],
        *,
        known: bool,
        reported: Ending | None,
    ) -> dict[ProbeRequest, Answer | None]:
        """Return the results that remain for servers that end so: the last one, also for other containers.

        :param results: of all Jobs that are known, the newest one last. A Job may end later than the container does.
        :param known: all that are not unproven have passed; None is the result of one whose result is unknown now.
        :param reported: how these servers end, as an earlier process of the operator found.
        """
        sessions = [
            _Session(container, result.ended, answer)
            for result in results
            for container, answer in result.answers.items()
            if result.ended is not None and answer["compliant"] is not False
        ]
        self._record(key, requests, sessions)
        self._endings.update(key, requests, reported=reported)
        found: dict[ProbeRequest, Answer | None] = {}
        for request in requests:
            own = [session.answer for session in sessions if session.container == request.container]
            last = own[-1] if own else self._endings.last_answer(key, request)
            passed = last is not None or (known and not request.unproven)
            if passed and self._endings.ending(key, request) is not None:
                found[request] = None if last is None else with_ending(last, Ending.BY_JOB)
        return found

    def _record(self, key: Key, requests: t.Sequence[ProbeRequest], sessions: t.Sequence[_Session]) -> None:
        """Record each session once."""
        pods = {request.container.pod: request for request in requests}
        before = self._recorded.get(key, set())
        self._recorded[key] = {(session.container, session.ended) for session in sessions}
        for container, ended, answer in sessions:
            if container.pod in pods and (container, ended) not in before:
                request = pods[container.pod]._replace(container=container)
                closed = ended.timestamp() - _TO_END
                self._endings.record_session(key, request, answer, closed, closed)
