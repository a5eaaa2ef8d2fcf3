# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The one error that a user sees."""

from __future__ import annotations


class ClusterError(Exception):
    """What went wrong, and what to do about it, in sentences for a person."""

    def __init__(self, message: str, *, advice: str = "", details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.details = details

    def __str__(self) -> str:
        parts = [self.message]
        if self.details:
            parts.append("\n".join(f"  | {line}" for line in self.details.splitlines()))
        if self.advice:
            parts.append(self.advice)
        return "\n".join(parts)


def tail(text: str, lines: int = 15, width: int = 400) -> str:
    """The end of a log: the last lines, each cut, so that one long line cannot bury the message."""
    kept = [line if len(line) <= width else line[:width] + " ..." for line in text.rstrip().splitlines()]
    return "\n".join(kept[-lines:])
