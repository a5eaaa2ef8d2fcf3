# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Take the structured content of a tool's result into the report (pure)."""

from __future__ import annotations

import math
import typing as t

from ..._util import clean

MAX_VALUES: t.Final = 500
MAX_DEPTH: t.Final = 10


class _TooLarge(Exception):
    """A limit is exceeded."""


def excerpt_of(value: t.Any, limit: int) -> t.Any:
    """Return a copy of JSON data without control and hidden characters; None if there are too many values.

    :param limit: characters of one string.
    """
    left = [MAX_VALUES]

    def copy(item: t.Any, depth: int) -> t.Any:
        left[0] -= 1
        if left[0] < 0 or depth > MAX_DEPTH:
            raise _TooLarge
        if isinstance(item, str):
            return clean(item, limit)
        if isinstance(item, dict):
            return {clean(name, limit): copy(child, depth + 1) for name, child in item.items()}
        if isinstance(item, list):
            return [copy(child, depth + 1) for child in item]
        # JSON has no NaN and no Infinity, and a report is JSON.
        return None if isinstance(item, float) and not math.isfinite(item) else item

    try:
        return copy(value, 0)
    except _TooLarge:
        return None
