# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The errors of the validator, a subtree of the error tree of the collection.

McpError                    its codes are issue codes, except those of InvalidTarget
├── InvalidTarget           invalid arguments; the only error that ``validate`` raises
│   └── MissingLibrary      an argument requires a library that is not installed
├── TransportError          no complete HTTP response
│   ├── ConnectError        no connection, or it was lost
│   ├── TlsError            no TLS connection, or the peer is not trusted
│   ├── DeadlineExceeded    the deadline has passed
│   ├── ValidatorBusy       other validations use the memory that this one needs
│   ├── HttpError           the data is not HTTP/1.1 (RFC 9112)
│   └── LimitExceeded       the data exceeds a limit
└── ProtocolError           a complete HTTP response with invalid content
    └── TokenRefused        the authorization server refuses an access token
"""

from __future__ import annotations

from .._errors import McpKubernetesError


class McpError(McpKubernetesError):
    """An error while communicating with an MCP server."""

    code = "MCP_ERROR"


class InvalidTarget(McpError):
    """The target or the options are invalid; nothing was sent."""

    code = "INVALID_TARGET"

    def add_position(self, where: str) -> None:
        """Begin the message with the position of the target in a list."""
        self.seen = f"{where}: {self.seen}"


class MissingLibrary(InvalidTarget):
    """An option requires a Python library that is not installed."""

    code = "MISSING_LIBRARY"

    def __init__(self, library: str) -> None:
        super().__init__(f"The Python library {library} is required.", f"Install {library}.")
        self.library = library


class TransportError(McpError):
    """The server sent no complete HTTP response."""

    code = "CONNECT_FAILED"
    retryable = False


class ConnectError(TransportError):
    """No connection was possible, or it was lost before a response began.

    :param refused: the host refused the connection, so no process listens on the port.
    """

    code = "CONNECT_FAILED"

    def __init__(self, seen: str, *, code: str | None = None, retryable: bool = True, refused: bool = False) -> None:
        super().__init__(seen, code=code)
        self.retryable = retryable
        self.refused = refused


class TlsError(TransportError):
    """The TLS handshake failed, or the peer is not trusted."""

    code = "TLS_FAILED"


class DeadlineExceeded(TransportError):
    """The deadline has passed."""

    code = "TIMEOUT"


class ValidatorBusy(TransportError):
    """Other validations of the process use the memory that this one needs. This proves nothing about the server."""

    code = "VALIDATOR_BUSY"


class HttpError(TransportError):
    """The data is not an HTTP/1.1 response."""

    code = "NOT_HTTP"


class LimitExceeded(TransportError):
    """The server sent more data than a limit allows."""

    code = "BODY_TOO_LARGE"


class ProtocolError(McpError):
    """The content of a response violates the protocol."""

    code = "INVALID_JSONRPC"


class TokenRefused(ProtocolError):
    """The authorization server refuses an access token.

    :param error: its error code (RFC 6749 section 5.2).
    """

    def __init__(self, seen: str, *, error: str) -> None:
        super().__init__(seen)
        self.error = error
