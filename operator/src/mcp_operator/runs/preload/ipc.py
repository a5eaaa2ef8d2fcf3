# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Communication with forked processes: messages over Unix sockets, and a handle to a forked supervisor.

A message is JSON with its length before it; file descriptors travel along. All peers are processes of the operator, so
messages have no size limit.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import threading
import typing as t

_LENGTH = 4


def send(connection: socket.socket, message: t.Mapping[str, t.Any], descriptors: t.Sequence[int] = ()) -> None:
    """Send a message.

    :raises OSError: the peer has closed the connection.
    """
    data = json.dumps(message).encode()
    socket.send_fds(connection, [len(data).to_bytes(_LENGTH, "big")], descriptors)
    connection.sendall(data)


def receive(connection: socket.socket, most: int = 0) -> tuple[dict[str, t.Any] | None, list[int]]:
    """Receive a message and at most ``most`` file descriptors.

    :return: the message, or None if the peer has closed the connection; and the descriptors.
    :raises OSError: the message is incomplete, or did not arrive in time.
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


class ForkedProcess:
    """A supervisor that is not the operator's child, so its exit status is unknown.

    :param handle: a pidfd. Unlike a PID, it is not reused for another process.
    :param order: the write end of the pipe to its standard input.
    :param answer: the read end of the pipe from its standard output.
    """

    def __init__(self, pid: int, handle: int, order: int, answer: int) -> None:
        self.pid = pid
        self.returncode: str | None = None
        self.stdin = os.fdopen(order, "wb")
        self.stdout = os.fdopen(answer, "rb")
        self._handle = handle
        self._lock = threading.Lock()

    def send_signal(self, sig: int) -> None:
        """Send a signal; does nothing after the process has ended."""
        with self._lock, contextlib.suppress(ProcessLookupError):
            if self.returncode is None:
                signal.pidfd_send_signal(self._handle, sig)

    def wait(self, timeout: float | None = None) -> None:
        """Wait for the process to end. May succeed only once.

        :param timeout: seconds; None to wait without a limit.
        :raises subprocess.TimeoutExpired: it has not ended in time.
        """
        end = select.poll()
        end.register(self._handle, select.POLLIN)
        if not end.poll(None if timeout is None else timeout * 1000):
            raise subprocess.TimeoutExpired(["supervisor"], timeout or 0.0)
        with self._lock:
            self.returncode = "unknown"
            os.close(self._handle)
