# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Text of others, made fit for a status, an Event or a terminal."""

from __future__ import annotations

import re
import typing as t

# C0 and C1 control characters, and what turns the direction of writing: a server's text must not paint a terminal.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")


def clean(value: t.Any, limit: int = 500) -> str:
    """Return a value as one bounded line without control characters.

    :param limit: the longest text to return, in characters.
    """
    if value is None:
        return ""
    # Cut first: the pattern must not run over a megabyte of somebody's text.
    text = _CONTROL.sub(" ", str(value)[: limit * 2]).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"
