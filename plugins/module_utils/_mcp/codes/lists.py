# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Issues of what a server lists."""

from __future__ import annotations

import typing as t

from .kind import error, warning

_PAGES = "MCP utilities, Pagination"

KINDS: t.Final = (
    error(
        "TOOLS_LIST_FAILED",
        "MCP tools: a server that declares the capability answers tools/list.",
        "Answer tools/list, or do not advertise tools; a bridge may have lost its child process.",
    ),
    error(
        "RESOURCES_LIST_FAILED",
        "MCP resources: a server that declares the capability answers resources/list.",
        "Answer resources/list, or do not advertise resources.",
    ),
    error(
        "RESOURCE_TEMPLATES_LIST_FAILED",
        "MCP resources: resources/templates/list returns resourceTemplates.",
        "Answer resources/templates/list with a list, or with -32601.",
    ),
    error(
        "PROMPTS_LIST_FAILED",
        "MCP prompts: a server that declares the capability answers prompts/list.",
        "Answer prompts/list, or do not advertise prompts.",
    ),
    error(
        "INVALID_TOOL",
        "MCP schema, Tool: name is a required string; title and description are strings.",
        "Repair the tool's definition.",
    ),
    error(
        "INVALID_TOOL_SCHEMA",
        'MCP schema, Tool: inputSchema is a JSON Schema with "type": "object".',
        'Return a JSON Schema; for no parameters {"type": "object"}.',
    ),
    error(
        "INVALID_RESOURCE",
        "MCP schema, Resource: uri and name are required strings.",
        "Repair the resource's definition.",
    ),
    error(
        "INVALID_RESOURCE_TEMPLATE",
        "MCP schema, ResourceTemplate: uriTemplate and name are required strings.",
        "Repair the template's definition.",
    ),
    error(
        "INVALID_PROMPT",
        "MCP schema, Prompt: name is a required string; arguments is a list of objects with a name.",
        "Repair the prompt's definition.",
    ),
    warning(
        "NULL_MEMBER",
        "MCP schema: optional members are left out; null is none of their types, and some SDKs refuse it.",
        "Leave the member out.",
    ),
    warning(
        "DUPLICATE_NAME",
        "MCP tools, prompts and resources: names, and URIs, identify.",
        "Give each its own name or URI.",
    ),
    warning(
        "TOOL_NAME_FORMAT",
        "MCP 2025-11-25 tools, Tool Names: 1 to 128 characters of A-Z a-z 0-9 _ - .",
        "Rename the tool.",
    ),
    warning(
        "PAGINATION_LIMIT",
        f"{_PAGES}: nextCursor leads to the next page; the last page has none.",
        "Let the cursors come to an end; larger pages help.",
    ),
)
