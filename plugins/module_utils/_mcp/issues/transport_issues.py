# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Issues of connections, HTTP, JSON-RPC and event streams."""

from __future__ import annotations

import typing as t

from .issue_kind import error, info, warning

_HTTP1 = "RFC 9112 (HTTP/1.1)"
_TLS = "RFC 8446 (TLS 1.3); MCP authorization: endpoints are served over HTTPS outside of trusted networks."

CONNECTION: t.Final = (
    error(
        "DNS_FAILED",
        "The endpoint is a URL whose host has an address.",
        "Check the host's spelling; in a cluster, check that the Service exists and that cluster DNS answers.",
    ),
    error(
        "CONNECT_FAILED",
        "The server accepts connections at its endpoint (MCP transports: Streamable HTTP).",
        "Check that the server runs, listens on this port, and on 0.0.0.0 or [::] rather than on 127.0.0.1.",
    ),
    error(
        "CONNECTION_LOST",
        f"A server answers a request with a response: {_HTTP1} section 9.",
        "Look into the server's log for a crash; if the port speaks TLS, use https.",
    ),
    error(
        "TIMEOUT",
        "MCP lifecycle, Timeouts: requests have timeouts; a server answers within a reasonable time.",
        "Look into the server's log for what it waits for; raise request_timeout or timeout if it is only slow.",
    ),
    error("TLS_FAILED", _TLS, "Check the TLS settings of the server and of the proxies before it."),
    error(
        "TLS_VERIFY_FAILED",
        f"RFC 9110 section 4.3.4: the certificate must fit the host and be trusted. {_TLS}",
        "Give the authority's certificate by ca_cert, use the name that it is for, or renew the certificate.",
    ),
    error("TLS_NOT_SPOKEN", _TLS, "Use http, or the port that the server speaks TLS on."),
    error(
        "TLS_CLIENT_CERT_REQUIRED",
        f"RFC 8446 section 4.3.2. {_TLS}",
        "Give client_cert and client_key of an authority that the server trusts.",
    ),
    error("TLS_EXPECTED", _TLS, "Use https, or the port that the server speaks plain HTTP on."),
    error(
        "HTTP2_ONLY",
        "MCP is used over HTTP/1.1 by all SDK clients.",
        "Let the server, or the proxy before it, speak HTTP/1.1 too.",
    ),
    error(
        "NOT_HTTP",
        f"Status line and header section: {_HTTP1} sections 4 and 5.",
        "Check that this is the port of the MCP server.",
    ),
    error(
        "INVALID_FRAMING",
        f"Chunked transfer coding: {_HTTP1} section 7.1.",
        "Repair the server, or the proxy before it.",
    ),
    error(
        "HEADERS_TOO_LARGE",
        "Header and trailer sections are of reasonable size: RFC 9110 section 5.4.",
        "Send fewer or shorter header fields.",
    ),
    error(
        "BODY_TOO_LARGE",
        "MCP pagination: servers return long lists in pages.",
        "Return lists in pages (nextCursor); check that this is an MCP endpoint and no download.",
    ),
    error(
        "UNSUPPORTED_CONTENT_ENCODING",
        "RFC 9110 section 12.5.3: a response is coded only as Accept-Encoding allows.",
        "Send the body as it is when the request says Accept-Encoding: identity.",
    ),
    error(
        "SERVER_ERROR",
        "RFC 9110 section 15.6.",
        "Look into the log of the server, or of the proxy that answered for it.",
    ),
    error(
        "HOST_REJECTED",
        "MCP transports, Security: servers validate Origin to prevent DNS rebinding; SDKs check Host, too.",
        "Allow the Host header in the server's settings, or let it bind 0.0.0.0; host_header chooses what is sent.",
    ),
    error(
        "FORBIDDEN",
        "RFC 9110 section 15.5.4; MCP authorization: a 403 for missing rights carries WWW-Authenticate.",
        "Find out who refuses: the server, a proxy or a policy.",
    ),
    info(
        "RETRIES_EXHAUSTED",
        "The server had start_timeout seconds to start.",
        "Raise start_timeout if it only starts slowly.",
    ),
)

_SENDING = "MCP transports, Streamable HTTP, Sending Messages to the Server"
_RPC = "JSON-RPC 2.0 section 5; MCP base protocol, Messages"
_SSE = "WHATWG HTML section 9.2 (server-sent events)"
_LEGACY = "MCP 2024-11-05 transports, HTTP with SSE"

MESSAGES: t.Final = (
    error(
        "NOT_MCP",
        f"{_SENDING}: the answer to a request is application/json or text/event-stream.",
        "Check host, port and path; a web page or another API answers here.",
    ),
    error(
        "ENDPOINT_NOT_FOUND",
        f"{_SENDING}: the server has one endpoint path that supports POST.",
        "Give the path of the MCP endpoint.",
    ),
    error(
        "NOT_ACCEPTABLE",
        f"{_SENDING}: the client accepts both application/json and text/event-stream.",
        "Let the server answer with one of the two types that Accept lists.",
    ),
    error(
        "UNSUPPORTED_MEDIA_TYPE",
        f"{_SENDING}: messages are posted as JSON.",
        "Let the server take Content-Type: application/json.",
    ),
    error(
        "NO_RESPONSE",
        f"{_SENDING}: a request is answered with a response; 202 without a body is for notifications.",
        "Let the server answer each request with its response.",
    ),
    warning(
        "REDIRECTED",
        f"{_SENDING}: the server has a single endpoint path.",
        "Use the path that the redirect leads to (often a trailing slash).",
    ),
    warning(
        "REDIRECT_METHOD_CHANGE",
        "RFC 9110 section 15.4: most clients turn a POST into a GET on 301, 302 and 303.",
        "Redirect with 307 or 308, or use the final path.",
    ),
    error(
        "REDIRECT_CROSS_ORIGIN",
        "RFC 9110 section 15.4; MCP security best practices: never follow a server to another origin.",
        "Use the final URL; if it is a log-in page, validate behind the proxy.",
    ),
    error("REDIRECT_INVALID", "RFC 9110 section 10.2.2: Location is a URI reference.", "Repair the Location header."),
    error("REDIRECT_LOOP", "RFC 9110 section 15.4.", "Repair the redirects of the server or of the proxy before it."),
    error("INVALID_JSON", f"RFC 8259. {_RPC}.", "Send one JSON text."),
    error("INVALID_UTF8", "MCP transports: JSON-RPC messages MUST be UTF-8 encoded.", "Encode messages as UTF-8."),
    error(
        "JSON_LIMIT",
        "RFC 8259 section 9: parsers set limits on depth and size.",
        "Return lists in pages (nextCursor) and flatten what is nested.",
    ),
    warning("JSON_BOM", "RFC 8259 section 8.1: no byte order mark is added.", "Leave out the byte order mark."),
    error(
        "INVALID_JSONRPC",
        f'{_RPC}: "jsonrpc": "2.0", an id, and exactly one of result (an object) and error.',
        "Send JSON-RPC 2.0 messages.",
    ),
    error(
        "ID_MISMATCH", f"{_RPC}: a response has the same id as its request.", "Return the request's id, with its type."
    ),
    warning("ID_TYPE", f"{_RPC}: a response has the same id as its request.", "Keep integers integers."),
    warning(
        "ERROR_ID_NOT_ECHOED",
        f"{_RPC}: an error has the id of the request that it answers.",
        "Return the request's id in errors, too.",
    ),
    warning(
        "UNEXPECTED_BATCH",
        "MCP 2025-06-18: JSON-RPC batching was removed; one request is never answered with a batch.",
        "Answer with a single message.",
    ),
    error(
        "BAD_CONTENT_TYPE",
        f"{_SENDING}: the answer is application/json or text/event-stream.",
        "Send Content-Type: application/json with JSON.",
    ),
    warning(
        "CONTENT_LENGTH_MISMATCH",
        "RFC 9112 section 8: a message that is shorter than declared is incomplete.",
        "Declare the length that is sent.",
    ),
    error("INCOMPLETE_BODY", "RFC 9112 section 8.", "Look into the server's log for what ends the response early."),
    error(
        "STREAM_LIMIT",
        f"{_SSE}; {_SENDING}: the stream carries the response and what relates to it.",
        "Send the response, and not thousands of other events before it.",
    ),
    warning(
        "SSE_UNTERMINATED_EVENT",
        f"{_SSE}: an event ends with an empty line; else it is dropped.",
        "End each event with an empty line.",
    ),
    error(
        "SSE_ENDPOINT_MISSING",
        f"{_LEGACY}: on connection the server MUST send an endpoint event.",
        "Send the endpoint event first; if this is Streamable HTTP, see why POST is refused.",
    ),
    error(
        "SSE_ENDPOINT_CROSS_ORIGIN",
        f"{_LEGACY}; clients refuse an endpoint of another origin.",
        "Send a relative URL, or set the server's base URL to the one that clients use.",
    ),
    error(
        "SSE_ENDPOINT_INVALID",
        f"{_LEGACY}: the endpoint event contains a URI.",
        "Send a relative URL such as /messages?session_id=...",
    ),
    warning(
        "SSE_ENDPOINT_QUOTED",
        f"{_LEGACY}: the endpoint event contains a URI, not JSON.",
        "Send the URL without quotes.",
    ),
    warning("SSE_ENDPOINT_REPEATED", f"{_LEGACY}: the endpoint event is sent when a client connects.", "Send it once."),
    warning(
        "SSE_RESPONSE_IN_POST",
        f"{_LEGACY}: server messages are sent as SSE message events.",
        "Send responses on the event stream.",
    ),
    error(
        "SSE_CONNECTION_FAILED",
        f"{_LEGACY}: messages are posted to the endpoint, and answered on the stream that stays open.",
        "Let the server take POSTs at the URL that it names, and keep the stream open.",
    ),
)
