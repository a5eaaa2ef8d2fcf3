# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Finds out which servers end with the session of a probe.

The evidence is a container that ended just after a probe's session did. One may be a coincidence, so two are required.
Whether the server serves another session while one is open is found out by the probe before the last ending. The
validator may also find out by itself that a server fails after the end of a session; it does for Streamable HTTP, which
has many sessions at a time.
A container that ends just after a session was opened, and while that is open, shows that the server ends for another
reason: then twice as many are required from there on.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._vendor._engine.pod_probe import Ending
from ..cluster.store import Key
from ..workloads.container_ref import ProbeRequest
from .http_probe import Answer

# Seconds between the end of a session and that of the container, by two clocks. The kubelet's timestamps have no
# fractions.
_BEFORE, _AFTER = -2.0, 5.0
_NEEDED = 2

# A Pod template and an image of an MCPServer: other ones are other servers.
_Version = tuple[str, str]


@dataclass(slots=True)
class _Evidence:
    """What is known of one version of a server."""

    endings: int = 0
    needed: int = _NEEDED
    answer: Answer | None = None
    ending: Ending = Ending.EXCLUSIVE


@dataclass(slots=True)
class _Session:
    """The last session of a Pod; times are in seconds since the epoch.

    :param closed: None while it is open.
    """

    container_id: str
    version: _Version
    answer: Answer
    opened: float
    closed: float | None


class SessionEndings:
    """Keeps the evidence of all MCPServers. Not thread-safe."""

    def __init__(self) -> None:
        self._evidence: dict[Key, dict[_Version, _Evidence]] = {}
        self._sessions: dict[Key, dict[str, _Session]] = {}

    def ending(self, owner: Key, request: ProbeRequest) -> Ending | None:
        """Return how a server ends with the session of a probe; None if it does not."""
        evidence = self._evidence.get(owner, {}).get(_version(request))
        return evidence.ending if evidence is not None and evidence.endings >= evidence.needed else None

    def is_suspected(self, owner: Key, request: ProbeRequest) -> bool:
        """Tell whether one more ending suffices."""
        evidence = self._evidence.get(owner, {}).get(_version(request))
        return evidence is not None and evidence.endings == evidence.needed - 1

    def record_ending(self, owner: Key, request: ProbeRequest, ending: Ending) -> None:
        """Record how a server that is suspected ends."""
        evidence = self._evidence.get(owner, {}).get(_version(request))
        if evidence is not None:
            evidence.ending = ending

    def record_found(self, owner: Key, request: ProbeRequest, answer: Answer) -> None:
        """Record that the validator itself found that a server ends with its session."""
        evidence = self._evidence.setdefault(owner, {}).setdefault(_version(request), _Evidence())
        evidence.endings, evidence.ending, evidence.answer = evidence.needed, Ending.SHARED, answer

    def last_answer(self, owner: Key, request: ProbeRequest) -> Answer | None:
        """Return the result of the last session after which a container of this server ended."""
        evidence = self._evidence.get(owner, {}).get(_version(request))
        return None if evidence is None else evidence.answer

    def record_session(
        self, owner: Key, request: ProbeRequest, answer: Answer, opened: float, closed: float | None
    ) -> None:
        """Record a probe that passed.

        :param opened: when it began, in seconds since the epoch.
        :param closed: when its session ended; None if it was kept open.
        """
        if not answer.get("session"):
            return
        sessions = self._sessions.setdefault(owner, {})
        before = sessions.get(request.container.pod)
        container_id = request.container.container_id
        if closed is None and before is not None and (before.container_id, before.closed) == (container_id, None):
            return  # the session is the same one
        sessions[request.container.pod] = _Session(container_id, _version(request), answer, opened, closed)

    def update(self, owner: Key, requests: t.Sequence[ProbeRequest], *, reported: Ending | None) -> None:
        """Learn from restarts of containers, and forget Pods and versions that are gone.

        :param requests: for all containers of the MCPServer.
        :param reported: how these servers end, as an earlier process of the operator found.
        """
        evidence, sessions = self._evidence.get(owner, {}), self._sessions.get(owner, {})
        for request in requests:
            session = sessions.get(request.container.pod)
            if session is not None and session.container_id != request.container.container_id:
                del sessions[request.container.pod]
                _learn(evidence.setdefault(session.version, _Evidence()), session, request.ended)
        if reported and not evidence:
            evidence = {_version(request): _Evidence(_NEEDED, ending=reported) for request in requests}
        if requests:
            versions = {_version(request) for request in requests}
            evidence = {version: found for version, found in evidence.items() if version in versions}
        pods = {request.container.pod for request in requests}
        _set(self._sessions, owner, {pod: found for pod, found in sessions.items() if pod in pods})
        _set(self._evidence, owner, evidence)

    def forget(self, owner: Key) -> None:
        """Forget an MCPServer."""
        self._evidence.pop(owner, None)
        self._sessions.pop(owner, None)


def _learn(evidence: _Evidence, session: _Session, ended: float) -> None:
    """Take the end of a container as evidence for or against the server.

    :param session: the last one of the container.
    """
    if session.closed is not None and _BEFORE <= ended - session.closed <= _AFTER:
        evidence.endings, evidence.answer = evidence.endings + 1, session.answer
    elif session.closed is None and _BEFORE <= ended - session.opened <= _AFTER:
        evidence.endings, evidence.needed = 0, evidence.needed * 2


def _version(request: ProbeRequest) -> _Version:
    return request.template, request.container.image_id


def _set(where: dict[Key, t.Any], owner: Key, found: t.Mapping[t.Any, t.Any]) -> None:
    if found:
        where[owner] = found
    else:
        where.pop(owner, None)
