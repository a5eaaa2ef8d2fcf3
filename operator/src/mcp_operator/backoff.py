# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Exponential back-off with jitter."""

from __future__ import annotations

import random
import typing as t
from dataclasses import dataclass, field

# The longest Retry-After of a server that is respected, seconds.
_MAX_RETRY_AFTER = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Delays that double with each failure.

    :param first: seconds after the first failure.
    :param most: the longest delay in seconds, without jitter.
    :param jitter: the fraction by which a delay is randomly longer or shorter, which spreads simultaneous failures.
    :param chance: returns a random number from 0 to 1.
    """

    first: float = 1.0
    most: float = 300.0
    jitter: float = 0.25
    chance: t.Callable[[], float] = field(default=random.random, compare=False)

    def delay(self, failures: int, retry_after: float = 0.0) -> float:
        """Return the seconds to wait after a number of consecutive failures.

        :param failures: at least 1.
        :param retry_after: the server's Retry-After in seconds. The delay is at least that, up to two minutes.
        """
        # The limit of the exponent prevents an overflow.
        delay = min(self.most, self.first * 2.0 ** min(failures - 1, 64))
        return max(delay * (1 + self.jitter * (2 * self.chance() - 1)), min(retry_after, _MAX_RETRY_AFTER))
