# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Checks of the things that a server lists: tools, resources, resource templates, prompts (pure)."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .input_schema import schema_defect
from .jsonrpc import type_name
from .text import clean

if t.TYPE_CHECKING:
    from .facts import IssueLog

_TOOL_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of thing: how it is listed and what each of it must have."""

    key: str  # of the report and of the result
    method: str
    capability: str
    identity: str  # the field that is unique
    required: tuple[str, ...]
    invalid: str  # issue codes
    failed: str
    optional: bool = False  # "method not found" is no defect
    result_key: str = ""

    @property
    def field(self) -> str:
        """Return the field of the result that holds the list."""
        return self.result_key or self.key


KINDS: t.Final = (
    Kind(
        key="tools",
        method="tools/list",
        capability="tools",
        identity="name",
        required=("name",),
        invalid="INVALID_TOOL",
        failed="TOOLS_LIST_FAILED",
    ),
    Kind(
        key="resources",
        method="resources/list",
        capability="resources",
        identity="uri",
        required=("uri", "name"),
        invalid="INVALID_RESOURCE",
        failed="RESOURCES_LIST_FAILED",
    ),
    Kind(
        key="resource_templates",
        method="resources/templates/list",
        capability="resources",
        identity="uriTemplate",
        required=("uriTemplate", "name"),
        invalid="INVALID_RESOURCE_TEMPLATE",
        failed="RESOURCE_TEMPLATES_LIST_FAILED",
        optional=True,
        result_key="resourceTemplates",
    ),
    Kind(
        key="prompts",
        method="prompts/list",
        capability="prompts",
        identity="name",
        required=("name",),
        invalid="INVALID_PROMPT",
        failed="PROMPTS_LIST_FAILED",
    ),
)


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
    for key in ("title", "description", "mimeType"):
        if key in item and not isinstance(item[key], str):
            issues.add(kind.invalid, f"{label} has a {type_name(item[key])} as {key}.")
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
    for key in ("inputSchema", "outputSchema"):
        if key == "outputSchema" and key not in item:
            continue
        defect = schema_defect(item.get(key))
        if defect is not None:
            issues.add("INVALID_TOOL_SCHEMA", f"{label}: {key} {defect}.")


def _check_arguments(label: str, item: dict[str, t.Any], issues: IssueLog) -> None:
    arguments = item.get("arguments", [])
    if not isinstance(arguments, list):
        issues.add("INVALID_PROMPT", f"{label} has a {type_name(arguments)} as arguments.")
        return
    for number, argument in enumerate(arguments):
        if not isinstance(argument, dict) or not isinstance(argument.get("name"), str):
            issues.add("INVALID_PROMPT", f"{label}: arguments[{number}] has no name.")
        elif not isinstance(argument.get("required", False), bool):
            issues.add("INVALID_PROMPT", f"{label}: arguments[{number}] has a required that is no boolean.")
