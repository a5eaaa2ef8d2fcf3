# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Make text that a server sent fit to be shown: no control characters, no lone surrogates, bounded."""

from __future__ import annotations

import re

# C0, DEL, C1, and what hides or reorders text: zero width, bidirectional controls, separators, BOM, surrogates, tags.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]+"
)

MESSAGE = 500  # characters of one issue's message
NAME = 200  # characters of one name
EXCERPT = 120  # characters of a body that are quoted


def clean(value: object, limit: int = NAME) -> str:
    """Return the text in one line without unsafe characters, at most ``limit`` characters long."""
    # Cut before the substitution: a hostile text may be megabytes long.
    text = _UNSAFE.sub(" ", str(value)[: limit * 4]).strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def excerpt(body: bytes) -> str:
    """Return the beginning of a body, quoted, for a message."""
    text = clean(" ".join(body[: EXCERPT * 4].decode("utf-8", "replace").split()), EXCERPT)
    return f'"{text}"' if text else "an empty body"
