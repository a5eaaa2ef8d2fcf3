# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Issues of event streams."""

from __future__ import annotations

import typing as t

from .issue_kind import error, warning

_SENDING = "MCP transports, Streamable HTTP, Sending Messages to the Server"
_SSE = "WHATWG HTML section 9.2 (server-sent events)"
_LEGACY = "MCP 2024-11-05 transports, HTTP with SSE"

STREAMS: t.Final = (
    error(
        "STREAM_LIMIT",
        f"{_SSE}; {_SENDING}: the stream contains the response and messages that relate to the request.",
        "Send the response without thousands of events before it.",
    ),
    warning(
        "STREAM_MESSAGE_INVALID",
        f"{_SENDING}: messages in the stream are JSON-RPC; {_SSE}: comments keep a connection open.",
        "Send comments (lines that begin with a colon) or events of another name in place of such messages.",
    ),
    warning(
        "SSE_LINE_END",
        f"{_SSE} allows CR as the end of a line, but some clients only know LF and CRLF.",
        "End lines with LF.",
    ),
    error(
        "SSE_UNTERMINATED_EVENT",
        f"{_SSE}: clients drop an event that does not end with an empty line.",
        "End each event with an empty line.",
    ),
    warning(
        "SSE_BOM",
        f"{_SSE} allows a byte order mark at the beginning of the stream, but clients do not expect one.",
        "Remove the byte order mark.",
    ),
    error(
        "SSE_ENDPOINT_MISSING",
        f"{_LEGACY}: on connection the server MUST send an endpoint event.",
        "Send the endpoint event first; for a Streamable HTTP server, find out why POST fails.",
    ),
    error(
        "SSE_ENDPOINT_CROSS_ORIGIN",
        f"{_LEGACY}: clients reject an endpoint with another origin.",
        "Send a relative URL, or set the base URL of the server to the one that clients use.",
    ),
    error(
        "SSE_ENDPOINT_INVALID",
        f"{_LEGACY}: the endpoint event contains a URI.",
        "Send a relative URL such as /messages?session_id=...",
    ),
    warning(
        "SSE_ENDPOINT_SPACE",
        f"{_LEGACY}: the endpoint event contains a URI; RFC 3986 section 2: a URI has no spaces.",
        "Encode spaces as %20.",
    ),
    error(
        "SSE_ENDPOINT_QUOTED",
        f"{_LEGACY}: the endpoint event contains a URI, not JSON.",
        "Send the URL without quotes.",
    ),
    warning(
        "SSE_ENDPOINT_REPEATED",
        f"{_LEGACY}: the endpoint event is sent when a client connects.",
        "Send one endpoint event per connection.",
    ),
    warning(
        "SSE_ENDPOINT_LATE",
        f"{_LEGACY}: on connection the server MUST send an endpoint event.",
        "Send the endpoint event before all messages.",
    ),
    error(
        "SSE_RESPONSE_IN_POST",
        f"{_LEGACY}: server messages are sent as SSE message events.",
        "Send responses on the event stream.",
    ),
    error(
        "SSE_CONNECTION_FAILED",
        f"{_LEGACY}: clients post messages to the endpoint; responses arrive on the stream, which stays open.",
        "Accept POST at the URL of the endpoint event, and keep the stream open.",
    ),
)
