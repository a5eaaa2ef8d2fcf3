# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How the process is asked to end."""

from __future__ import annotations

import os
import queue
import signal
import time
import types

# One Ctrl-C or `timeout` often sends a signal twice, to a process and to its group; that is not impatience.
_IMPATIENT = 1.0
# What shells say for a program that a signal ended.
_BY_SIGNAL = 128


class Shutdown:
    """SIGTERM and SIGINT ask for a clean end; one that comes a second later or more ends the process at once."""

    def __init__(self) -> None:
        self._asked = False
        self._asked_at = 0.0
        # A signal handler may interrupt the very thread that waits, so no lock of an Event's can be taken in it. This
        # queue is made for that.
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()

    def install(self) -> None:
        """Take both signals from now on; only the main thread can."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._take)

    @property
    def asked(self) -> bool:
        """Whether the end was asked for."""
        return self._asked

    def ask(self) -> None:
        """Ask for the end from within."""
        self._asked, self._asked_at = True, time.monotonic()
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
        if not self._asked:
            self.ask()
        elif time.monotonic() - self._asked_at > _IMPATIENT:
            os._exit(_BY_SIGNAL + number)
