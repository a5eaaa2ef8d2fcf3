# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The headers that mirror a tool's arguments (2026-07-28, Custom Headers from Tool Parameters)."""

from __future__ import annotations

import base64
import re
import typing as t

_PLAIN = re.compile(r"(?:[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)?")
_CODED = re.compile(r"=\?base64\?.*\?=")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_SAFE_INTEGER: t.Final = 2**53 - 1
_DEPTH: t.Final = 20
_MOST: t.Final = 50


def encode(value: str) -> str:
    """Return the text as it may stand in a header."""
    if _PLAIN.fullmatch(value) and not _CODED.fullmatch(value):
        return value
    return f"=?base64?{base64.b64encode(value.encode('utf-8', 'surrogatepass')).decode()}?="


def headers_of(schema: t.Any, arguments: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return the headers that the tool's inputSchema asks for: its properties are marked by x-mcp-header."""
    found: dict[str, str] = {}
    pending: list[tuple[t.Any, t.Any, int]] = [(schema, arguments, 0)]
    while pending and len(found) < _MOST:
        node, values, depth = pending.pop()
        properties = node.get("properties") if isinstance(node, dict) else None
        if not isinstance(properties, dict) or not isinstance(values, t.Mapping) or depth > _DEPTH:
            continue
        for key, value in values.items():
            declared = properties.get(key)
            mark = declared.get("x-mcp-header") if isinstance(declared, dict) else None
            text = _text(value)
            if isinstance(mark, str) and _TOKEN.fullmatch(mark) and text is not None:
                found[f"Mcp-Param-{mark}"] = encode(text)
            pending.append((declared, value, depth + 1))
    return found


def _text(value: t.Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) <= _SAFE_INTEGER else None
    return value if isinstance(value, str) else None
