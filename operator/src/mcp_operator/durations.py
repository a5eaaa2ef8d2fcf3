# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Durations as Go writes them, which is how flags and ``watches.yaml`` of Kubernetes operators say them: ``1h30m``."""

from __future__ import annotations

import re

_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_PART = re.compile(r"(\d+\.?\d*|\.\d+)(" + "|".join(sorted(_SECONDS, key=len, reverse=True)) + ")", re.ASCII)
# Go's largest duration is some 292 years; nothing that long is meant.
_MOST = 100 * 365 * 24 * 3600.0


def seconds_of(text: str) -> float:
    """Return the seconds of a duration that is not negative.

    :raises ValueError: it is not one.
    """
    if text in ("0", "+0"):
        return 0.0
    end = 1 if text.startswith("+") else 0
    total = 0.0
    while part := _PART.match(text, end):
        total += float(part[1]) * _SECONDS[part[2]]
        end = part.end()
    if end != len(text) or not text.strip("+") or total > _MOST:
        raise ValueError(f"not a duration: {text!r}; write it like 30s, 5m or 1h30m")
    return total
