# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers whose lists fail, never end, or hold what is not allowed."""

# ruff: noqa: ARG005  # what a server overrides, it need not use

from __future__ import annotations

from functools import partial
from typing import Any

from ..fake_server import FakeServers, broken, remarked
from ..servers import TOOLS, Fault, Streamable
from .answers import Altered, Enveloped
from .handshake import HangsAfter, advertises

OBJECT = {"type": "object"}


def lists(method: str, result: Any) -> Any:
    return partial(Streamable, results={method: result})


def tool(**fields: Any) -> Any:
    """A server with one tool; None removes a field."""
    whole = {"name": "t", "inputSchema": OBJECT, **fields}
    return lists("tools/list", {"tools": [{key: value for key, value in whole.items() if value is not None}]})


def resource(**fields: Any) -> Any:
    return lists("resources/list", {"resources": [{"name": "x", "uri": "a:b", **fields}]})


def tool_with_nulls() -> Any:
    nulls = dict.fromkeys(("title", "description", "outputSchema", "annotations"))
    return lists("tools/list", {"tools": [{"name": "t", "inputSchema": OBJECT, **nulls}]})


def schema(value: Any) -> Any:
    return tool(inputSchema={**OBJECT, **value})


def fails(method: str, code: int = -32603, message: str = "Not connected", status: int = 200) -> Any:
    return lists(method, Fault(status, code, message))


class ListsAfter(Altered):
    """Spoils the answer to tools/list only."""

    async def deliver(self, out: Any, method: str, response: Any, headers: Any) -> None:
        if method == "tools/list":
            await super().deliver(out, method, response, headers)
        else:
            await Streamable.deliver(self, out, method, response, headers)


def numbered(params: Any) -> Any:
    """A list that never ends."""
    start = int(params.get("cursor", "0"))
    return {"tools": [{"name": f"t{start}", "inputSchema": OBJECT}], "nextCursor": str(start + 1)}


def long_cursor(params: Any) -> Any:
    """A list of two pages."""
    return {"tools": []} if "cursor" in params else {"tools": TOOLS, "nextCursor": "x" * 70_000}


def many(count: int) -> Any:
    return {"tools": [{"name": f"t{number}", "inputSchema": OBJECT} for number in range(count)]}


GREEDY = [{"name": f"t{number}"} for number in range(30)]
RICH = {"$defs": {"d": {"type": ["string", "null"], "items": [{}, True]}}, "additionalProperties": False}


def chain(length: int) -> dict[str, Any]:
    """A schema of an object in an object, and so on; each has two levels of JSON."""
    found: dict[str, Any] = {}
    for _level in range(length):
        found = {"properties": {"deeper": {"type": "object", **found}}}
    return found


FAKE_SERVERS: FakeServers = [
    broken("tools-unlistable", fails("tools/list"), "TOOLS_LIST_FAILED"),
    broken("tools-unknown", fails("tools/list", -32601, "Method not found"), "TOOLS_LIST_FAILED"),
    broken("tools-of-a-dead-child", fails("tools/list", 0, ""), "TOOLS_LIST_FAILED"),
    broken("tools-500", fails("tools/list", -32603, "Internal error", 500), "TOOLS_LIST_FAILED"),
    broken(
        "tools-unanswered",
        partial(HangsAfter, method="tools/list"),
        "TOOLS_LIST_FAILED",
        options={"request_timeout": 0.5},
    ),
    broken("tools-missing", lists("tools/list", {}), "TOOLS_LIST_FAILED"),
    broken("tools-object", lists("tools/list", {"tools": {}}), "TOOLS_LIST_FAILED"),
    broken("tools-cursor-number", lists("tools/list", {"tools": TOOLS, "nextCursor": 2}), "TOOLS_LIST_FAILED"),
    broken("tools-not-json", partial(ListsAfter, alter=lambda data: data[:-9]), "TOOLS_LIST_FAILED", "INVALID_JSON"),
    broken(
        "tools-under-another-id",
        partial(Enveloped, only="tools/list", change=lambda r: {**r, "id": 1}),
        "TOOLS_LIST_FAILED",
        "ID_MISMATCH",
    ),
    broken(
        "tools-html",
        partial(ListsAfter, alter=lambda data: b"<html>", media_type="text/html"),
        "TOOLS_LIST_FAILED",
        "NOT_MCP",
    ),
    broken("resources-unlistable", fails("resources/list"), "RESOURCES_LIST_FAILED"),
    broken("templates-unlistable", fails("resources/templates/list"), "RESOURCE_TEMPLATES_LIST_FAILED"),
    remarked(
        "templates-unknown-by-float",
        partial(Streamable, results={"resources/templates/list": Fault(200, -32601.0, "Method not found")}),  # type: ignore[arg-type]
    ),
    broken("prompts-unlistable", fails("prompts/list"), "PROMPTS_LIST_FAILED"),
    remarked(
        "prompts-not-advertised",
        partial(
            Streamable,
            initialize_result={"capabilities": {"tools": {}}},
            results={"prompts/list": Fault(200, -1, "never")},
        ),
    ),
    broken(
        "cursor-circle",
        lists("tools/list", {"tools": TOOLS[:1], "nextCursor": "again"}),
        "TOOLS_LIST_FAILED",
    ),
    remarked("cursor-null", lists("tools/list", {"tools": TOOLS, "nextCursor": None}), "NULL_MEMBER"),
    remarked("tool-members-null", tool_with_nulls(), "NULL_MEMBER"),
    remarked(
        "prompt-arguments-null", lists("prompts/list", {"prompts": [{"name": "p", "arguments": None}]}), "NULL_MEMBER"
    ),
    broken("tool-annotations-list", tool(annotations=[]), "INVALID_TOOL"),
    broken("tool-output-schema-string", tool(outputSchema="x"), "INVALID_TOOL_SCHEMA"),
    remarked(
        "resource-size-string",
        lists("resources/list", {"resources": [{"name": "x", "uri": "a:b", "size": "1"}]}),
        "INEXACT_MEMBER",
    ),
    broken(
        "resource-size-word",
        lists("resources/list", {"resources": [{"name": "x", "uri": "a:b", "size": "large"}]}),
        "INVALID_RESOURCE",
    ),
    remarked("pages-without-end", lists("tools/list", numbered), "PAGINATION_LIMIT"),
    remarked("cursor-huge", lists("tools/list", long_cursor), "PAGINATION_LIMIT"),
    remarked("items-without-end", lists("tools/list", many(10_001)), "PAGINATION_LIMIT"),
    remarked("many-items", lists("tools/list", many(600))),
    broken("tool-nameless", tool(name=None), "INVALID_TOOL"),
    broken("tool-name-number", tool(name=7), "INVALID_TOOL"),
    remarked("tool-name-empty", tool(name=""), "ITEM_NAME_EMPTY"),
    remarked("tool-schema-nulls", schema({"properties": None}), "TOOL_SCHEMA_KEYWORD"),
    remarked(
        "tool-output-schema-ref-nowhere",
        tool(outputSchema={**OBJECT, "properties": {"x": {"$ref": "#/$defs/none"}}}),
        "TOOL_SCHEMA_KEYWORD",
    ),
    remarked(
        "tool-output-schema-enum-empty",
        tool(outputSchema={**OBJECT, "properties": {"x": {"enum": []}}}),
        "TOOL_SCHEMA_KEYWORD",
    ),
    *[
        remarked(f"tool-output-schema-{name}", tool(outputSchema={**OBJECT, "properties": {"x": content}}), *issues)
        for name, content, issues in (
            ("format", {"type": "string", "format": "unknown"}, ()),
            ("pattern-of-ecma", {"type": "string", "pattern": r"^\p{L}+(?<sign>[\-.])\k<sign>\u{61}$"}, ()),
            ("pattern-of-python", {"type": "string", "pattern": r"(?P<name>x)\Z"}, ("TOOL_SCHEMA_KEYWORD",)),
            ("pattern-with-range", {"type": "string", "pattern": r"^[\w-.]+$"}, ("TOOL_SCHEMA_KEYWORD",)),
            ("pattern-with-escape", {"type": "string", "pattern": r"^a\-b$"}, ("TOOL_SCHEMA_KEYWORD",)),
            ("nullable", {"nullable": True}, ("TOOL_SCHEMA_KEYWORD",)),
            ("exclusive", {"type": "number", "minimum": 1, "exclusiveMinimum": True}, ("TOOL_SCHEMA_KEYWORD",)),
        )
    ],
    remarked("resource-uri-empty", resource(uri=""), "RESOURCE_URI_INVALID"),
    remarked("resource-uri-words", resource(uri="not a uri"), "RESOURCE_URI_INVALID"),
    remarked("resource-size-huge", resource(size=1e300), "INEXACT_MEMBER"),
    remarked("resource-modified-today", resource(annotations={"lastModified": "today"}), "INEXACT_MEMBER"),
    remarked(
        "resource-modified-local", resource(annotations={"lastModified": "2026-01-31T15:00:00"}), "INEXACT_MEMBER"
    ),
    remarked("resource-modified", resource(annotations={"lastModified": "2026-01-31T15:00:00.5+01:00"})),
    broken("tool-string", lists("tools/list", {"tools": ["feed"]}), "INVALID_TOOL"),
    broken("tool-title-number", tool(title=1), "INVALID_TOOL"),
    broken("tool-description-list", tool(description=["x"]), "INVALID_TOOL"),
    broken("tool-without-schema", tool(inputSchema=None), "INVALID_TOOL_SCHEMA"),
    broken("tools-without-schemas", lists("tools/list", {"tools": GREEDY}), "INVALID_TOOL_SCHEMA"),
    broken("tool-schema-string", tool(inputSchema="object"), "INVALID_TOOL_SCHEMA"),
    broken("tool-schema-empty", tool(inputSchema={}), "INVALID_TOOL_SCHEMA"),
    broken("tool-schema-array", tool(inputSchema={"type": "array"}), "INVALID_TOOL_SCHEMA"),
    remarked("tool-schema-bad-type", schema({"properties": {"x": {"type": "int"}}}), "TOOL_SCHEMA_KEYWORD"),
    broken("tool-schema-bad-properties", schema({"properties": ["x"]}), "INVALID_TOOL_SCHEMA"),
    remarked("tool-schema-bad-required", schema({"properties": {"x": {"required": True}}}), "TOOL_SCHEMA_KEYWORD"),
    broken("tool-schema-bad-required-names", schema({"required": [1]}), "INVALID_TOOL_SCHEMA"),
    remarked("tool-schema-bad-subschema", schema({"properties": {"x": "string"}}), "TOOL_SCHEMA_KEYWORD"),
    remarked("tool-schema-bad-combination", schema({"anyOf": []}), "TOOL_SCHEMA_KEYWORD"),
    remarked("tool-schema-bad-count", schema({"properties": {"x": {"minLength": -1}}}), "TOOL_SCHEMA_KEYWORD"),
    remarked("tool-schema-bad-enum", schema({"properties": {"x": {"enum": "a"}}}), "TOOL_SCHEMA_KEYWORD"),
    remarked(
        "tool-output-schema-bad-type",
        tool(outputSchema={**OBJECT, "properties": {"x": {"type": "int"}}}),
        "TOOL_SCHEMA_KEYWORD",
    ),
    broken("tool-output-schema", tool(outputSchema={"type": "string"}), "INVALID_TOOL_SCHEMA"),
    remarked("tool-schema-rich", schema({**chain(97), **RICH})),
    remarked("tool-schema-too-deep", schema({**chain(98), **RICH}), "JSON_NESTING"),
    remarked("tool-names-twice", lists("tools/list", {"tools": [TOOLS[1], TOOLS[1]]}), "DUPLICATE_NAME"),
    remarked("tool-name-with-space", tool(name="feed the lion"), "TOOL_NAME_FORMAT"),
    remarked("tool-name-long", tool(name="x" * 129), "TOOL_NAME_FORMAT"),
    remarked(
        "tool-name-terminal-control",
        tool(name="x\x1b[2J\u202e\ud800"),
        "TOOL_NAME_FORMAT",
        "TEXT_HIDDEN_CHARACTERS",
        "JSON_LONE_SURROGATE",
    ),
    broken("resource-without-uri", lists("resources/list", {"resources": [{"name": "x"}]}), "INVALID_RESOURCE"),
    broken(
        "resource-mime-number",
        lists("resources/list", {"resources": [{"name": "x", "uri": "a:b", "mimeType": 1}]}),
        "INVALID_RESOURCE",
    ),
    broken(
        "template-without-uri",
        lists("resources/templates/list", {"resourceTemplates": [{"name": "x"}]}),
        "INVALID_RESOURCE_TEMPLATE",
    ),
    broken("prompt-nameless", lists("prompts/list", {"prompts": [{}]}), "INVALID_PROMPT"),
    broken(
        "prompt-arguments-object",
        lists("prompts/list", {"prompts": [{"name": "p", "arguments": {}}]}),
        "INVALID_PROMPT",
    ),
    broken(
        "prompt-argument-nameless",
        lists("prompts/list", {"prompts": [{"name": "p", "arguments": [{}]}]}),
        "INVALID_PROMPT",
    ),
    remarked(
        "prompt-argument-required",
        lists("prompts/list", {"prompts": [{"name": "p", "arguments": [{"name": "a", "required": "yes"}]}]}),
        "INEXACT_MEMBER",
    ),
    broken("tools-advertised-as-true", advertises({"tools": True, "prompts": {}}), "INVALID_CAPABILITIES"),
]
