# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Match strings with the simple patterns of JSON Schemas (pure).

A pattern comes from the server, and some take exponential time. Only sequences of characters and classes are run, with
two variable quantifiers at most, on short ASCII strings: these take little time, and mean the same in ECMA-262 and
Python.
"""

from __future__ import annotations

import functools
import re

_LONGEST_PATTERN, _LONGEST_VALUE = 200, 128
_ESCAPE = r"\\[dw.\-/\\+*?()\[\]{}|^$]"
_QUANTIFIER = r"[*+?]|\{\d{1,3}(?:,\d{0,3})?\}"
_SIMPLE = re.compile(
    rf"\^?(?:(?:[A-Za-z0-9 _@:/,;=!#%&~\"'<>-]|{_ESCAPE}|\[\^?(?:[A-Za-z0-9 _@:/.,;+*-]|{_ESCAPE})+\])"
    rf"(?:{_QUANTIFIER})?)*\$?"
)
_ESCAPED = re.compile(r"\\.")
_VARIABLE = re.compile(r"(?:[*+?]|\{\d+,)(?![^\[]*\])")


def matches(pattern: str, value: str) -> bool | None:
    """Tell whether a string contains a match; None if that is not decided."""
    if len(value) > _LONGEST_VALUE or not value.isascii():
        return None
    compiled = _compiled(pattern) if len(pattern) <= _LONGEST_PATTERN else None
    return None if compiled is None else compiled.search(value) is not None


@functools.lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    plain = _ESCAPED.sub("_", pattern)
    if not _SIMPLE.fullmatch(pattern) or "--" in plain or len(_VARIABLE.findall(plain)) > 2:
        return None
    try:
        # In Python, $ also matches before a line end at the end.
        return re.compile(pattern[:-1] + r"\Z" if plain.endswith("$") else pattern, re.ASCII)
    except re.error:
        return None
