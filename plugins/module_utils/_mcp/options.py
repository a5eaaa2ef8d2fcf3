# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The arguments of :func:`.api.validate`."""

from __future__ import annotations

import dataclasses
import socket
import typing as t

TRANSPORTS = ("auto", "sse", "streamable-http")
AUTHENTICATION = ("basic", "post")

# host, port and timeout in seconds -> a connected stream socket. May raise OSError or errors.ConnectError.
Dialer = t.Callable[[str, int, float], socket.socket]

# Called with the kind (``tools``, ``prompts``, ``resources``, ``resource_templates``), an item and its digest; and with
# ``instructions`` as the kind and as the member of an item.
OnItem = t.Callable[[str, t.Mapping[str, t.Any], str], None]

# The client version that servers see.
CLIENT_VERSION = "0.1.0"


@dataclasses.dataclass(frozen=True)
class Target:
    """The server to validate: a whole URL, or a host and a port with an optional path."""

    url: str | None = None
    scheme: str = "http"
    host: str | None = None
    port: int | None = None
    path: str | None = None  # None to try the usual paths
    transport: str = "auto"
    host_header: str | None = None  # replaces the Host header and the TLS server name of the URL
    server_name: str | None = None  # replaces the TLS server name of host_header and of the URL


def _empty() -> t.Mapping[str, t.Any]:
    return {}


@dataclasses.dataclass(frozen=True)
class ToolCall:
    """A tool to call, and its arguments."""

    name: str
    arguments: t.Mapping[str, t.Any] = dataclasses.field(default_factory=_empty)


@dataclasses.dataclass(frozen=True)
class ClientCredentials:
    """Client credentials with which the validator fetches an access token; set either token_url or issuer."""

    client_id: str
    client_secret: str = dataclasses.field(repr=False)
    token_url: str | None = None
    issuer: str | None = None  # its metadata names the token endpoint
    scopes: tuple[str, ...] = ()
    resource: str | None = None  # None for the URL of the target
    authentication: str = AUTHENTICATION[0]  # of the client at the token endpoint


@dataclasses.dataclass(frozen=True)
class Options:
    """How to validate a server; times are in seconds."""

    timeout: float = 30.0  # for the whole validation
    request_timeout: float = 10.0  # for one request with its response
    start_timeout: float = 0.0  # for retries while the server is starting
    required_capabilities: tuple[str, ...] = ()
    strict: bool = False  # warnings count as errors
    headers: t.Mapping[str, str] = dataclasses.field(default_factory=_empty, repr=False)
    bearer_token: str | None = dataclasses.field(default=None, repr=False)
    client_credentials: ClientCredentials | None = None
    validate_certs: bool = True
    ca_cert: str | None = None  # a file of PEM certificates
    ca_data: str | None = None  # PEM certificates; trusted in place of those of the system
    client_cert: str | None = None  # a PEM file
    client_key: str | None = None  # a PEM file; None if the key is in client_cert
    client_data: str | None = dataclasses.field(default=None, repr=False)  # both as PEM, in place of the files
    light: bool = False  # detection and handshake only
    deep: bool = False  # also check that the server rejects invalid requests
    tool_call: ToolCall | None = None
    on_item: OnItem | None = dataclasses.field(default=None, repr=False)  # called with each listed item
    # Called for a response before which the server sent a notification that one of its lists changed.
    on_list_changed: t.Callable[[], None] | None = dataclasses.field(default=None, repr=False, compare=False)
    expect: tuple[str, ...] = ()  # JMESPath expressions that must hold for the report
    client_name: str = "mcp.kubernetes"
    client_version: str = CLIENT_VERSION
