# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Respond to the requests of a server as every client does (pure): some servers wait for that before they go on.

The validator declares no capability of a client, so it only supports ping. Source: MCP utilities, Ping.
"""

from __future__ import annotations

import typing as t

from . import jsonrpc, revisions

MAX_ID: t.Final = 256  # characters of an id that is repeated


class ServerRequest(t.NamedTuple):
    """A request from the server."""

    id: str | int
    method: str


def request_in(message: t.Mapping[str, t.Any]) -> ServerRequest | None:
    """Return the request in a message with a method and an id; None if its id allows no response."""
    identity = message["id"]
    if isinstance(identity, bool) or not isinstance(identity, (str, int)):
        return None
    if isinstance(identity, str) and len(identity) > MAX_ID:
        return None
    return ServerRequest(identity, message["method"])


def response_to(request: ServerRequest) -> bytes:
    """Return the JSON text of the response."""
    if request.method == "ping":
        answer: dict[str, t.Any] = {"result": {}}
    else:
        answer = {"error": {"code": revisions.METHOD_NOT_FOUND, "message": "Method not found"}}
    return jsonrpc.encode({"jsonrpc": "2.0", "id": request.id, **answer})
