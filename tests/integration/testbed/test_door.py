# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The door carries bytes both ways, unchanged, and ends with either side."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import socket
from collections.abc import Awaitable, Callable

import pytest
from mcp_cluster.components import door

pytestmark = pytest.mark.test_all

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def through_a_door(
    server: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    client: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> None:
    async def main() -> None:
        inner = await asyncio.start_server(server, "127.0.0.1", 0)
        port = inner.sockets[0].getsockname()[1]
        listener = socket.create_server(("127.0.0.1", 0))
        serving = asyncio.ensure_future(door._serve(listener, "127.0.0.1", port))
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        await asyncio.wait_for(client(reader, writer), 20)
        writer.close()
        serving.cancel()
        inner.close()
        await asyncio.gather(serving, return_exceptions=True)

    asyncio.run(main())


def test_large_answers_and_requests_arrive_unchanged() -> None:
    payload = os.urandom(8 * 1024 * 1024)

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def send() -> None:
            writer.write(payload)
            await writer.drain()
            writer.write_eof()

        sending = asyncio.ensure_future(send())
        received = await reader.read(-1)
        await sending
        assert hashlib.sha256(received).digest() == hashlib.sha256(payload).digest()

    through_a_door(echo, client)


def test_a_client_that_has_finished_sending_still_hears_the_answer() -> None:
    async def answer_after_the_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.read(-1)
        writer.write(b"you said " + request)
        writer.close()

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.write_eof()
        assert await reader.read(-1) == b"you said hello"

    through_a_door(answer_after_the_end, client)


def test_when_the_api_server_hangs_up_so_does_the_door() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read(-1) == b""

    through_a_door(hang_up, client)


def test_when_the_client_is_gone_the_api_server_hears_it() -> None:
    heard = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.read(-1) == b"hello"
        heard.set()
        writer.close()

    async def client(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        await writer.drain()
        writer.close()
        await asyncio.wait_for(heard.wait(), 5)

    through_a_door(listen, client)


def test_without_an_api_server_the_client_is_told_at_once() -> None:
    async def main() -> None:
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            port = nobody.getsockname()[1]
        listener = socket.create_server(("127.0.0.1", 0))
        serving = asyncio.ensure_future(door._serve(listener, "127.0.0.1", port))
        for _ in range(2):
            reader, writer = await asyncio.open_connection(*listener.getsockname())
            assert await asyncio.wait_for(reader.read(-1), 5) == b""
            writer.close()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

    asyncio.run(main())


def test_a_reader_that_stops_makes_the_sender_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = 0

    async def flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        try:
            while True:
                writer.write(bytes(65536))
                await writer.drain()
                sent += 65536
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()

    async def client(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Reads nothing. What is under way fills the sockets' buffers and then stands still.
        before = -1
        while before != sent:
            before = sent
            await asyncio.sleep(0.3)
        assert 0 < sent < 64 * 1024 * 1024
        writer.transport.abort()

    through_a_door(flood, client)
