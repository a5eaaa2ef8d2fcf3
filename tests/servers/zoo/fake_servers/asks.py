# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers that ask their client something, and go on when they have its response."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from ..fake_server import FakeServers, correct, remarked
from ..http import Out, Request
from ..servers import LEGACY, LegacySse, Streamable


class Asks(Streamable):
    """Sends a request in the stream of one response, and waits for the response of the client."""

    mode = "sse"
    asked = "ping"
    asks_before = "tools/list"
    responded: asyncio.Event

    def __init__(self, **changes: Any) -> None:
        super().__init__(**changes)
        self.responded = asyncio.Event()

    async def answer(self, request: Request, out: Out) -> None:
        message = request.json
        if isinstance(message, dict) and message.get("id") == "zoo-1" and "method" not in message:
            self.check_response(message)
            self.responded.set()
        await super().answer(request, out)

    def check_response(self, message: Any) -> None:
        wanted = {"result": {}} if self.asked == "ping" else {"error": message["error"]}
        assert message == {"jsonrpc": "2.0", "id": "zoo-1", **wanted}

    async def deliver(self, out: Out, method: str, response: Any, headers: Any) -> None:
        await out.open_stream(headers)
        if method == self.asks_before:
            await out.event({"jsonrpc": "2.0", "id": "zoo-1", "method": self.asked})
            await self.responded.wait()
        await out.event(response)
        await out.end_stream()


class AsksOnTheSide(Asks):
    """Sends its request on the stream that the client opened by GET."""

    mode = "json"
    side: Out | None = None

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "GET":
            self.side = out
            await out.open_stream()
            await out.hang()
        await super().answer(request, out)

    async def deliver(self, out: Out, method: str, response: Any, headers: Any) -> None:
        if method == self.asks_before and self.side is not None:
            await self.side.event({"jsonrpc": "2.0", "id": "zoo-1", "method": self.asked})
            await self.responded.wait()
        if self.mode == "json":
            await out.json(200, response, headers)
        else:
            await out.open_stream(headers)
            await out.event(response)
            await out.end_stream()


class AsksOverSse(LegacySse):
    """Does the same over HTTP+SSE."""

    def __init__(self, **changes: Any) -> None:
        super().__init__(**changes)
        self.responded = asyncio.Event()
        self.late: asyncio.Task[None] | None = None

    async def take(self, request: Request, message: Any, out: Out, stream: Out) -> None:
        if message.get("method") == "tools/list":
            await out.send(202, "Accepted", "text/plain")
            self.late = asyncio.create_task(self.ask_first(message, stream))
            return
        if message == {"jsonrpc": "2.0", "id": "zoo-1", "result": {}}:
            self.responded.set()
        await super().take(request, message, out, stream)

    async def ask_first(self, message: Any, stream: Out) -> None:
        await stream.event({"jsonrpc": "2.0", "id": "zoo-1", "method": "ping"})
        await self.responded.wait()
        result = self.result("tools/list", message.get("params", {}))
        await self.respond(stream, self.envelope("tools/list", message["id"], result))


FAKE_SERVERS: FakeServers = [
    correct("asks-before-tools", Asks, LEGACY[3]),
    correct("asks-before-initialized", partial(Asks, asks_before="initialize"), LEGACY[3]),
    remarked("asks-for-roots", partial(Asks, asked="roots/list"), "DEPRECATED_ROOTS"),
    correct("asks-for-what-nobody-knows", partial(Asks, asked="zoo/feed"), LEGACY[3]),
    correct("asks-on-the-side", AsksOnTheSide, LEGACY[3]),
    correct("asks-on-the-side-by-sse", partial(AsksOnTheSide, mode="sse"), LEGACY[3]),
    correct("asks-over-sse", AsksOverSse, LEGACY[0], "sse"),
]
