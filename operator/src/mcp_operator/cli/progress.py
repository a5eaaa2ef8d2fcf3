# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A line of progress for what takes longer than a person likes to wait without a word."""

from __future__ import annotations

import threading
import time
import types
import typing as t

_PATIENCE: t.Final = 2.0  # seconds before the first line, and between two


class Progress:
    """A context manager that tells how many of several things are done, in a line every two seconds."""

    def __init__(self, stream: t.TextIO, total: int) -> None:
        self._stream = stream
        self._total = total
        self._done = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tell, name="progress", daemon=True)

    def __enter__(self) -> t.Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def advance(self) -> None:
        """Count one more as done; any thread may."""
        with self._lock:
            self._done += 1

    def _tell(self) -> None:
        began = time.monotonic()
        while not self._over.wait(_PATIENCE):
            seconds = time.monotonic() - began
            self._stream.write(f"{self._done} of {self._total} servers validated after {seconds:.0f} s\n")
            self._stream.flush()
