# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The one error that a user sees."""

from __future__ import annotations

import re

# A line of the stack that a Go program leaves behind.
_FRAME = re.compile(r"\t|goroutine \d+ |created by |\S+\(.*\)$|$")


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
    """The end of a log: the last lines, each cut, so that one long line cannot bury the message.

    The stack of a Go program that panicked is left out, as it would be all of the last lines.
    """
    found = text.rstrip().splitlines()
    kept = [line if len(line) <= width else line[:width] + " ..." for line in _without_stack(found)]
    return "\n".join(kept[-lines:])


def _without_stack(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and _FRAME.match(lines[end - 1]):
        end -= 1
    return lines[:end] if end and lines[end - 1].startswith("panic: ") else lines
