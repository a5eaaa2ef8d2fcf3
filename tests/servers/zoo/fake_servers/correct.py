# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Correct servers: none of them may be given any issue."""

# ruff: noqa: ARG002  # what a server overrides, it need not use

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from ..fake_server import FakeServers, correct
from ..http import Out, Request
from ..servers import LEGACY, MODERN, TOOLS, Dual, Fault, LegacySse, Stateless, Streamable


class Polling(Streamable):
    """2025-11-25: ends the stream after an event id; the client fetches the rest by GET."""

    mode = "sse"
    polled: str | None = "tools/list"  # the method whose stream it ends; None for all
    times = 1  # that it ends the stream

    def __init__(self, **changes: Any) -> None:
        super().__init__(**changes)
        self.kept: object = None

    async def deliver(self, out: Out, method: str, response: object, headers: Any) -> None:
        if self.polled not in (None, method):
            await super().deliver(out, method, response, headers)
            return
        self.kept = response
        await self.end_early(out, 1, headers)

    async def end_early(self, out: Out, number: int, headers: Any) -> None:
        await out.open_stream(headers)
        await out.chunk(f"retry: 10\nid: event-{number}\ndata: \n\n")
        await out.end_stream()

    async def answer(self, request: Request, out: Out) -> None:
        last = request.headers.get("last-event-id")
        if request.method != "GET" or last is None:
            await super().answer(request, out)
            return
        if self.polled is not None:
            self.check_session(request)
        number = int(last.removeprefix("event-"))
        if number < self.times:
            await self.end_early(out, number + 1, {})
            return
        await out.open_stream()
        await out.event(self.kept)
        await out.end_stream()


class Absolute(LegacySse):
    """Names its endpoint by an absolute URL, as it was called."""

    async def answer(self, request: Request, out: Out) -> None:
        self.endpoint = f"http://{request.headers['host']}/messages?session_id=1"
        await super().answer(request, out)


class OpenStreams(Streamable):
    """Leaves its streams open after the response."""

    mode = "sse"

    async def deliver(self, out: Out, method: str, response: object, headers: object) -> None:
        await out.open_stream(headers)  # type: ignore[arg-type]
        await out.event(response)
        await out.hang()


class Http10(Streamable):
    """Speaks HTTP/1.0: no chunks, the end of the connection is the end of the body."""

    async def deliver(self, out: Out, method: str, response: object, headers: object) -> None:
        out.hang_up()
        await out.raw(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n")
        await out.raw(b"".join(f"{name}: {value}\r\n".encode() for name, value in dict(headers).items()) + b"\r\n")  # type: ignore[call-overload]
        await out.raw(json.dumps(response).encode())


class Interim(Streamable):
    """Sends interim responses first, and closes the connection after each answer."""

    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"

    async def deliver(self, out: Out, method: str, response: object, headers: object) -> None:
        out.hang_up()
        await out.raw(self.interim)
        await super().deliver(out, method, response, {**dict(headers), "Connection": "close"})  # type: ignore[call-overload]


class SseCrlf(LegacySse):
    """Writes CRLF, comments, and the response before it answers the POST."""

    async def take(self, request: Request, message: object, out: Out, stream: Out) -> None:
        value = request.json
        if "id" in value:
            result = self.result(value["method"], value.get("params", {}))
            data = json.dumps({"jsonrpc": "2.0", "id": value["id"], "result": result})
            await stream.chunk(f": ping\r\n\r\nevent: message\r\ndata: {data}\r\n\r\n")
        await out.send(202, "Accepted", "text/plain")


def empty_cursor(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return a list whose second page has an empty cursor, which is a cursor like any other."""
    return {"tools": TOOLS[2:]} if params.get("cursor") == "" else {"tools": TOOLS[:2], "nextCursor": ""}


INITIALIZE = {
    "capabilities": {"tools": {}, "experimental": {}, "extensions": {}, "tasks": {}},
    "instructions": "Be kind.",
}

FAKE_SERVERS: FakeServers = [
    correct("correct-sse-2024-11-05", LegacySse, LEGACY[0], "sse"),
    correct("correct-streamable-2025-03-26", partial(Streamable, revision=LEGACY[1]), LEGACY[1]),
    correct("correct-streamable-2025-06-18", partial(Streamable, revision=LEGACY[2], mode="sse"), LEGACY[2]),
    correct("correct-streamable-2025-11-25", partial(Streamable, mode="sse"), LEGACY[3]),
    correct("correct-streamable-2024-11-05", partial(Streamable, revision=LEGACY[0]), LEGACY[0]),
    correct("correct-stateless-2026-07-28", Stateless, MODERN),
    correct("correct-stateless-2026-07-28-by-sse", partial(Stateless, mode="sse"), MODERN),
    correct("correct-dual-era", Dual, LEGACY[3]),
    correct("correct-json-without-session", partial(Streamable, session=None), LEGACY[3]),
    correct("correct-sse-2025-11-25", partial(LegacySse, revision=LEGACY[3]), LEGACY[3], "sse"),
    correct("correct-sse-absolute-endpoint", Absolute, LEGACY[0], "sse"),
    correct("correct-sse-crlf", SseCrlf, LEGACY[0], "sse"),
    correct("correct-sse-at-another-path", partial(LegacySse, path="/api/sse"), LEGACY[0], "sse"),
    correct("correct-streamable-at-root", partial(Streamable, path="/"), LEGACY[3]),
    correct("correct-sse-asked-for", LegacySse, LEGACY[0], "sse", target={"transport": "sse", "path": "/sse"}),
    correct("correct-streamable-asked-for", Streamable, LEGACY[3], target={"transport": "streamable-http"}),
    correct("correct-polling", Polling, LEGACY[3]),
    correct("correct-polling-thrice", partial(Polling, times=3), LEGACY[3]),
    correct("correct-polling-without-session", partial(Polling, session=None), LEGACY[3]),
    correct("correct-polling-always", partial(Polling, polled=None, revision=LEGACY[1]), LEGACY[1]),
    correct("correct-open-streams", OpenStreams, LEGACY[3]),
    correct("correct-http-1.0", Http10, LEGACY[3]),
    correct("correct-interim-responses", Interim, LEGACY[3]),
    correct("correct-unknown-capabilities", partial(Streamable, initialize_result=INITIALIZE), LEGACY[3]),
    correct(
        "correct-required-capabilities", Streamable, LEGACY[3], options={"required_capabilities": ("tools", "prompts")}
    ),
    correct(
        "correct-without-templates",
        partial(Streamable, results={"resources/templates/list": Fault(200, -32601, "Method not found")}),
        LEGACY[3],
    ),
    correct("correct-empty-cursor", partial(Streamable, results={"tools/list": empty_cursor}), LEGACY[3]),
    correct("correct-strict", Streamable, LEGACY[3], options={"strict": True}),
    correct("correct-tls", Streamable, LEGACY[3], tls="good", target={"scheme": "https"}),
    correct(
        "correct-tls-unverified",
        Streamable,
        LEGACY[3],
        tls="self-signed",
        target={"scheme": "https"},
        options={"validate_certs": False, "ca_cert": None},
    ),
    correct("correct-sse-tls", LegacySse, LEGACY[0], "sse", tls="good", target={"scheme": "https"}),
]
