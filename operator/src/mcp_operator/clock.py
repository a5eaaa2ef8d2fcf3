# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Time as the operator's threads use it: passed in, so that tests step it instead of sleeping."""

from __future__ import annotations

import threading
import time
import typing as t


class Clock(t.Protocol):
    """A source of time that threads can wait on."""

    def now(self) -> float:
        """Return monotonic seconds, for measuring durations."""
        ...

    def epoch(self) -> float:
        """Return seconds since the epoch, for timestamps that users see."""
        ...

    def wait_until(self, condition: threading.Condition, moment: float | None) -> None:
        """Wait on a condition that the caller holds, until it is notified or `now` has reached a moment.

        May return early, as ``threading.Condition.wait`` may.

        :param moment: monotonic seconds; None waits for a notification only.
        """
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> float:
        """Return monotonic seconds."""
        return time.monotonic()

    def epoch(self) -> float:
        """Return seconds since the epoch."""
        return time.time()

    def wait_until(self, condition: threading.Condition, moment: float | None) -> None:
        """Wait on a condition until it is notified or a moment has come."""
        seconds = None if moment is None else moment - time.monotonic()
        if seconds is None or seconds > 0:
            condition.wait(seconds)


SYSTEM = SystemClock()
