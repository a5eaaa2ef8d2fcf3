# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How the process is asked to end."""

from __future__ import annotations

import os
import queue
import signal
import types

# What shells say for a program that a signal ended.
_BY_SIGNAL = 128


class Stopping:
    """SIGTERM and SIGINT ask for a clean end; a second one ends the process at once."""

    def __init__(self) -> None:
        self._asked = False
        # A signal handler may interrupt the very thread that waits, so no lock of an Event's can be taken in it. This
        # queue is made for that.
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()

    def install(self) -> None:
        """Take both signals from now on; only the main thread can."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._take)

    def ask(self) -> None:
        """Ask for the end from within."""
        self._asked = True
        self._wake.put(None)

    def wait(self, seconds: float) -> bool:
        """Wait for so long at most; whether the end was asked for. For one thread only."""
        if not self._asked:
            try:
                self._wake.get(timeout=seconds)
            except queue.Empty:
                return False
        return self._asked

    def _take(self, number: int, _frame: types.FrameType | None) -> None:
        if self._asked:
            os._exit(_BY_SIGNAL + number)
        self.ask()
