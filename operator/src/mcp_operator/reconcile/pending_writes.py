# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Writes to objects that are delayed, or are retried after an error without another run."""

from __future__ import annotations

import logging
import threading
import time
import typing as t
from concurrent.futures import ThreadPoolExecutor

from .._vendor._kube.errors import KubeError
from ..cluster.store import Key, Object

_log = logging.getLogger(__name__)

# Seconds after which a failed write is retried.
_RETRY = 5.0
# Concurrent calls to the API server at the end of the process.
_CALLS = 8

Write = t.Callable[[], None]


class _Pending(t.NamedTuple):
    uid: str
    write: Write
    due: float


class PendingWrites:
    """At most one pending write for each object. Thread-safe.

    :param clock: returns monotonic seconds.
    """

    def __init__(self, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pending: dict[Key, _Pending] = {}

    def add(self, key: Key, item: Object, write: Write, delay: float = 0.0) -> None:
        """Add a write, which replaces an earlier one of the object.

        :param write: raises KubeError if it fails.
        :param delay: seconds until it is due.
        """
        with self._lock:
            self._pending[key] = _Pending(_uid(item), write, self._clock() + delay)

    def discard(self, key: Key) -> None:
        """Drop the pending write of an object."""
        with self._lock:
            self._pending.pop(key, None)

    def flush(self, key: Key, item: Object) -> float | None:
        """Make the pending write of an object if it is due.

        :return: seconds until the next call is needed; None if nothing is pending any more.
        """
        with self._lock:
            pending = self._pending.get(key)
        if pending is None or pending.uid != _uid(item):
            return None
        wait = pending.due - self._clock()
        if wait > 0:
            return wait
        try:
            pending.write()
        except KubeError as exc:
            _log.warning("%s %s/%s: %s", key.watch, key.namespace, key.name, exc)
            return _RETRY
        with self._lock:
            if self._pending.get(key) is pending:
                del self._pending[key]
        return None

    def flush_all(self, seconds: float, cancelled: threading.Event) -> None:
        """Make all pending writes at the end of the process. What is recorded does not run again after a restart.

        :param seconds: after which no further write begins.
        :param cancelled: is set when another process leads; no further write begins then.
        """
        deadline = self._clock() + seconds

        def flush(pending: _Pending) -> None:
            if self._clock() < deadline and not cancelled.is_set():
                try:
                    pending.write()
                except KubeError as exc:
                    _log.warning("Failed to record the reconciled generation: %s", exc)

        with self._lock:
            writes = list(self._pending.values())
        with ThreadPoolExecutor(_CALLS, thread_name_prefix="write") as pool:
            list(pool.map(flush, writes))


def _uid(item: Object) -> str:
    return str(item["metadata"].get("uid"))
