# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Issues of reaching a server: names, connections, TLS, HTTP itself."""

from __future__ import annotations

import typing as t

from .kind import error, info

_HTTP = "RFC 9112 (HTTP/1.1)"
_TLS = "RFC 8446 (TLS 1.3); MCP authorization: endpoints are served over HTTPS outside of trusted networks."

KINDS: t.Final = (
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
        f"A server answers a request with a response: {_HTTP} section 9.",
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
        f"Status line and header section: {_HTTP} sections 4 and 5.",
        "Check that this is the port of the MCP server.",
    ),
    error(
        "INVALID_FRAMING",
        f"Chunked transfer coding: {_HTTP} section 7.1.",
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
