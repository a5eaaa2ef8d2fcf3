# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Make text that a server sent fit to be shown: printable and bounded."""

from __future__ import annotations

MESSAGE = 500  # characters of one issue's message
NAME = 200  # characters of one name
EXCERPT = 120  # characters of a body that are quoted


def clean(value: object, limit: int = NAME) -> str:
    """Return the text in one line without unsafe characters, at most ``limit`` characters long."""
    # Cut first: a hostile text may be megabytes long.
    text = str(value)[: limit * 4]
    if not text.isprintable():
        # Control characters, and what hides or reorders text: zero width, bidirectional, separators, surrogates.
        text = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    text = text.strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def excerpt(body: bytes) -> str:
    """Return the beginning of a body, quoted, for a message."""
    text = clean(" ".join(body[: EXCERPT * 4].decode("utf-8", "replace").split()), EXCERPT)
    return f'"{text}"' if text else "an empty body"
