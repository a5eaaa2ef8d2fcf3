# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Read the event stream of one response piece by piece."""

from __future__ import annotations

import typing as t

from ..errors import DeadlineExceeded

if t.TYPE_CHECKING:
    from ..transport.deadline import Deadline
    from ..transport.http_client import Exchange
    from ..transport.sse import SseParser
    from . import jsonrpc
    from .reply import Reply, ResponseMatcher


def read_more(exchange: Exchange, matcher: ResponseMatcher, limit: Deadline, doing: str) -> jsonrpc.Response | None:
    """Wait for the next bytes of a stream; return what stands for the response if they do not come in time."""
    try:
        exchange.read_more(matcher.deadline(limit), doing)
    except DeadlineExceeded:
        response = matcher.conclude()
        if response is None:
            raise
        return response
    return None


def match_piece(piece: bytes, parser: SseParser, matcher: ResponseMatcher, reply: Reply) -> jsonrpc.Response | None:
    """Return the response if a piece of a stream completes it."""
    for event in parser.feed(piece):
        if parser.has_bom:
            reply.add_note_once("SSE_BOM", "The event stream begins with a byte order mark.")
        if parser.has_lone_cr:
            reply.add_note_once("SSE_LINE_END", "The event stream ends lines with CR only.")
        response = matcher.match_event(event)
        if response is not None:
            return response
    return None
