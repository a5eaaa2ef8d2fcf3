# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Messages between processes that trust each other: JSON with its length before it, and descriptors along with that."""

from __future__ import annotations

import json
import socket
import typing as t

_LENGTH = 4


def send(connection: socket.socket, message: t.Mapping[str, t.Any], descriptors: t.Sequence[int] = ()) -> None:
    """Send a message.

    :raises OSError: nobody is there any more.
    """
    data = json.dumps(message).encode()
    socket.send_fds(connection, [len(data).to_bytes(_LENGTH, "big")], descriptors)
    connection.sendall(data)


def receive(connection: socket.socket, most: int = 0) -> tuple[dict[str, t.Any] | None, list[int]]:
    """Return the next message, None if there is nobody any more, and at most so many descriptors.

    :raises OSError: it did not come, or not in time.
    """
    head, descriptors, _flags, _address = socket.recv_fds(connection, _LENGTH, most)
    if not head:
        return None, descriptors
    data = _read(connection, int.from_bytes(head + _read(connection, _LENGTH - len(head)), "big"))
    message: dict[str, t.Any] = json.loads(data)
    return message, descriptors


def _read(connection: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        part = connection.recv(length - len(data))
        if not part:
            raise ConnectionResetError("a message ended early")
        data += part
    return data
