# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Issues of lists, of tool calls and expectations, and of requests that a server must refuse."""

from __future__ import annotations

import typing as t

from .issue_kind import error, warning

_MODERN = "MCP 2026-07-28"
_PAGES = "MCP utilities, Pagination"

LISTS: t.Final = (
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

CALLS: t.Final = (
    error(
        "TOOL_CALL_FAILED",
        "MCP tools, Calling Tools: tools/call is answered with the tool's result.",
        "Call a tool that the server lists, with the arguments that it wants; else look into the server's log.",
    ),
    error(
        "TOOL_CALL_ERROR",
        "MCP tools, Error Handling: isError tells that the tool failed; this is no defect of the protocol.",
        "Look into the server's log for why, or give other arguments.",
    ),
    error(
        "INVALID_TOOL_RESULT",
        "MCP schema, CallToolResult: content is a list of text, image, audio, resource or resource_link.",
        "Return content as the revision has it.",
    ),
    error(
        "STRUCTURED_CONTENT_MISSING",
        "MCP tools, Output Schema: with an outputSchema, servers MUST provide structured results that conform to it.",
        "Return structuredContent, or do not declare an outputSchema.",
    ),
    error(
        "EXPECTATION_FAILED",
        "None: this is what was expected of the server by expect.",
        "Repair the server, or the expectation.",
    ),
)

_HTTP = "MCP transports, Streamable HTTP"

REFUSALS: t.Final = (
    warning(
        "UNKNOWN_METHOD",
        "JSON-RPC 2.0 section 5.1: -32601; MCP 2026-07-28: with HTTP 404.",
        "Refuse methods that do not exist.",
    ),
    warning(
        "VERSION_HEADER_IGNORED",
        f"{_HTTP}, Protocol Version Header: an unsupported version MUST be answered with 400 (2026-07-28: and -32022).",
        "Answer 400.",
    ),
    warning(
        "ORIGIN_NOT_VALIDATED",
        f"{_HTTP}, Security Warning: servers MUST validate Origin to prevent DNS rebinding.",
        "Answer 403 to an Origin that is not allowed.",
    ),
    warning(
        "GET_UNEXPECTED",
        f"{_HTTP}, Listening for Messages: GET is answered with an event stream or 405 (2026-07-28: 405).",
        "Answer GET with 405 if there is no stream to listen to.",
    ),
    warning(
        "SESSION_NOT_TERMINATED",
        f"{_HTTP}, Session Management: requests with a terminated session MUST be answered with 404.",
        "Answer 404, so that clients begin a new session.",
    ),
    warning(
        "MODERN_META_IGNORED",
        f"{_MODERN} transports: a request without the required _meta is answered with 400 and -32602.",
        "Check _meta of each request.",
    ),
    warning(
        "MODERN_HEADERS_IGNORED",
        f"{_MODERN} transports: headers that differ from the body are answered with 400 and -32020.",
        "Compare the headers with the body.",
    ),
)
