# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Progress of a long validation, in plain lines.

They are for terminals and for the logs of pipelines, and ``validate`` must run where no other package is installed.
"""

from __future__ import annotations

import threading
import time
import types
import typing as t

_INTERVAL: t.Final = 2.0  # seconds before the first line, and between two lines


class Progress:
    """A context manager that writes how many servers are validated, in a line every two seconds."""

    def __init__(self, stream: t.TextIO, total: int) -> None:
        self._stream = stream
        self._total = total
        self._done = 0
        self._lock = threading.Lock()
        self._finished = threading.Event()
        self._thread = threading.Thread(target=self._write_lines, name="progress", daemon=True)

    def __enter__(self) -> t.Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self._finished.set()
        self._thread.join()

    def advance(self) -> None:
        """Count one more server as validated. Thread-safe."""
        with self._lock:
            self._done += 1

    def _write_lines(self) -> None:
        began = time.monotonic()
        while not self._finished.wait(_INTERVAL):
            seconds = time.monotonic() - began
            self._stream.write(f"{self._done} of {self._total} servers validated after {seconds:.0f} s\n")
            self._stream.flush()
