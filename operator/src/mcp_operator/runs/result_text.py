# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Limit the size of messages and data of a run for statuses and logs."""

from __future__ import annotations

import json
import typing as t

MAX_LENGTH = 1024
_ELLIPSIS = " ..."


def shorten(text: str, limit: int = MAX_LENGTH) -> str:
    """Return a text of at most ``limit`` characters, without control characters other than line ends."""
    clean = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text[: limit + 1]).strip()
    return clean if len(text) <= limit else clean[: limit - len(_ELLIPSIS)] + _ELLIPSIS


def truncate_data(data: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return a host's result of a batch action; if it is larger than one KiB, only ``changed`` and ``failed``."""
    if len(json.dumps(data, default=str)) <= MAX_LENGTH:
        return dict(data)
    kept = {key: data[key] for key in ("changed", "failed") if isinstance(data.get(key), bool)}
    return {**kept, "truncated": True}
