# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Open the zoo: all fake servers in one thread, each on a port of its own on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
import ssl
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from .certificates import Certificates
from .fake_server import FakeServer
from .http import Out, read_request

HOST = "127.0.0.1"
RESTART_SECONDS = 3.0  # from the end of a server to the next one at its port


def _bind(port: int) -> socket.socket:
    # The protocol is named, as asyncio sets TCP_NODELAY only then.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if port:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((HOST, port))
    return sock


async def _stop(server: asyncio.Server) -> None:
    """Refuse connections. One that was just accepted is served, which asyncio does not do once the server is closed."""
    for sock in server.sockets:
        asyncio.get_running_loop().remove_reader(sock.fileno())
    for _turn in range(3):
        await asyncio.sleep(0)
    server.close()


class Zoo:
    """A context manager; within it, ``ports`` has the port of each fake server by name."""

    def __init__(self, fake_servers: Iterable[FakeServer], folder: Path) -> None:
        self._fake_servers = list(fake_servers)
        self._certificates = Certificates(folder)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="zoo")
        self._closing = asyncio.Event()
        self._servers: list[asyncio.Server] = []
        self._restarts: list[asyncio.Future[None]] = []
        self._unused: list[socket.socket] = []
        self.ports: dict[str, int] = {}

    @property
    def authority(self) -> str:
        """Return the file of the authority that signed the good certificates."""
        return str(self._certificates.authority)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(timeout=10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> None:
        for fake_server in self._fake_servers:
            sock = _bind(0)
            self.ports[fake_server.name] = sock.getsockname()[1]
            if fake_server.listens:
                await self._serve(fake_server, sock)
            else:
                self._unused.append(sock)  # else somebody could listen there

    async def _serve(self, fake_server: FakeServer, sock: socket.socket) -> None:
        handler = fake_server.keeper() if fake_server.keeper else None
        connections = itertools.count(1)
        server: asyncio.Server | None = None

        async def restart() -> None:
            if server is not None and server.is_serving() and not self._closing.is_set():
                await _stop(server)
                self._restarts.append(asyncio.ensure_future(self._restart(fake_server)))

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with (
                contextlib.closing(writer),
                contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError),
            ):
                if handler is None:
                    assert fake_server.raw is not None
                    await fake_server.raw(reader, writer, self._closing)
                else:
                    out, number = Out(writer, self._closing, restart, reader.read), next(connections)
                    while out.keep_alive and (request := await read_request(reader, number)) is not None:
                        await handler(request, out)

        context = self._certificates.context(fake_server.tls) if fake_server.tls else None
        server = await asyncio.start_server(talk, sock=sock, ssl=context, limit=1 << 20)
        self._servers.append(server)

    async def _restart(self, fake_server: FakeServer) -> None:
        await asyncio.sleep(RESTART_SECONDS)
        await self._serve(fake_server, _bind(self.ports[fake_server.name]))

    async def _close(self) -> None:
        self._closing.set()
        for server in self._servers:
            server.close()
        for sock in self._unused:
            sock.close()
        current = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not current]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # let the transports close
