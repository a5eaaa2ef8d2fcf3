# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The stream of a session for messages of the server beside the responses, which a client opens by GET.

A server may send a request there, such as a ping, and wait for the response before it responds to the client.
"""

from __future__ import annotations

import typing as t

from ..errors import McpError
from ..transport import connection
from ..transport.memory import FREE_JSON
from ..transport.sse import SseParser
from . import jsonrpc
from .server_requests import request_in

if t.TYPE_CHECKING:
    from ..transport.deadline import Deadline
    from ..transport.http_client import Exchange
    from .reply import Respond


class SideStream:
    """An open stream.

    :param respond: sends the response to a request of the server.
    """

    def __init__(self, exchange: Exchange, respond: Respond) -> None:
        self.exchange = exchange
        self._respond = respond
        self._parser = SseParser(FREE_JSON)
        self._ended = False

    def attend(self, other: Exchange, limit: Deadline) -> None:
        """Wait until another exchange has received something, and respond meanwhile to what the server asks."""
        while not self._ended and not limit.passed:
            ready = connection.wait_readable([other.connection, self.exchange.connection], limit.left)
            if other.connection in ready:
                return
            if self.exchange.connection in ready:
                self._read()

    def _read(self) -> None:
        """Read what is there. A stream that ends, or has anything but small messages, is left alone."""
        try:
            self.exchange.read_available()
            head = self.exchange.head
            if head is not None and head.headers.media_type != "text/event-stream":
                self._ended = True  # its body is read when the reply is requested
                return
            asked = [
                request
                for piece in self.exchange.take_body()
                for event in self._parser.feed(piece)
                if event.name == "message"
                for request in _requests_in(event.raw)
            ]
        except McpError:
            self._ended = True
            return
        self._ended = self.exchange.complete
        for request in asked:
            self._respond(request)


def _requests_in(raw: bytes | bytearray) -> t.Iterator[t.Any]:
    """Yield the request in an event, if it is one."""
    try:
        value = jsonrpc.decode(raw)
        message = jsonrpc.parse(value)
    except McpError:
        return
    if isinstance(message, jsonrpc.ServerMessage) and message.is_request:
        request = request_in(value)
        if request is not None:
            yield request
