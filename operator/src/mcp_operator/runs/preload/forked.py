# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A supervisor that is not the operator's child: a handle says when it has ended, and nothing says how."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading


class Forked:
    """One supervisor.

    :param handle: of the process; unlike its number, it cannot come to mean another one.
    :param order: the end of a pipe that its standard input is read from.
    :param answer: the end of a pipe that its standard output goes to.
    """

    def __init__(self, pid: int, handle: int, order: int, answer: int) -> None:
        self.pid = pid
        self.returncode: str | None = None
        self.stdin = os.fdopen(order, "wb")
        self.stdout = os.fdopen(answer, "rb")
        self._handle = handle
        self._lock = threading.Lock()

    def send_signal(self, sig: int) -> None:
        """Send a signal, if it is still there."""
        with self._lock, contextlib.suppress(ProcessLookupError):
            if self.returncode is None:
                signal.pidfd_send_signal(self._handle, sig)

    def wait(self, timeout: float | None = None) -> None:
        """Wait for its end, once.

        :raises subprocess.TimeoutExpired: it did not come.
        """
        end = select.poll()
        end.register(self._handle, select.POLLIN)
        if not end.poll(None if timeout is None else timeout * 1000):
            raise subprocess.TimeoutExpired(["supervisor"], timeout or 0.0)
        with self._lock:
            self.returncode = "unknown"
            os.close(self._handle)
