# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check how clients register at an authorization server of the MCP server's own origin.

The metadata of other origins is never requested: a server could name any URL as its authorization server.
"""

from __future__ import annotations

import typing as t
import urllib.parse

from ..._util import clean

if t.TYPE_CHECKING:
    from ..protocol import jsonrpc
    from ..transport.urls import Endpoint

_WELL_KNOWN: t.Final = "/.well-known/oauth-authorization-server"
_OPENID: t.Final = "/.well-known/openid-configuration"


def metadata_endpoints(endpoint: Endpoint, servers: t.Sequence[str], host_header: str | None) -> list[Endpoint]:
    """Return the endpoints of the server's origin that may have the metadata of its authorization server (RFC 8414).

    :param endpoint: of the MCP server.
    :param servers: the issuers that its resource metadata names. Without any, MCP 2025-03-26 has the metadata at the
        root of the server's origin.
    """
    if not servers:
        return [endpoint.at(_WELL_KNOWN)]
    own = urllib.parse.urlsplit(f"//{host_header or endpoint.origin.authority}")
    for server in servers:
        try:
            issuer = urllib.parse.urlsplit(server)
            same = (issuer.hostname, issuer.port) == (own.hostname, own.port)
        except ValueError:
            continue
        if same:
            path = issuer.path.rstrip("/")
            return [endpoint.at(f"{_WELL_KNOWN}{path}"), endpoint.at(f"{_OPENID}{path}")]
    return []


def registration_issue(metadata: jsonrpc.Json) -> str | None:
    """Return the message of an issue if clients without a prior relationship can only register dynamically.

    Source: 2026-07-28, Client Registration. With Client ID Metadata Documents, nothing depends on the registration.
    """
    endpoint = metadata.get("registration_endpoint")
    if not isinstance(endpoint, str) or metadata.get("client_id_metadata_document_supported") is True:
        return None
    return (
        f"The authorization server registers clients at {clean(endpoint, 200)} and does not declare support for "
        "Client ID Metadata Documents."
    )
