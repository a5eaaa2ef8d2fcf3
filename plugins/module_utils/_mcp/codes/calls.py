# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Issues of what the user asks for besides: a tool's call, and expectations."""

from __future__ import annotations

import typing as t

from .kind import error

KINDS: t.Final = (
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
