# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The deadline: one moment of the monotonic clock that every wait ends at."""

from __future__ import annotations

import time

from ..errors import DeadlineExceeded


class Deadline:
    """A moment after which nothing is waited for; a narrower one never outlives the one it was made from."""

    __slots__ = ("_at", "seconds")

    def __init__(self, seconds: float, *, at: float | None = None) -> None:
        self.seconds = seconds
        self._at = time.monotonic() + seconds if at is None else at

    def within(self, seconds: float) -> Deadline:
        """Return the earlier of this deadline and one that is ``seconds`` from now."""
        at = time.monotonic() + seconds
        return self if self._at <= at else Deadline(seconds, at=at)

    @property
    def passed(self) -> bool:
        """Tell whether time is up."""
        return time.monotonic() >= self._at

    @property
    def left(self) -> float:
        """Return the seconds that are left, 0 when none are."""
        return max(0.0, self._at - time.monotonic())

    def remaining(self, waiting_for: str) -> float:
        """Return the seconds that are left, always more than 0.

        :raises DeadlineExceeded: when none are.
        """
        left = self._at - time.monotonic()
        if left <= 0:
            raise self.exceeded(waiting_for)
        return left

    def exceeded(self, waiting_for: str) -> DeadlineExceeded:
        """Return the error that tells that time was up while waiting for something."""
        return DeadlineExceeded(f"No answer within {self.seconds:g} s while waiting for {waiting_for}.")
