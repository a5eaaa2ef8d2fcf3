# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The errors of talking to an MCP server; a subtree of the collection's one error tree.

McpError                    each code is also a code of the issue catalogue, except those of InvalidTarget
├── InvalidTarget           the caller's arguments make no sense; the only one that ``validate`` raises
│   └── MissingLibrary      they ask for what a library does that is not installed
├── TransportError          no whole HTTP response came
│   ├── ConnectError        no connection, or it broke
│   ├── TlsError            the connection cannot be encrypted or trusted
│   ├── DeadlineExceeded    time is up
│   ├── HttpError           what came is not HTTP as RFC 9112 has it
│   └── LimitExceeded       more came than a sane server sends
└── ProtocolError           a whole HTTP response came and its content is wrong
"""

from __future__ import annotations

from .._errors import McpKubernetesError


class McpError(McpKubernetesError):
    """Anything that goes wrong while talking to an MCP server."""

    code = "MCP_ERROR"


class InvalidTarget(McpError):
    """The target or the options make no sense; nothing was sent."""

    code = "INVALID_TARGET"

    def add_position(self, where: str) -> None:
        """Say which of several targets is meant."""
        self.seen = f"{where}: {self.seen}"


class MissingLibrary(InvalidTarget):
    """What the options ask for needs a Python library that is not there."""

    code = "MISSING_LIBRARY"

    def __init__(self, library: str) -> None:
        super().__init__(f"The Python library {library} is needed.", f"Install {library}.")
        self.library = library


class TransportError(McpError):
    """No whole HTTP response came."""

    code = "CONNECT_FAILED"
    retryable = False


class ConnectError(TransportError):
    """No connection could be made, or it ended before a response began."""

    code = "CONNECT_FAILED"

    def __init__(self, seen: str, *, code: str | None = None, retryable: bool = True) -> None:
        super().__init__(seen, code=code)
        self.retryable = retryable


class TlsError(TransportError):
    """The connection cannot be encrypted, or the peer cannot be trusted."""

    code = "TLS_FAILED"


class DeadlineExceeded(TransportError):
    """Time is up."""

    code = "TIMEOUT"


class HttpError(TransportError):
    """What came is not an HTTP response."""

    code = "NOT_HTTP"


class LimitExceeded(TransportError):
    """The peer sent more than any sane server does."""

    code = "BODY_TOO_LARGE"


class ProtocolError(McpError):
    """A response came, but its content is not what the protocol asks for."""

    code = "INVALID_JSONRPC"
