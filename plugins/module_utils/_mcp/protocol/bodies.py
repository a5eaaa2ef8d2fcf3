# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Read the bodies of responses that are no event streams."""

from __future__ import annotations

import typing as t

from ..._util import clean, excerpt
from ..errors import ProtocolError
from . import jsonrpc
from .reply import JSON

if t.TYPE_CHECKING:
    from ..transport.deadline import Deadline
    from ..transport.http_client import Exchange
    from .reply import Reply, ResponseMatcher

ERROR_BYTES: t.Final = 64 * 1024
_JSON_TYPE: t.Final = "application/json"


def match_body(reply: Reply, body: bytearray, matcher: ResponseMatcher, *, truncated: bool) -> None:
    """Find the response in the body of a successful reply.

    :raises ProtocolError: if the body has none.
    """
    media_type = reply.headers.media_type
    if not body or body.isspace():
        raise ProtocolError(f"The HTTP response has the status {reply.status} and no body.", code="NO_RESPONSE")
    try:
        reply.response = matcher.match_body(body)
    except ProtocolError:
        if truncated:
            raise ProtocolError("The connection ended in the middle of the body.", code="INCOMPLETE_BODY") from None
        if media_type == _JSON_TYPE:
            raise
        seen = f"The HTTP response is {media_type or 'of no declared type'}: {excerpt(reply.body)}."
        raise ProtocolError(seen, code="NOT_MCP") from None
    if reply.response is None:
        raise ProtocolError("The body is a message from the server, but not the response.", code="NO_RESPONSE")
    reply.mode = JSON
    if reply.status == 202:
        reply.add_note("ACCEPTED_WITH_BODY", "The response to a request has the status 202.")
    if truncated:
        reply.add_note("CONTENT_LENGTH_MISMATCH", "The connection ended before the body reached its declared length.")
    if jsonrpc.has_bom(reply.body):
        reply.add_note("JSON_BOM", "The body begins with a byte order mark.")
    if media_type != _JSON_TYPE:
        # Some clients look at the beginning only.
        code = "CONTENT_TYPE_INEXACT" if media_type and media_type.startswith(_JSON_TYPE) else "BAD_CONTENT_TYPE"
        reply.add_note(code, f"A JSON-RPC response has the type {clean(media_type or 'none')}.")


def read_beginning(exchange: Exchange, limit: Deadline, method: str) -> bytes:
    """Return the beginning of a body for a message."""
    body = bytearray()
    while True:
        for piece in exchange.take_body():
            body += piece
            if len(body) >= ERROR_BYTES:
                return bytes(body[:ERROR_BYTES])
        if exchange.complete:
            return bytes(body)
        exchange.read_more(limit, f"the body of the response to {method}")
