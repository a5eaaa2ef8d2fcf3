# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check the items of lists: tools, resources, resource templates, prompts (pure)."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ..._util import clean
from ..protocol.jsonrpc import typed
from .input_schema import schema_defect
from .output_schema import uncompilable
from .parameter_headers import SINCE, header_defect
from .schema_fields import LATER, SchemaChecker

if t.TYPE_CHECKING:
    from ..issues.issue_log import IssueLog

_OUTPUT: t.Final = "2025-06-18"  # the first revision with outputSchema
_ANY_OUTPUT: t.Final = "2026-07-28"  # the first one in which it need not be of an object
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_TOOL_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")


@dataclasses.dataclass(frozen=True)
class ItemType:
    """A type of item: how to list it, and what each item must have."""

    key: str  # in the report and, unless result_key is set, in the result
    method: str
    capability: str
    identity: str  # the field that is unique
    required: tuple[str, ...]
    shape: str  # in OBJECT_FIELDS
    invalid: str  # the issue code for an invalid item
    failed: str  # the issue code for a list that cannot be read
    optional: bool = False  # "method not found" is allowed
    result_key: str = ""

    @property
    def field(self) -> str:
        """The field of the result that contains the list."""
        return self.result_key or self.key


ITEM_TYPES: t.Final = (
    ItemType(
        key="tools",
        method="tools/list",
        capability="tools",
        identity="name",
        required=("name",),
        shape="Tool",
        invalid="INVALID_TOOL",
        failed="TOOLS_LIST_FAILED",
    ),
    ItemType(
        key="resources",
        method="resources/list",
        capability="resources",
        identity="uri",
        required=("uri", "name"),
        shape="Resource",
        invalid="INVALID_RESOURCE",
        failed="RESOURCES_LIST_FAILED",
    ),
    ItemType(
        key="resource_templates",
        method="resources/templates/list",
        capability="resources",
        identity="uriTemplate",
        required=("uriTemplate", "name"),
        shape="ResourceTemplate",
        invalid="INVALID_RESOURCE_TEMPLATE",
        failed="RESOURCE_TEMPLATES_LIST_FAILED",
        optional=True,
        result_key="resourceTemplates",
    ),
    ItemType(
        key="prompts",
        method="prompts/list",
        capability="prompts",
        identity="name",
        required=("name",),
        shape="Prompt",
        invalid="INVALID_PROMPT",
        failed="PROMPTS_LIST_FAILED",
    ),
)


def check_item(
    item_type: ItemType, number: int, item: t.Any, seen: set[int], version: str, issues: IssueLog
) -> str | None:
    """Check one item against the schema of the revision and return its name.

    :param seen: hashes of the identities so far; whole identities could be megabytes long.
    """
    what = f"{item_type.field}[{number}]"
    if not isinstance(item, dict):
        issues.add(item_type.invalid, f"{what} is {typed(item)}, not an object.")
        return None
    name = item.get("name")
    shown = clean(name) if isinstance(name, str) else None
    label = what if shown is None else f"{what} ({clean(shown, 80)})"
    for key in item_type.required:
        if not isinstance(item.get(key), str):
            issues.add(item_type.invalid, f"{label} has no string '{key}'.")
        elif key == "uri" and not _SCHEME.match(item[key]):
            issues.add("RESOURCE_URI_INVALID", f"{label} has the uri {clean(item[key], 80)!r}, which has no scheme.")
        elif not item[key]:
            issues.add("ITEM_NAME_EMPTY", f"{label} has an empty '{key}'.")
    SchemaChecker(version, item_type.invalid, issues).check_fields(label, item, item_type.shape)
    if item_type.key == "tools":
        _check_tool(label, item, version, issues)
    identity = item.get(item_type.identity)
    if isinstance(identity, str):
        if hash(identity) in seen:
            issues.add("DUPLICATE_NAME", f"{label} has the same {item_type.identity} as an earlier item.")
        seen.add(hash(identity))
    return shown


def _check_tool(label: str, item: dict[str, t.Any], version: str, issues: IssueLog) -> None:
    name = item.get("name")
    if isinstance(name, str) and name and not _TOOL_NAME.fullmatch(name):
        issues.add(
            "TOOL_NAME_FORMAT", f"{label} has a name that is too long or has characters other than A-Z a-z 0-9 _ - ."
        )
    references: list[str] = []
    defects = {"inputSchema": schema_defect(item.get("inputSchema"), version, references=references)}
    if "outputSchema" in item:
        if item["outputSchema"] is None:
            issues.add("NULL_MEMBER", f"{label} has null as outputSchema.")
        else:
            of_object = version < _ANY_OUTPUT
            schema = item["outputSchema"]
            defects["outputSchema"] = schema_defect(
                schema, version, of_object=of_object, references=references
            ) or uncompilable(schema)
    header = header_defect(item["inputSchema"]) if version >= SINCE and defects["inputSchema"] is None else None
    if header is not None:
        issues.add("TOOL_HEADER_INVALID", f"{label}: inputSchema {header}.")
    for reference in references[:1]:
        seen = f"{label} has a schema with the external $ref {clean(reference, 80)!r}, which was not fetched."
        issues.add("EXTERNAL_SCHEMA_REF", seen)
    for key, defect in defects.items():
        if defect is not None:
            code = "INVALID_TOOL_SCHEMA" if defect.rejected else "TOOL_SCHEMA_KEYWORD"
            later = defect.rejected and key == "outputSchema" and version < _OUTPUT
            issues.add(LATER if later else code, f"{label}: {key} {defect.seen}.")
