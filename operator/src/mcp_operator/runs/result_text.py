# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Texts of a run, made fit for a status or a log: short, and without control characters."""

from __future__ import annotations

import json
import typing as t

MOST = 1024
_ELLIPSIS = " ..."


def shorten(text: str, most: int = MOST) -> str:
    """Return a text of at most so many characters, without control characters other than line ends."""
    clean = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text[: most + 1]).strip()
    return clean if len(text) <= most else clean[: most - len(_ELLIPSIS)] + _ELLIPSIS


def small(data: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return what a batch action said of a host, or, where that is over a kibibyte, only how it ended."""
    if len(json.dumps(data, default=str)) <= MOST:
        return dict(data)
    kept = {key: data[key] for key in ("changed", "failed") if isinstance(data.get(key), bool)}
    return {**kept, "truncated": True}
