# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How long an object that failed has to wait."""

from __future__ import annotations

import random
import typing as t
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Doubles from a second to a few minutes.

    :param first: seconds after the first failure.
    :param most: seconds that are never exceeded, jitter aside.
    :param jitter: the part of a delay that chance adds or takes away, so that what failed together does not come back
        together.
    """

    first: float = 1.0
    most: float = 300.0
    jitter: float = 0.25
    chance: t.Callable[[], float] = field(default=random.random, compare=False)

    def delay(self, failures: int) -> float:
        """Return the seconds to wait after so many failures in a row."""
        # 2.0 ** 1024 overflows; nobody waits for it anyway.
        delay = min(self.most, self.first * 2.0 ** min(failures - 1, 64))
        return delay * (1 + self.jitter * (2 * self.chance() - 1))
