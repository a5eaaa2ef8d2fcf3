# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Find what some clients reject in a JSON text that was decoded (pure).

The checks begin with searches that cost little where nothing is to be found.
"""

from __future__ import annotations

import math
import re
import typing as t

from ..issues.issue_log import Note
from . import jsonrpc

_ESCAPE: t.Final = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_STRING: t.Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_MAY_BE_HUGE: t.Final = re.compile(rb"[0-9][eE]\+?[0-9]{2}|[0-9]{200}")
_NUMBER: t.Final = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


def find(body: bytes | bytearray) -> t.Iterator[Note]:
    """Yield a note for each kind of deviation."""
    if jsonrpc.is_deep(body):
        yield Note("JSON_NESTING", f"The JSON text is nested more than {jsonrpc.MAX_NESTING} levels deep.")
    if (b"NaN" in body or b"Infinity" in body) and _has_constant(body):
        yield Note("JSON_NOT_A_NUMBER", "The JSON text has NaN or Infinity, which are no JSON numbers.")
    if _MAY_BE_HUGE.search(body) and _has_huge_number(body):
        yield Note(
            "JSON_NOT_A_NUMBER", "The JSON text has a number beyond the range of doubles, which is Infinity then."
        )
    if (b"\\ud" in body or b"\\uD" in body) and _has_lone_surrogate(body):
        yield Note("JSON_LONE_SURROGATE", "A string has half of a surrogate pair, such as \\ud83d alone.")
    if not body.isascii() and not _is_utf8(body):
        yield Note("UTF8_REPLACED", "The text is not UTF-8; invalid bytes were replaced.")


def _has_constant(body: bytes | bytearray) -> bool:
    rest = _STRING.sub(b"", body)
    return b"NaN" in rest or b"Infinity" in rest


def _has_huge_number(body: bytes | bytearray) -> bool:
    rest = _STRING.sub(b"", body)
    return any(math.isinf(float(found.group())) for found in _NUMBER.finditer(rest))


def _has_lone_surrogate(body: bytes | bytearray) -> bool:
    expected = -1  # where the second half must begin
    for match in _ESCAPE.finditer(body):
        code = int(match.group(1), 16) if match.group(1) else 0
        if expected >= 0 and (match.start() != expected or code not in _LOW):
            return True
        if code in _LOW and expected < 0:
            return True
        expected = match.end() if code in _HIGH else -1
    return expected >= 0


def _is_utf8(body: bytes | bytearray) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
