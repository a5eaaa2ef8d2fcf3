# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How long to wait before the API server is asked again."""

from __future__ import annotations

import random
import typing as t

# An answer that names a longer time is not believed.
_MOST_RETRY_AFTER = 120.0


class Pause:
    """Doubles with each failure, and is spread by chance so that many watches do not come back at once.

    :param first: seconds after the first failure.
    :param most: seconds that are never exceeded.
    """

    def __init__(self, first: float, most: float, chance: t.Callable[[], float] = random.random) -> None:
        self._first = first
        self._most = most
        self._chance = chance
        self.failures = 0

    def reset(self) -> None:
        """Begin anew: it works."""
        self.failures = 0

    def after_failure(self, retry_after: float = 0.0) -> float:
        """Return the seconds to wait, at least those that the API server asks for."""
        grown = min(self._most, self._first * 2.0 ** min(self.failures, 32))
        self.failures += 1
        return max(grown * (0.5 + 0.5 * self._chance()), min(retry_after, _MOST_RETRY_AFTER))
