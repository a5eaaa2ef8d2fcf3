# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Why a probe found nothing, and which of several failures tells most."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._util import excerpt
from ..protocol.reply import SSE

if t.TYPE_CHECKING:
    from ..protocol.reply import Reply
    from ..transport.urls import Endpoint

NO_ROUTE: t.Final = (404, 405, 501)
_STARTING: t.Final = (429, 502, 503, 504)

# When nothing is found, the clearest failure is reported: the first of these that was seen.
_RANK: t.Final = (
    "AUTH_REQUIRED",
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
    """Why a probe found nothing."""

    code: str
    seen: str
    probe: str  # what was sent
    endpoint: Endpoint
    reply: Reply | None = None
    transport: str | None = None  # what it shows of the transport all the same

    @property
    def rank(self) -> int:
        """Return how much it tells; less is more."""
        return _RANK.index(self.code) if self.code in _RANK else len(_RANK)

    @property
    def starting(self) -> bool:
        """Tell whether another try makes sense: the server, or what is behind a proxy, may still be starting."""
        return self.code == "SERVER_ERROR" and self.reply is not None and self.reply.status in _STARTING

    @property
    def final(self) -> bool:
        """Tell whether asking for other paths would be refused in the same way."""
        return self.code in ("AUTH_REQUIRED", "HOST_REJECTED")


def classify_reply(reply: Reply) -> tuple[str, str]:
    """Name why the answer to initialize is no evidence of an MCP server."""
    if reply.error is not None:
        return "INIT_FAILED", f"initialize was answered with {reply.describe()}."
    if reply.ok and reply.problem is not None:
        return reply.problem.code, reply.problem.seen
    if reply.ok:
        return (
            "INIT_FAILED",
            f"initialize was answered with a result that is no InitializeResult ({excerpt(reply.body)}).",
        )
    by_status = {406: "NOT_ACCEPTABLE", 415: "UNSUPPORTED_MEDIA_TYPE"}
    if reply.status in NO_ROUTE:
        code = "ENDPOINT_NOT_FOUND"
    elif reply.status >= 500 or reply.status in (408, 425, 429):
        code = "SERVER_ERROR"
    else:
        code = by_status.get(reply.status, "NOT_MCP")
    mode = ", as an event stream," if reply.mode == SSE else ""
    return code, f"initialize was answered{mode} with {reply.describe()}."
