# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Keeps sessions open, each for one Pod whose server ends with its session, and probes the Pods in them."""

from __future__ import annotations

import threading
import typing as t
from collections import Counter
from dataclasses import dataclass

from .._vendor._engine.pod_probe import probe_again, probe_pod_and_keep
from .._vendor._mcp.api import KeptSession
from ..workloads.container_ref import ProbeRequest
from .http_probe import Answer

# Sessions that are open at the same time, in all namespaces and in one of them: each may need a socket.
LIMIT, _NAMESPACE_LIMIT = 256, 32

# What a session was opened with: it is of no use for another container, nor for another probe spec.
_Identity = tuple[str, t.Any]


class Opener(t.Protocol):
    """Probes a Pod, and returns the report and the open session, if there is one."""

    def __call__(self, request: ProbeRequest) -> tuple[Answer, KeptSession | None]:
        """Probe the Pod."""
        ...


def open_session(request: ProbeRequest) -> tuple[Answer, KeptSession | None]:
    """Probe a Pod at its address, and keep the session."""
    return probe_pod_and_keep(
        request.address, request.spec, request.timeouts, access=request.access, light=request.light
    )


@dataclass(slots=True)
class _Slot:
    """The place of one Pod.

    :param busy: a probe uses it.
    :param dropped: it is to be closed after that probe.
    """

    namespace: str
    session: KeptSession | None = None
    identity: _Identity | None = None
    busy: bool = True
    dropped: bool = False


class KeptSessions:
    """Probes Pods in sessions that stay open until `close` or `stop`. Thread-safe.

    :param opener: opens a session.
    :param limit: the number of sessions.
    """

    def __init__(
        self, opener: Opener = open_session, *, limit: int = LIMIT, namespace_limit: int = _NAMESPACE_LIMIT
    ) -> None:
        self._open = opener
        self._limit = limit
        self._namespace_limit = namespace_limit
        self._lock = threading.Lock()
        self._slots: dict[str, _Slot] = {}
        self._namespaces: Counter[str] = Counter()
        self._stopped = False

    def __len__(self) -> int:
        with self._lock:
            return len(self._slots)

    def probe(self, request: ProbeRequest) -> Answer | None:
        """Probe a Pod in its session, or in a new one that is kept; None if there is no place for a session.

        There are never two sessions for a Pod: while another probe uses the session, there is no place either.
        """
        slot = self._take(request)
        if slot is None:
            return None
        try:
            return self._probe(slot, request)
        finally:
            with self._lock:
                slot.busy = False
                if slot.dropped:
                    _close(slot)
                elif slot.session is None:
                    self._remove(request.container.pod)

    def close(self, pod: str) -> None:
        """Close the session of a Pod, given by its uid."""
        with self._lock:
            if pod in self._slots:
                self._remove(pod)

    def stop(self) -> None:
        """Close all sessions, and open none any more."""
        with self._lock:
            self._stopped = True
            for pod in list(self._slots):
                self._remove(pod)

    def _take(self, request: ProbeRequest) -> _Slot | None:
        pod = request.container.pod
        with self._lock:
            slot = self._slots.get(pod)
            if slot is not None:
                free, slot.busy = not slot.busy, True
                return slot if free else None
            full = len(self._slots) >= self._limit or self._namespaces[request.namespace] >= self._namespace_limit
            if self._stopped or full:
                return None
            self._namespaces[request.namespace] += 1
            self._slots[pod] = _Slot(request.namespace)
            return self._slots[pod]

    def _remove(self, pod: str) -> None:
        slot = self._slots.pop(pod)
        self._namespaces[slot.namespace] -= 1
        if not self._namespaces[slot.namespace]:
            del self._namespaces[slot.namespace]
        slot.dropped = True
        if not slot.busy:
            _close(slot)

    def _probe(self, slot: _Slot, request: ProbeRequest) -> Answer:
        identity = (request.container.container_id, request.spec.periodic)
        if slot.session is not None and slot.identity == identity:
            answer = probe_again(
                slot.session, request.spec, request.timeouts, access=request.access, light=request.light
            )
            if answer is not None:
                return answer
        _close(slot)
        answer, slot.session = self._open(request)
        slot.identity = identity
        return answer


def _close(slot: _Slot) -> None:
    if slot.session is not None:
        slot.session.close()
        slot.session = None
