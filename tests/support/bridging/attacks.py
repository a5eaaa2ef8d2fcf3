# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Requests of a neighbor in the cluster's network, byte by byte: no client library would send them."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Iterator
from pathlib import Path

from .running import Running

MIB = 1024 * 1024
JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


def head(method: str, path: str, **headers: str | int) -> bytes:
    """Return the head of a request; underscores in names of headers stand for hyphens."""
    fields = {"Host": "127.0.0.1", **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def connect(running: Running, source: str = "127.0.0.1") -> socket.socket:
    """Open a connection from one of the addresses of loopback."""
    return socket.create_connection(("127.0.0.1", running.port), 10, source_address=(source, 0))


def send(running: Running, data: bytes) -> bytes:
    """Send a request and return its response, or what of it has arrived after 10 seconds."""
    with connect(running) as sock:
        # The server may respond and close before it has read everything.
        with contextlib.suppress(ConnectionError):
            sock.sendall(data)
        return received(sock)


def post(body: bytes, **headers: str | int) -> bytes:
    """Return a complete POST of JSON, after which the server closes the connection."""
    return head("POST", "/mcp", Content_Length=len(body), Connection="close", **JSON, **headers) + body


def received(sock: socket.socket) -> bytes:
    """Return what arrives until the server closes the connection."""
    found = b""
    with contextlib.suppress(OSError):
        while data := sock.recv(65536):
            found += data
    return found


def status(response: bytes) -> int:
    """Return the status of a response, 0 without one."""
    return int(response.split(b" ", 2)[1]) if response.startswith(b"HTTP/1.1 ") else 0


def closed(sock: socket.socket) -> bool:
    """Tell whether the server has closed a connection on which it sent nothing."""
    sock.setblocking(False)
    try:
        return sock.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def peak(running: Running) -> int:
    """Return the most resident bytes that the sidecar had, without the processes of its server."""
    text = Path(f"/proc/{running.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in text.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


@contextlib.contextmanager
def half_sent(running: Running, count: int, start: bytes) -> Iterator[list[socket.socket]]:
    """Hold connections on which a request began and does not go on: as much of it as the sidecar reads."""
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(connect(running)) for _ in range(count)]
        left = dict.fromkeys(held, memoryview(start))
        for sock in held:
            sock.setblocking(False)
        # Until the sidecar reads nothing any more.
        while writable := select.select([], [sock for sock in held if left[sock]], [], 0.5)[1]:
            for sock in writable:
                try:
                    left[sock] = left[sock][sock.send(left[sock]) :]
                except ConnectionError:
                    left[sock] = memoryview(b"")
        yield held
