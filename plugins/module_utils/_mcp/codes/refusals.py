# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Issues of what a server must refuse and does not; looked for on request only."""

from __future__ import annotations

import typing as t

from .kind import warning

_HTTP = "MCP transports, Streamable HTTP"
_MODERN = "MCP 2026-07-28 transports"

KINDS: t.Final = (
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
        f"{_MODERN}: a request without the required _meta is answered with 400 and -32602.",
        "Check _meta of each request.",
    ),
    warning(
        "MODERN_HEADERS_IGNORED",
        f"{_MODERN}: headers that differ from the body are answered with 400 and -32020.",
        "Compare the headers with the body.",
    ),
)
