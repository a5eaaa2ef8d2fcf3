# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Shutdown of the process by signals."""

from __future__ import annotations

import os
import queue
import signal
import time
import types

# Seconds in which a second signal is ignored: one Ctrl-C often sends a signal to the process and to its group.
_IGNORE_SECOND = 1.0
# The exit status of shells for a program that was ended by a signal, minus the signal's number.
_BY_SIGNAL = 128


class Shutdown:
    """SIGTERM and SIGINT request a graceful shutdown; another signal after more than a second ends the process."""

    def __init__(self) -> None:
        self._requested = False
        self._requested_at = 0.0
        # A signal handler may interrupt the thread that waits, and would deadlock on the lock of an Event. SimpleQueue
        # is reentrant.
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()

    def install(self) -> None:
        """Install the signal handlers. Call it in the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    @property
    def requested(self) -> bool:
        """Whether shutdown was requested."""
        return self._requested

    def request(self) -> None:
        """Request a shutdown."""
        self._requested, self._requested_at = True, time.monotonic()
        self._wake.put(None)

    def wait(self, seconds: float) -> bool:
        """Wait for a request; return whether there was one. Only one thread may call it."""
        if not self._requested:
            try:
                self._wake.get(timeout=seconds)
            except queue.Empty:
                return False
        return self._requested

    def _on_signal(self, number: int, _frame: types.FrameType | None) -> None:
        if not self._requested:
            self.request()
        elif time.monotonic() - self._requested_at > _IGNORE_SECOND:
            os._exit(_BY_SIGNAL + number)
