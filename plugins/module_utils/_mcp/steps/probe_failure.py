# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Why a probe did not find an MCP server, and which of several failures is the most specific."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._util import excerpt
from ..protocol.reply import SSE

if t.TYPE_CHECKING:
    from ..protocol.reply import Reply
    from ..transport.urls import Endpoint

NO_ROUTE: t.Final = (404, 405, 501)
STARTING: t.Final = (429, 502, 503, 504)
_PLAIN_HTTP: t.Final = (
    b"The plain HTTP request was sent to HTTPS port",  # nginx
    b"Client sent an HTTP request to an HTTPS server",  # Go, and so Caddy and Traefik
    b"You're speaking plain HTTP to an SSL-enabled server port",  # Apache
)

# From the most to the least specific. If no server is found, the most specific failure is reported.
_RANK: t.Final = (
    "AUTH_REQUIRED",
    "TLS_EXPECTED",
    "HOST_REJECTED",
    "FORBIDDEN",
    "UNSUPPORTED_VERSION",
    "MODERN_HEADERS_LOST",
    "INIT_FAILED",
    "ID_MISMATCH",
    "INVALID_JSONRPC",
    "INVALID_JSON",
    "INVALID_UTF8",
    "JSON_LIMIT",
    "BODY_TOO_LARGE",
    "HEADERS_TOO_LARGE",
    "INVALID_FRAMING",
    "STREAM_LIMIT",
    "INCOMPLETE_BODY",
    "UNSUPPORTED_CONTENT_ENCODING",
    "REDIRECT_CROSS_ORIGIN",
    "REDIRECT_INVALID",
    "REDIRECT_LOOP",
    "SSE_ENDPOINT_CROSS_ORIGIN",
    "SSE_ENDPOINT_INVALID",
    "TOO_MANY_REQUESTS",
    "SERVER_ERROR",
    "NOT_ACCEPTABLE",
    "UNSUPPORTED_MEDIA_TYPE",
    "NO_RESPONSE",
    "SSE_ENDPOINT_MISSING",
    "NOT_MCP",
    "ENDPOINT_NOT_FOUND",
)


@dataclasses.dataclass(frozen=True)
class ProbeFailure:
    """Why a probe did not find an MCP server."""

    code: str
    seen: str
    probe: str  # what was sent
    endpoint: Endpoint
    reply: Reply | None = None
    transport: str | None = None  # if the failure shows it nevertheless

    @property
    def rank(self) -> int:
        """How specific the failure is; lower is more specific."""
        return _RANK.index(self.code) if self.code in _RANK else len(_RANK)

    @property
    def starting(self) -> bool:
        """Whether to retry: the server, possibly behind a proxy, may still be starting."""
        return (
            self.code in ("SERVER_ERROR", "TOO_MANY_REQUESTS", "INIT_FAILED")  # stdio bridges respond with JSON-RPC
            and self.reply is not None
            and self.reply.status in STARTING
        )

    @property
    def final(self) -> bool:
        """Whether other paths would fail in the same way."""
        return self.code in ("AUTH_REQUIRED", "HOST_REJECTED", "TLS_EXPECTED")


def speaks_tls(reply: Reply) -> bool:
    """Return whether the port expects TLS: web servers respond to plain HTTP with 400 and one of these sentences."""
    return reply.status == 400 and any(sentence in reply.body for sentence in _PLAIN_HTTP)


def classify_reply(reply: Reply) -> tuple[str, str]:
    """Return issue code and message for a reply to initialize that is not from an MCP server."""
    by_status = {406: "NOT_ACCEPTABLE", 415: "UNSUPPORTED_MEDIA_TYPE", 429: "TOO_MANY_REQUESTS"}
    if reply.error is not None:
        return by_status.get(reply.status, "INIT_FAILED"), f"initialize returned {reply.describe()}."
    if reply.ok and reply.problem is not None:
        return reply.problem.code, reply.problem.seen
    if reply.ok:
        return (
            "INIT_FAILED",
            f"initialize returned a result that is not an InitializeResult ({excerpt(reply.body)}).",
        )
    if speaks_tls(reply):
        code = "TLS_EXPECTED"
    elif reply.status in NO_ROUTE:
        code = "ENDPOINT_NOT_FOUND"
    elif reply.status >= 500 or reply.status in (408, 425):
        code = "SERVER_ERROR"
    else:
        code = by_status.get(reply.status, "NOT_MCP")
    mode = " as an event stream" if reply.mode == SSE else ""
    return code, f"initialize returned{mode} {reply.describe()}."
