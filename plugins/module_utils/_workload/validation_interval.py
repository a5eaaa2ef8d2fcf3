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
SHORTEST = 30.0
_LONGEST_TTL = 1e9


def interval(server: t.Mapping[str, t.Any]) -> float:
    """Return the seconds from one full validation of a Pod that passes to the next: 0 for never, else at least 30.

    Objects with a shorter interval remain valid, since they may have been stored before there was a minimum.
    """
    seconds = _given(server["spec"])
    return max(seconds, SHORTEST) if seconds else seconds


def revalidation_interval(server: t.Mapping[str, t.Any]) -> float:
    """Return the interval, or the time in which the lists of the server are fresh if that is shorter.

    0 is for never; else it is at least 30 seconds.

    A ttlMs of 0, with which servers say nothing about freshness, does not shorten it. The specification says so of
    clients, too: a ttlMs is no polling interval (2026-07-28, Caching).
    """
    seconds = interval(server)
    ttl = ((server.get("status") or {}).get("validation") or {}).get("ttlSeconds")
    if not seconds or isinstance(ttl, bool) or not isinstance(ttl, int) or ttl <= 0:
        return seconds
    return min(seconds, max(float(ttl), SHORTEST))


def ttl_of(report: t.Mapping[str, t.Any]) -> float | None:
    """Return the seconds in which the lists in a report are fresh; None if the server says nothing, or no number."""
    ttl = report.get("ttl")
    if isinstance(ttl, bool) or not isinstance(ttl, (int, float)) or not 0 <= ttl <= _LONGEST_TTL:
        return None
    # A fraction of a second is not 0, which has a meaning of its own.
    return max(ttl, 1.0) if ttl else 0.0


def warnings(spec: t.Mapping[str, t.Any]) -> list[str]:
    """Return a warning if the manifest sets a shorter interval than the minimum."""
    if not 0 < _given(spec) < SHORTEST:
        return []
    return [f"spec.validation.interval is below the minimum; {SHORTEST:.0f} seconds are used."]


def _given(spec: t.Mapping[str, t.Any]) -> float:
    value = mapping(spec, "validation").get("interval")
    if value is None:
        return _DEFAULT
    text = str(value)
    try:
        return float(text) if text.isdigit() else parse_duration(text)
    except ValueError:
        return _DEFAULT
