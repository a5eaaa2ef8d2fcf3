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
        "The endpoint is a URL whose host name resolves to an address.",
        "Check the spelling of the host; in a cluster, check that the Service exists and that cluster DNS works.",
    ),
    error(
        "CONNECT_FAILED",
        "The server accepts connections at its endpoint (MCP transports: Streamable HTTP).",
        "Check that the server is running and that it listens on this port, on 0.0.0.0 or [::] and not on 127.0.0.1.",
    ),
    error(
        "CONNECTION_LOST",
        f"{_HTTP1} section 9: a server responds to every request.",
        "Check the server log for a crash; if the port expects TLS, use https.",
    ),
    error(
        "TIMEOUT",
        "MCP lifecycle, Timeouts: clients set timeouts for all requests.",
        "Check the server log for what blocks it; if the server is only slow, increase request_timeout or timeout.",
    ),
    error(
        "VALIDATOR_BUSY",
        "None: the validator limits the memory for large responses.",
        "Validate again, or fewer servers at the same time. Smaller pages of lists (nextCursor) help.",
    ),
    error("TLS_FAILED", _TLS, "Check the TLS settings of the server and of any proxy in front of it."),
    error(
        "TLS_VERIFY_FAILED",
        f"RFC 9110 section 4.3.4: the certificate must match the host and be trusted. {_TLS}",
        "Set ca_cert to the certificate of the authority, use a host name that the certificate covers, or renew it.",
    ),
    error("TLS_NOT_SPOKEN", _TLS, "Use http, or the TLS port of the server."),
    error(
        "TLS_CLIENT_CERT_REQUIRED",
        f"RFC 8446 section 4.3.2. {_TLS}",
        "Set client_cert and client_key to a certificate from an authority that the server trusts.",
    ),
    error("TLS_EXPECTED", _TLS, "Use https, or the plain HTTP port of the server."),
    error(
        "HTTP2_ONLY",
        "MCP clients use HTTP/1.1: all official SDKs do.",
        "Enable HTTP/1.1 on the server or on the proxy in front of it.",
    ),
    error(
        "NOT_HTTP",
        f"{_HTTP1} sections 4 and 5: a response starts with a status line and a header section.",
        "Check that this is the port of the MCP server.",
    ),
    error(
        "INVALID_FRAMING",
        f"{_HTTP1} section 7.1: chunked transfer coding.",
        "Fix the server or the proxy in front of it.",
    ),
    warning(
        "INEXACT_HTTP",
        f"{_HTTP1} sections 2.2, 5, 6 and 7; RFC 9110 section 8.4. Other forms are accepted by some clients only.",
        "Fix the server or the proxy in front of it; let its HTTP library write status line, headers and framing.",
    ),
    error(
        "HEADERS_TOO_LARGE",
        "RFC 9110 section 5.4: recipients limit the size of header and trailer sections.",
        "Send fewer or shorter header fields.",
    ),
    error(
        "BODY_TOO_LARGE",
        "MCP utilities, Pagination: servers return long lists in pages.",
        "Return lists in pages (nextCursor); check that the URL is an MCP endpoint and not a download.",
    ),
    error(
        "UNSUPPORTED_CONTENT_ENCODING",
        "RFC 9110 section 12.5.3: a response uses only content codings that Accept-Encoding allows.",
        "Use gzip or deflate if the request allows them, or do not compress the body.",
    ),
    error(
        "SERVER_ERROR",
        "RFC 9110 section 15.6.",
        "Check the log of the server, or of the proxy that sent the response.",
    ),
    error(
        "TOO_MANY_REQUESTS",
        "RFC 6585 section 4.",
        "Wait, or raise the limit of the server or of the proxy that sent the response.",
    ),
    error(
        "HOST_REJECTED",
        "MCP transports, Security: servers validate Origin to prevent DNS rebinding; SDKs also check Host.",
        "Allow this Host header in the server's settings, or set host_header to one that the server allows.",
    ),
    error(
        "FORBIDDEN",
        "RFC 9110 section 15.5.4; MCP authorization: a 403 for insufficient permissions has a WWW-Authenticate header.",
        "Check whether the server, a proxy or a policy sent the response.",
    ),
    info(
        "RETRIES_EXHAUSTED",
        "start_timeout limits how long a starting server is retried.",
        "If the server starts slowly, increase start_timeout.",
    ),
)

_SENDING = "MCP transports, Streamable HTTP, Sending Messages to the Server"
_RPC = "JSON-RPC 2.0 section 5; MCP base protocol, Messages"

MESSAGES: t.Final = (
    error(
        "NOT_MCP",
        f"{_SENDING}: the response to a request is application/json or text/event-stream.",
        "Check host, port and path: this is a web page or another API.",
    ),
    error(
        "ENDPOINT_NOT_FOUND",
        f"{_SENDING}: the server provides one endpoint path that supports POST.",
        "Set path to the path of the MCP endpoint.",
    ),
    error(
        "NOT_ACCEPTABLE",
        f"{_SENDING}: the client accepts both application/json and text/event-stream.",
        "Respond with one of the two types in Accept.",
    ),
    error(
        "UNSUPPORTED_MEDIA_TYPE",
        f"{_SENDING}: clients send messages as JSON.",
        "Accept requests with Content-Type: application/json.",
    ),
    error(
        "NO_RESPONSE",
        f"{_SENDING}: a request gets a response; 202 without a body is for notifications.",
        "Return the JSON-RPC response to each request.",
    ),
    error(
        "ACCEPTED_WITH_BODY",
        f"{_SENDING}: 202 is the response to notifications and responses, and has no body.",
        "Respond to requests with 200.",
    ),
    warning(
        "REDIRECTED",
        f"{_SENDING}: the server provides a single endpoint path; HTTP+SSE: the endpoint event contains the URI.",
        "Use the target of the redirect, for HTTP+SSE in the endpoint event; often only a trailing slash differs.",
    ),
    error(
        "REDIRECT_METHOD_CHANGE",
        "RFC 9110 section 15.4: on 301, 302 and 303 clients may change POST to GET; MCP clients do not follow them.",
        "Redirect with 307 or 308, or use the final path.",
    ),
    error(
        "REDIRECT_CROSS_ORIGIN",
        "RFC 9110 section 15.4; MCP security best practices: clients do not follow redirects to another origin.",
        "Use the final URL; if it is a login page, validate the server behind that proxy.",
    ),
    error("REDIRECT_INVALID", "RFC 9110 section 10.2.2: Location is a URI reference.", "Fix the Location header."),
    error("REDIRECT_LOOP", "RFC 9110 section 15.4.", "Fix the redirects of the server or of the proxy in front of it."),
    error("INVALID_JSON", f"RFC 8259. {_RPC}.", "Send exactly one JSON text."),
    error("INVALID_UTF8", "MCP transports: JSON-RPC messages MUST be UTF-8 encoded.", "Encode messages as UTF-8."),
    error(
        "JSON_LIMIT",
        "RFC 8259 section 9: parsers may limit depth and size.",
        "Return lists in pages (nextCursor) and reduce the nesting.",
    ),
    warning(
        "JSON_BOM",
        "RFC 8259 section 8.1: implementations must not add a byte order mark.",
        "Remove the byte order mark.",
    ),
    warning(
        "JSON_NESTING",
        "RFC 8259 section 9: parsers may limit the depth of nesting; that of the Python SDK allows 200 levels.",
        "Reduce the nesting, for example of schemas, by $defs and $ref.",
    ),
    warning(
        "JSON_NOT_A_NUMBER",
        "RFC 8259 section 6: numeric values such as NaN and Infinity are not permitted, and doubles limit the range.",
        "Return null or omit the member; in Python, json.dumps(allow_nan=False) finds NaN and Infinity.",
    ),
    warning(
        "JSON_LONE_SURROGATE",
        "RFC 8259 section 8.2: the behavior of receivers of unpaired surrogates is unpredictable.",
        "Do not cut strings within a UTF-16 surrogate pair.",
    ),
    warning(
        "UTF8_REPLACED",
        "RFC 8259 section 8.1: JSON text is encoded in UTF-8.",
        "Encode the response in UTF-8. Clients that accept it show other characters.",
    ),
    error(
        "INVALID_JSONRPC",
        f'{_RPC}: "jsonrpc": "2.0", an id, and exactly one of result (an object) and error.',
        "Send JSON-RPC 2.0 messages.",
    ),
    warning(
        "JSONRPC_EXTRA_MEMBER",
        f"{_RPC}: a response has jsonrpc, id, and either result or error, and no other members.",
        "Omit the member, also error: null beside a result; use _meta of the result for data of your own.",
    ),
    error(
        "ID_MISMATCH",
        f"{_RPC}: a response has the same id as its request.",
        "Return the id of the request, with the same type.",
    ),
    warning("ID_TYPE", f"{_RPC}: a response has the same id as its request.", "Return integer ids as integers."),
    warning(
        "ERROR_ID_NOT_ECHOED",
        f"{_RPC}: an error response has the id of its request.",
        "Return the id of the request in errors as well.",
    ),
    warning(
        "UNEXPECTED_BATCH",
        "MCP 2025-06-18: JSON-RPC batching is removed; the response to one request is one message.",
        "Return a single message.",
    ),
    warning(
        "UNEXPECTED_CONTINUE",
        "RFC 9110 section 15.2.1: 100 is the response to Expect: 100-continue. Clients discard others, but fetch of "
        "Node.js ends the connection.",
        "Do not send 100 unless the request has Expect; check the server and any proxy in front of it.",
    ),
    error(
        "BAD_CONTENT_TYPE",
        f"{_SENDING}: the response is application/json or text/event-stream.",
        "Send JSON with Content-Type: application/json.",
    ),
    warning(
        "CONTENT_TYPE_INEXACT",
        f"{_SENDING}: the response is application/json or text/event-stream; RFC 9110 section 8.3: it has one type.",
        "Send one Content-Type header, as application/json or text/event-stream; check for a proxy that adds another.",
    ),
    error(
        "CONTENT_LENGTH_MISMATCH",
        "RFC 9112 section 8: a message that is shorter than its Content-Length is incomplete.",
        "Set Content-Length to the length of the body.",
    ),
    error("INCOMPLETE_BODY", "RFC 9112 section 8.", "Check the server log for what ends the response early."),
)
