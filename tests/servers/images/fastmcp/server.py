# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Text tools on FastMCP 3: Streamable HTTP on /mcp.

PORT says where it listens (8080).
"""

from __future__ import annotations

import os
import re

from fastmcp import FastMCP

STOP_WORDS = ["a", "an", "and", "in", "of", "on", "or", "the", "to"]

server = FastMCP("text-tools", version="1.0.0", instructions="Counts and rewrites text.")


@server.tool
def count_words(text: str) -> dict[str, int]:
    """Count the words of a text, in total and without stop words."""
    words = re.findall(r"\w+", text.lower())
    return {"total": len(words), "significant": sum(word not in STOP_WORDS for word in words)}


@server.tool
def slugify(title: str) -> str:
    """Turn a title into a lower-case name that is fit for a URL."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))


@server.resource("text://stop-words", mime_type="application/json")
def stop_words() -> list[str]:
    """The words that count_words does not take as significant."""
    return STOP_WORDS


@server.resource("text://stop-words/{initial}")
def stop_words_by_initial(initial: str) -> list[str]:
    """The stop words that begin with a letter."""
    return [word for word in STOP_WORDS if word.startswith(initial.lower())]


@server.prompt
def summarise(text: str, sentences: int = 2) -> str:
    """Ask for a summary of a length."""
    return f"Summarise the following text in {sentences} sentences:\n\n{text}"


if __name__ == "__main__":
    server.run(
        transport="http",
        host="0.0.0.0",
        port=int(os.environ.get("PORT", "8080")),
        show_banner=False,  # it looks for a newer release on the network
    )
