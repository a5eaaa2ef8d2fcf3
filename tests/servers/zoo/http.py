# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Just enough of an HTTP server to be wrong in every way: each handler writes what it wants."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

REASONS = {
    200: "OK",
    202: "Accepted",
    204: "No Content",
    307: "Temporary Redirect",
    400: "Bad Request",
    404: "Not Found",
}


@dataclasses.dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    connection: int  # which connection of this server it came on
    names: frozenset[str] = frozenset()  # of the header fields, as they were written

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def rpc_method(self) -> str | None:
        return self.json.get("method") if isinstance(self.json, dict) else None


class Out:
    """What a handler answers with."""

    def __init__(
        self,
        writer: asyncio.StreamWriter,
        opening: asyncio.Event,
        restart: Callable[[], Awaitable[None]],
        eof: Callable[[], Awaitable[Any]],
    ) -> None:
        self._writer = writer
        self._closing = opening
        self.closed_by_client = eof
        self.restart = restart  # end the server, and start another one a while later
        self.keep_alive = True

    async def raw(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def head(self, status: int, headers: Mapping[str, str]) -> None:
        lines = [
            f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        await self.raw("\r\n".join([*lines, "", ""]).encode("latin-1"))

    async def send(
        self,
        status: int,
        body: bytes | str = b"",
        media_type: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        fields = {
            "Content-Length": str(len(data)),
            **({"Content-Type": media_type} if media_type else {}),
            **(headers or {}),
        }
        await self.head(status, fields)
        await self.raw(data)

    async def json(self, status: int, value: Any, headers: Mapping[str, str] | None = None) -> None:
        await self.send(status, json.dumps(value), "application/json", headers)

    async def open_stream(self, headers: Mapping[str, str] | None = None) -> None:
        fields = {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked", **(headers or {})}
        await self.head(200, fields)

    async def chunk(self, data: bytes | str) -> None:
        data = data.encode() if isinstance(data, str) else data
        await self.raw(b"%x\r\n%s\r\n" % (len(data), data))

    async def event(self, value: Any, name: str = "message") -> None:
        data = value if isinstance(value, str) else json.dumps(value)
        await self.chunk(f"event: {name}\ndata: {data}\n\n")

    async def end_stream(self) -> None:
        await self.raw(b"0\r\n\r\n")

    async def hang(self) -> None:
        """Do nothing until the zoo closes."""
        await self._closing.wait()

    def hang_up(self) -> None:
        """Close the connection after this answer."""
        self.keep_alive = False


Handler = Callable[[Request, Out], Awaitable[None]]


async def read_request(reader: asyncio.StreamReader, connection: int) -> Request | None:
    """Return the next request, or None at the end of the connection."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _version = first.split(" ")
    fields = {name: value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
    headers = {name.lower(): value for name, value in fields.items()}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers, body, connection, frozenset(fields))
