# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Checks of the things that a server lists: tools, resources, resource templates, prompts (pure)."""

from __future__ import annotations

import re
import typing as t

from .input_schema import schema_defect
from .jsonrpc import type_name
from .members import check_optional
from .text import clean

if t.TYPE_CHECKING:
    from .facts import IssueLog
    from .kinds import Kind

_TOOL_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")


def check_item(kind: Kind, number: int, item: t.Any, seen: set[int], issues: IssueLog) -> str | None:
    """Check one item and return its name."""
    what = f"{kind.field}[{number}]"
    if not isinstance(item, dict):
        issues.add(kind.invalid, f"{what} is a {type_name(item)}, not an object.")
        return None
    name = item.get("name")
    label = f"{what} ({clean(name, 80)})" if isinstance(name, str) else what
    for key in kind.required:
        if not isinstance(item.get(key), str) or not item[key]:
            issues.add(kind.invalid, f"{label} has no string as {key}.")
    check_optional(label, item, kind.members, kind.invalid, issues)
    if kind.key == "tools":
        _check_tool(label, item, issues)
    elif kind.key == "prompts":
        _check_arguments(label, item, issues)
    identity = item.get(kind.identity)
    if isinstance(identity, str):
        if hash(identity) in seen:
            issues.add("DUPLICATE_NAME", f"{label} has the same {kind.identity} as one before it.")
        seen.add(hash(identity))  # ten thousand of them may be megabytes long each
    return clean(name) if isinstance(name, str) else None


def _check_tool(label: str, item: dict[str, t.Any], issues: IssueLog) -> None:
    name = item.get("name")
    if isinstance(name, str) and name and not _TOOL_NAME.fullmatch(name):
        issues.add(
            "TOOL_NAME_FORMAT", f"{label} has a name outside of A-Z a-z 0-9 _ - . or longer than 128 characters."
        )
    check_optional(label, item, ("outputSchema",), "INVALID_TOOL_SCHEMA", issues)
    for key in ("inputSchema", "outputSchema"):
        if key == "outputSchema" and not isinstance(item.get(key), dict):
            continue
        defect = schema_defect(item.get(key))
        if defect is not None:
            issues.add("INVALID_TOOL_SCHEMA", f"{label}: {key} {defect}.")


def _check_arguments(label: str, item: dict[str, t.Any], issues: IssueLog) -> None:
    arguments = item.get("arguments")
    for number, argument in enumerate(arguments if isinstance(arguments, list) else []):
        if isinstance(argument, dict) and isinstance(argument.get("name"), str):
            members = ("title", "description", "required")
            check_optional(f"{label}: arguments[{number}]", argument, members, "INVALID_PROMPT", issues)
        else:
            issues.add("INVALID_PROMPT", f"{label}: arguments[{number}] has no name.")
