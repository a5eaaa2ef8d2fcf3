# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Find what clients cannot compile in a tool's outputSchema (pure). They do not compile its inputSchema."""

from __future__ import annotations

import re
import typing as t

from ..._util import clean
from .ecma_patterns import syntax_defect
from .input_schema import SchemaDefect, subschemas

_LONGEST: t.Final = 200  # characters of a pattern that Python compiles


def foreign_pattern(schema: t.Any) -> str | None:
    """Return a pattern of a schema that Python's ``re`` does not accept, so that Python clients reject the schema."""
    for _where, node in subschemas(schema):
        pattern = node.get("pattern")
        if isinstance(pattern, str) and len(pattern) <= _LONGEST:
            try:
                re.compile(pattern)
            except (re.error, OverflowError, RecursionError):
                return pattern
    return None


def uses_format(schema: t.Any) -> bool:
    """Tell whether a schema has the keyword ``format``."""
    return any("format" in node for _where, node in subschemas(schema))


def uncompilable(schema: t.Any) -> SchemaDefect | None:
    """Return what a client cannot compile in a schema whose keywords have the right types; None if nothing."""
    for where, node in subschemas(schema):
        shown = repr(clean(where) or "/")
        pattern = node.get("pattern")
        defect = syntax_defect(pattern) if isinstance(pattern, str) else None
        if defect is not None:
            seen = f"has a 'pattern' at {shown} that is no regular expression of ECMA-262: {clean(defect, 80)}"
            return SchemaDefect(seen)
        if node.get("nullable") is True and "type" not in node:
            return SchemaDefect(f"has 'nullable' without 'type' at {shown}")
    return None
