# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check which parameters of a tool are repeated in headers (pure).

Clients drop a tool with an invalid ``x-mcp-header``; all invalid forms here were measured with the official ones.
Source: 2026-07-28, Custom Headers from Tool Parameters.
"""

from __future__ import annotations

import re
import typing as t

from ..._util import clean
from .input_schema import subschemas

SINCE: t.Final = "2026-07-28"
_MARK: t.Final = "x-mcp-header"
_TOKEN: t.Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TYPES: t.Final = ("boolean", "integer", "string")
_MAX_PROPERTIES: t.Final = 20_000


def header_defect(schema: t.Any) -> str | None:
    """Return what is wrong with an ``x-mcp-header`` of an inputSchema, as a predicate; None if nothing is."""
    marked = [(where, node) for where, node in subschemas(schema) if _MARK in node]
    if not marked:
        return None
    reachable = {id(node) for node in _properties(schema)}
    names: set[str] = set()
    for where, node in marked:
        name, shown = node[_MARK], clean(where, 80) or "/"
        if not isinstance(name, str) or not _TOKEN.fullmatch(name):
            return f"has the {_MARK} {clean(repr(name), 80)} at {shown!r}, which is no name of a header field"
        if id(node) not in reachable:
            return f"has an {_MARK} at {shown!r}, which is no property that only other properties lead to"
        if node.get("type") not in _TYPES:
            return f"has an {_MARK} at {shown!r}, whose type is none of {', '.join(_TYPES)}"
        if name.lower() in names:
            return f"has the {_MARK} {clean(repr(name), 80)} twice"
        names.add(name.lower())
    return None


def _properties(schema: t.Any) -> t.Iterator[dict[str, t.Any]]:
    """Yield the properties of a schema and those of its properties."""
    pending = [schema]
    for _visit in range(_MAX_PROPERTIES):
        if not pending:
            return
        properties = pending.pop().get("properties")
        found = [one for one in properties.values() if isinstance(one, dict)] if isinstance(properties, dict) else []
        yield from found
        pending += found
