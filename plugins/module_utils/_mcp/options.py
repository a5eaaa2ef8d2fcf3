# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What to validate, and how: the arguments of :func:`.validate.validate`."""

from __future__ import annotations

import dataclasses
import socket
import typing as t

TRANSPORTS = ("auto", "sse", "streamable-http")
AUTHENTICATION = ("basic", "post")

# host, port and seconds -> a connected stream socket. It may raise OSError or errors.ConnectError.
Dialer = t.Callable[[str, int, float], socket.socket]

# The version by which we introduce ourselves to servers.
CLIENT_VERSION = "0.1.0"


@dataclasses.dataclass(frozen=True)
class Target:
    """The server to validate: a whole URL, or a host and a port with an optional path."""

    url: str | None = None
    scheme: str = "http"
    host: str | None = None
    port: int | None = None
    path: str | None = None  # None: the usual paths are tried
    transport: str = "auto"
    host_header: str | None = None  # sent as Host (and as TLS server name) instead of the URL's own


def _nothing() -> t.Mapping[str, t.Any]:
    return {}


@dataclasses.dataclass(frozen=True)
class ToolCall:
    """A harmless tool to call."""

    name: str
    arguments: t.Mapping[str, t.Any] = dataclasses.field(default_factory=_nothing)


@dataclasses.dataclass(frozen=True)
class ClientCredentials:
    """Credentials of a client that gets its access token by itself; either token_url or issuer is given."""

    client_id: str
    client_secret: str = dataclasses.field(repr=False)
    token_url: str | None = None
    issuer: str | None = None  # whose metadata names the token endpoint
    scopes: tuple[str, ...] = ()
    resource: str | None = None  # None: the URL of the target
    authentication: str = AUTHENTICATION[0]  # how the client proves that it is itself


@dataclasses.dataclass(frozen=True)
class Options:
    """How to validate; times are seconds."""

    timeout: float = 30.0  # the one deadline over everything
    request_timeout: float = 10.0  # for one request and its response
    start_timeout: float = 0.0  # how long a server that is still starting is tried again
    required_capabilities: tuple[str, ...] = ()
    strict: bool = False  # warnings count as errors
    headers: t.Mapping[str, str] = dataclasses.field(default_factory=_nothing, repr=False)
    bearer_token: str | None = dataclasses.field(default=None, repr=False)
    client_credentials: ClientCredentials | None = None
    validate_certs: bool = True
    ca_cert: str | None = None  # a file of PEM certificates
    client_cert: str | None = None  # a PEM file
    client_key: str | None = None  # a PEM file; None: the key is in client_cert
    light: bool = False  # only find it and shake hands; list nothing
    deep: bool = False  # also check what the server must refuse
    tool_call: ToolCall | None = None
    expect: tuple[str, ...] = ()  # JMESPath expressions over the report that must hold
    client_name: str = "mcp.kubernetes"
    client_version: str = CLIENT_VERSION
