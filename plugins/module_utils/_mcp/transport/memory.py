# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Limit the memory that all validations of a process take together.

Small bodies and messages are free. A validation that receives a larger one takes one of a few places first, and waits
for it if there is none; the number of places is the limit. To decode JSON takes more memory than to receive it, and
holds the interpreter lock anyway, so there is one place for it, which is held as long as the decoded value is in use.
A validation never waits for a place to receive while it holds the place to decode, so they cannot block each other.
"""

from __future__ import annotations

import threading
import time
import typing as t

from ..errors import ValidatorBusy

if t.TYPE_CHECKING:
    from .deadline import Deadline

FREE_BODY: t.Final = 128 * 1024  # bytes
FREE_JSON: t.Final = 16 * 1024  # bytes; decoded, each can take 24 times as much
# A peer that sends slowly may hold its place no longer than this, in seconds, while others wait for one.
_LONGEST: t.Final = 1.0


class Places:
    """A number of places that validations share. Thread-safe."""

    def __init__(self, number: int) -> None:
        self._free = threading.Semaphore(number)
        self._lock = threading.Lock()
        self.waiting = 0

    def take(self, deadline: Deadline, doing: str) -> None:
        """Take a place.

        :raises ValidatorBusy: if there is none before the deadline.
        """
        if self._free.acquire(blocking=False):
            return
        self._count(1)
        try:
            taken = self._free.acquire(timeout=deadline.left)
        finally:
            self._count(-1)
        if not taken:
            raise ValidatorBusy(f"There was no memory left for {doing}.")

    def give_back(self) -> None:
        """Give a place back."""
        self._free.release()

    def _count(self, difference: int) -> None:
        with self._lock:
            self.waiting += difference


RECEIVING: t.Final = Places(8)
DECODING: t.Final = Places(1)


class Receiving:
    """The place of one response while a large part of it is in memory."""

    def __init__(self, places: Places = RECEIVING) -> None:
        self._places = places
        self._since: float | None = None

    def reserve(self, size: int, deadline: Deadline) -> None:
        """Take a place if the size, in bytes, needs one, and give it back if not.

        :raises ValidatorBusy: if there is none before the deadline, or if the peer is slow and others wait for it.
        """
        if size <= FREE_BODY:
            self.free()
        elif self._since is None:
            self._places.take(deadline, f"a body of more than {FREE_BODY} bytes")
            self._since = time.monotonic()
        elif self._places.waiting and time.monotonic() - self._since > _LONGEST:
            raise ValidatorBusy("The server sent a large body slowly while other validations waited for memory.")

    def free(self) -> None:
        """Give the place back."""
        if self._since is not None:
            self._since = None
            self._places.give_back()
