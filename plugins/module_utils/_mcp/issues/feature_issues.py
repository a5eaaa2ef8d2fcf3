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
        "MCP tools: a server that declares the capability supports tools/list.",
        "Support tools/list, or do not declare tools; with a stdio bridge, check that its child process runs.",
    ),
    error(
        "RESOURCES_LIST_FAILED",
        "MCP resources: a server that declares the capability supports resources/list.",
        "Support resources/list, or do not declare resources.",
    ),
    error(
        "RESOURCE_TEMPLATES_LIST_FAILED",
        "MCP resources: resources/templates/list returns resourceTemplates.",
        "Respond to resources/templates/list with a list, or with the error -32601.",
    ),
    error(
        "PROMPTS_LIST_FAILED",
        "MCP prompts: a server that declares the capability supports prompts/list.",
        "Support prompts/list, or do not declare prompts.",
    ),
    error(
        "INVALID_TOOL",
        "MCP schema, Tool: name is a required string; title and description are strings.",
        "Fix the definition of the tool.",
    ),
    error(
        "INVALID_TOOL_SCHEMA",
        'MCP schema, Tool: schemas have "type": "object", an object as properties and a list of strings as required.',
        'Return a JSON Schema; for a tool without parameters, {"type": "object"}.',
    ),
    warning(
        "TOOL_SCHEMA_KEYWORD",
        "MCP 2025-11-25 tools, Tool: schemas MUST be valid JSON Schemas. MCP clients check little of them, but model "
        "APIs reject requests with invalid ones.",
        "Give the keyword the value that JSON Schema 2020-12 defines; before 2026-07-28, use {} in place of true.",
    ),
    error(
        "INVALID_RESOURCE",
        "MCP schema, Resource: uri and name are required strings.",
        "Fix the definition of the resource.",
    ),
    error(
        "INVALID_RESOURCE_TEMPLATE",
        "MCP schema, ResourceTemplate: uriTemplate and name are required strings.",
        "Fix the definition of the template.",
    ),
    error(
        "INVALID_PROMPT",
        "MCP schema, Prompt: name is a required string; arguments is a list of objects with a name.",
        "Fix the definition of the prompt.",
    ),
    error(
        "LATER_MEMBER_INVALID",
        "MCP schema of a later revision: clients parse the members that they know, whichever revision was negotiated.",
        "Give the member the type that the later revision defines, or use another name.",
    ),
    warning(
        "FORMER_MEMBER_INVALID",
        "MCP schema of an earlier revision: some clients parse the members that they know, whatever was negotiated.",
        "Give the member the type that the earlier revision defines, or omit it.",
    ),
    warning(
        "INEXACT_MEMBER",
        'MCP schema: some clients accept "true" for true, 1.5 for an integer or "today" for a time; others reject it.',
        "Give the member the type that the schema defines.",
    ),
    warning(
        "NULL_MEMBER",
        "MCP schema: optional members are omitted; null is not among their types, and some SDKs reject it.",
        "Omit the member.",
    ),
    warning(
        "RESOURCE_URI_INVALID",
        "MCP schema, Resource: uri is a URI; RFC 3986 section 3: a URI begins with a scheme.",
        "Return a URI such as file:///path or a scheme of your own.",
    ),
    warning(
        "ITEM_NAME_EMPTY",
        "MCP schema: names identify the items; the schema allows an empty string.",
        "Give the item a name.",
    ),
    warning(
        "DUPLICATE_NAME",
        "MCP tools, prompts and resources: names and URIs are unique.",
        "Use a unique name or URI for each.",
    ),
    warning(
        "TOOL_NAME_FORMAT",
        "MCP 2025-11-25 tools, Tool Names: 1 to 128 characters of A-Z a-z 0-9 _ - .",
        "Rename the tool.",
    ),
    warning(
        "PAGINATION_LIMIT",
        f"{_PAGES}: nextCursor points to the next page; the last page has none.",
        "End the list: omit nextCursor on the last page. Larger pages help.",
    ),
)

OFFERS: t.Final = (
    error(
        "OFFER_CHANGED",
        "None: spec.validation.tools pins what the server may offer. A warning with the mode observe.",
        "Review what the server offers with mcp-operator list, then approve its digest; or deploy what was approved.",
    ),
    warning(
        "REPLICAS_DIFFER",
        "None: Pods of one template share their clients, which expect the same of each.",
        "Compare the Pods, for example their configuration, or a backend that changes what they list.",
    ),
)

CALLS: t.Final = (
    error(
        "TOOL_CALL_FAILED",
        "MCP tools, Calling Tools: the response to tools/call is the result of the tool.",
        "Call a listed tool with valid arguments; else check the server log.",
    ),
    error(
        "TOOL_CALL_ERROR",
        "MCP tools, Error Handling: isError means that the tool failed, which is not a protocol error.",
        "Check the server log, or use other arguments.",
    ),
    error(
        "INVALID_TOOL_RESULT",
        "MCP schema, CallToolResult: content is a list of text, image, audio, resource or resource_link.",
        "Return content as the negotiated revision defines it.",
    ),
    warning(
        "TOOL_CONTENT_MISSING",
        "MCP schema, CallToolResult: content is required; it may be empty.",
        'Return "content": [] if there is none.',
    ),
    warning(
        "CONTENT_OF_LATER_REVISION",
        "MCP schema, CallToolResult: audio is a type of content since 2025-03-26, and resource_link since 2025-06-18.",
        "Return types of content that the negotiated revision has.",
    ),
    warning(
        "PATTERN_NOT_PORTABLE",
        "JSON Schema 2020-12 section 6.4: patterns should be limited to what all implementations support. Clients "
        "check structuredContent against the outputSchema.",
        "Use character classes such as [A-Za-z] in place of \\p{L}.",
    ),
    warning(
        "FORMAT_NOT_PORTABLE",
        "JSON Schema 2020-12 section 7.2: format is an annotation unless an implementation checks it. Clients check "
        "structuredContent against the outputSchema.",
        "Do not tell alternatives of the schema apart by format, for example in oneOf.",
    ),
    warning(
        "STRUCTURED_CONTENT_FORMAT",
        "JSON Schema 2020-12 section 7.3; MCP tools, Output Schema: servers MUST provide structured results that "
        "conform to it.",
        "Return values of the format that the outputSchema names, or omit format.",
    ),
    error(
        "STRUCTURED_CONTENT_INVALID",
        "MCP tools, Output Schema: with an outputSchema, servers MUST provide structured results that conform to it.",
        "Return what the outputSchema describes, or correct the schema.",
    ),
    error(
        "STRUCTURED_CONTENT_MISSING",
        "MCP tools, Output Schema: with an outputSchema, servers MUST provide structured results that conform to it.",
        "Return structuredContent, or remove outputSchema from the tool.",
    ),
    error(
        "EXPECTATION_FAILED",
        "None: this is a condition from expect.",
        "Fix the server or the expectation.",
    ),
)

_HTTP = "MCP transports, Streamable HTTP"

REFUSALS: t.Final = (
    warning(
        "UNKNOWN_METHOD",
        "JSON-RPC 2.0 section 5.1: -32601; MCP 2026-07-28: with HTTP 404.",
        "Return -32601 for unknown methods.",
    ),
    warning(
        "VERSION_HEADER_IGNORED",
        f"{_HTTP}, Protocol Version Header: an unsupported version MUST get 400 (2026-07-28: and -32022).",
        "Respond with 400.",
    ),
    warning(
        "ORIGIN_NOT_VALIDATED",
        f"{_HTTP}, Security Warning: servers MUST validate Origin to prevent DNS rebinding.",
        "Respond with 403 to an Origin that is not allowed.",
    ),
    warning(
        "GET_UNEXPECTED",
        f"{_HTTP}, Listening for Messages: the server responds to GET with an event stream or 405 (2026-07-28: 405).",
        "Respond to GET with 405 if the server has no stream.",
    ),
    warning(
        "SESSION_NOT_TERMINATED",
        f"{_HTTP}, Session Management: the server MUST respond with 404 to requests of a terminated session.",
        "Respond with 404, so that clients start a new session.",
    ),
    warning(
        "MODERN_META_IGNORED",
        f"{_MODERN} transports: the server rejects a request without the required _meta with 400 and -32602.",
        "Validate _meta of each request.",
    ),
    warning(
        "MODERN_HEADERS_IGNORED",
        f"{_MODERN} transports: the server rejects headers that differ from the body with 400 and -32020.",
        "Compare the headers with the body.",
    ),
)
