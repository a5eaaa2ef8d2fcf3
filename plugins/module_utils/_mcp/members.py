# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Members of objects that may be left out: if they are there, they have their type (pure)."""

from __future__ import annotations

import typing as t

from .jsonrpc import Json, type_name

if t.TYPE_CHECKING:
    from .facts import IssueLog

# What JSON calls the types of the optional members, the same wherever the schema has them.
_TYPES: t.Final = {
    "_meta": "object",
    "annotations": "object",
    "arguments": "array",
    "description": "string",
    "execution": "object",
    "icons": "array",
    "instructions": "string",
    "isError": "boolean",
    "mimeType": "string",
    "nextCursor": "string",
    "outputSchema": "object",
    "required": "boolean",
    "size": "number",
    "title": "string",
    "websiteUrl": "string",
}


def check_optional(what: str, value: Json, names: t.Iterable[str], code: str, issues: IssueLog) -> None:
    """Check the types of optional members; null is not one, though half of the clients take it for left out."""
    for name in names:
        if name not in value:
            continue
        found, wanted = type_name(value[name]), _TYPES[name]
        if found == "null":
            issues.add("NULL_MEMBER", f"{what} has null as {name}.")
        elif found != wanted:
            issues.add(code, f"{what} has a {found} as {name}, not a {wanted}.")
