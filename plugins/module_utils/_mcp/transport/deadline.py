# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Deadlines on the monotonic clock."""

from __future__ import annotations

import time

from ..errors import DeadlineExceeded


class Deadline:
    """A time at which every wait ends."""

    __slots__ = ("_at", "seconds")

    def __init__(self, seconds: float, *, at: float | None = None) -> None:
        self.seconds = seconds
        self._at = time.monotonic() + seconds if at is None else at

    def within(self, seconds: float) -> Deadline:
        """Return this deadline or one in ``seconds`` from now, whichever is earlier."""
        at = time.monotonic() + seconds
        return self if self._at <= at else Deadline(seconds, at=at)

    @property
    def passed(self) -> bool:
        """Whether the deadline has passed."""
        return time.monotonic() >= self._at

    @property
    def left(self) -> float:
        """The remaining seconds, at least 0."""
        return max(0.0, self._at - time.monotonic())

    def remaining(self, waiting_for: str) -> float:
        """Return the remaining seconds, more than 0.

        :raises DeadlineExceeded: if the deadline has passed.
        """
        left = self._at - time.monotonic()
        if left <= 0:
            raise self.exceeded(waiting_for)
        return left

    def exceeded(self, waiting_for: str) -> DeadlineExceeded:
        """Return the error for a wait that exceeded the deadline."""
        return DeadlineExceeded(f"Timed out after {self.seconds:g} s while waiting for {waiting_for}.")
