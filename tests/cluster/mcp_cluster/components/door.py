# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The door: the one way from the machine into the cluster.

It listens on the machine's loopback, then moves into the cluster's network namespace, where it connects to the API
server for whoever comes in. Nothing can come out through it, and nothing but the API server can be reached: the
address is fixed at its start.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import resource
import socket
import ssl
import sys
from collections.abc import Callable, Container
from contextlib import suppress
from pathlib import Path

from .. import addresses
from ..locations import SOURCES, Locations
from ..machine.netns import enter
from .base import Cluster, Component

COMMAND = "serve-door"
CHUNK = 64 * 1024
CONNECT_TIMEOUT = 10.0


def door(cluster: Cluster) -> Component:
    port = cluster.settings.door_port
    return Component(
        "door",
        # The interpreter itself: a virtual environment may be gone when Python looks for a module.
        (
            str(Path(sys.executable).resolve()),
            "-I",
            "-B",
            str(SOURCES),
            COMMAND,
            str(cluster.namespace.path),
            str(port),
        ),
        _asks_api_server(cluster, port),
        # Its own text stands for its configuration, so that a changed door is opened anew.
        files={cluster.locations.config / "door.py": Path(__file__).read_text(encoding="utf-8")},
        timeout=20,
        outside=True,
        # Whoever calls `up` does so with some Python and from some checkout; that is no reason to shut the door on
        # everybody else.
        identity=(str(port),),
    )


def _asks_api_server(cluster: Cluster, port: int) -> Callable[[], str]:
    def trouble() -> str:
        tls = ssl.create_default_context(cafile=str(cluster.certificates.certificate("ca")))
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=tls)
        try:
            connection.request("GET", "/livez")
            answer = connection.getresponse()
            return "" if answer.status == 200 else f"HTTP {answer.status}"
        except (OSError, http.client.HTTPException) as error:
            return str(error) or type(error).__name__
        finally:
            connection.close()

    return trouble


def ports_of_others(locations: Locations) -> set[int]:
    """The ports that other testbeds have chosen, of which some may not listen yet."""
    found = set()
    for path in locations.root.parent.glob(f"*/{locations.settings.name}"):
        if path != locations.settings:
            with suppress(OSError, ValueError, TypeError, LookupError):
                found.add(int(json.loads(path.read_text(encoding="utf-8"))["door_port"]))
    return found


def choose_port(preferred: int, taken: Container[int] = ()) -> int:
    """The port that was asked for, else any free one."""
    for port in (0,) if preferred in taken else (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as attempt, suppress(OSError):
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(("127.0.0.1", port))
            return int(attempt.getsockname()[1])
    raise OSError("no free port on the loopback address")


def serve(namespace: str, port: int) -> None:
    # Two descriptors for each connection: take as many as are allowed.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    listener = socket.create_server(("127.0.0.1", port), backlog=1024)
    # The listener stays where it was made; whatever is opened from here on is opened inside.
    enter(namespace)
    asyncio.run(_serve(listener, addresses.NODE, addresses.API_PORT))


async def _serve(listener: socket.socket, host: str, port: int) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.TimeoutError):
            await _join(reader, writer, host, port)
        writer.close()

    server = await asyncio.start_server(handle, sock=listener, limit=CHUNK)
    async with server:
        await server.serve_forever()


async def _join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int) -> None:
    inner_reader, inner_writer = await asyncio.wait_for(
        asyncio.open_connection(host, port, limit=CHUNK), CONNECT_TIMEOUT
    )
    directions = [
        asyncio.ensure_future(_copy(reader, inner_writer)),
        asyncio.ensure_future(_copy(inner_reader, writer)),
    ]
    try:
        # Each side may finish sending by itself and still listen; an error on either side ends both.
        await asyncio.gather(*directions)
    finally:
        for direction in directions:
            direction.cancel()
        inner_writer.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(CHUNK):
        target.write(data)
        # Waits while the receiver is slower than the sender, so that memory stays bounded.
        await target.drain()
    if target.can_write_eof():
        target.write_eof()
