# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Hold half-open connections to a port of the loopback device, as a process of its own.

``flood.py PORT COUNT TEXT`` begins a request with TEXT on each connection and sends one more byte every second, so that
no connection is ever idle for long. It prints a line when all connections were tried, and ends when its standard input
is closed.
"""

from __future__ import annotations

import contextlib
import resource
import select
import socket
import sys

# Files that the process has open besides.
_OTHERS = 100


def main(port: int, count: int, text: bytes) -> None:
    """Open the connections and hold them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count + _OTHERS:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count + _OTHERS, hard))
    connections = [socket.socket() for _ in range(count)]
    for connection in connections:
        connection.setblocking(False)
        connection.connect_ex(("127.0.0.1", port))
    waiting = set(connections)
    while waiting:
        for connection in established(waiting):
            waiting.remove(connection)
            send(connection, text)
    print("open", flush=True)
    while not select.select([sys.stdin], [], [], 1.0)[0]:
        for connection in connections:
            send(connection, b"a")


def established(connections: set[socket.socket]) -> list[socket.socket]:
    """Wait until some of the connections are established or refused, and return these."""
    poll = select.poll()
    by_file = {connection.fileno(): connection for connection in connections}
    for file in by_file:
        poll.register(file, select.POLLOUT)
    return [by_file[file] for file, _event in poll.poll()]


def send(connection: socket.socket, data: bytes) -> None:
    """Send on a connection that the server may have closed."""
    with contextlib.suppress(OSError):
        connection.send(data)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].encode())
