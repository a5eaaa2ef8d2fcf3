# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""How often the Pods of an MCPServer are validated completely."""

from __future__ import annotations

import typing as t

from .._util import parse_duration
from .fields import mapping

_DEFAULT = 600.0
# A full validation lists everything: one each second costs a fifth of a core.
_SHORTEST = 30.0


def interval(server: t.Mapping[str, t.Any]) -> float:
    """Return the seconds from one full validation of a Pod that passes to the next: 0 for never, else at least 30.

    Objects with a shorter interval remain valid, since they may have been stored before there was a minimum.
    """
    seconds = _given(server["spec"])
    return max(seconds, _SHORTEST) if seconds else seconds


def warnings(spec: t.Mapping[str, t.Any]) -> list[str]:
    """Return a warning if the manifest sets a shorter interval than the minimum."""
    if not 0 < _given(spec) < _SHORTEST:
        return []
    return [f"spec.validation.interval is below the minimum; {_SHORTEST:.0f} seconds are used."]


def _given(spec: t.Mapping[str, t.Any]) -> float:
    value = mapping(spec, "validation").get("interval")
    if value is None:
        return _DEFAULT
    text = str(value)
    try:
        return float(text) if text.isdigit() else parse_duration(text)
    except ValueError:
        return _DEFAULT
