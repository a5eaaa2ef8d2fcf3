# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A clock that tests step."""

from __future__ import annotations

import threading
import time
import typing as t

# A thread that waits for a step that no test makes ends the test after so many seconds, instead of blocking it forever.
_FORGOTTEN = 30.0


class FakeClock:
    """Time that passes only when a test says so. Implements ``mcp_operator.clock.Clock``; thread-safe."""

    def __init__(self, now: float = 1000.0, epoch: float = 1_700_000_000.0) -> None:
        self._lock = threading.Lock()
        self._now = now
        self._epoch = epoch - now
        self._waiting: dict[object, tuple[threading.Condition, float | None]] = {}

    def now(self) -> float:
        """Return monotonic seconds."""
        return self._now

    def epoch(self) -> float:
        """Return seconds since the epoch."""
        return self._epoch + self._now

    def wait_until(self, condition: threading.Condition, moment: float | None) -> None:
        """Wait until the condition is notified or the clock was stepped to a moment."""
        token = object()
        with self._lock:
            if moment is not None and moment <= self._now:
                return
            self._waiting[token] = condition, moment
        try:
            condition.wait(_FORGOTTEN)
        finally:
            with self._lock:
                del self._waiting[token]

    def step(self, seconds: float) -> None:
        """Let time pass, and wake up the threads whose moment has come."""
        with self._lock:
            self._now += seconds
            due = [condition for condition, moment in self._waiting.values() if moment and moment <= self._now]
        for condition in due:
            with condition:
                condition.notify_all()

    @property
    def waiting(self) -> int:
        """How many threads wait."""
        return len(self._waiting)


def eventually(check: t.Callable[[], object], seconds: float = 10.0) -> None:
    """Wait in real time for something that other threads do without time having to pass."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.001)


def is_idle(queue: t.Any) -> bool:
    """Tell whether a ``mcp_operator.workqueue.WorkQueue`` has no key that is ready or being processed."""
    with queue._changed:
        return not len(queue) and not queue._processing
