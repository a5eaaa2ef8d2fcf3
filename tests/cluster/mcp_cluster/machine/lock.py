# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""One at a time: two `up` that run together must not build or start the same thing twice."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import ClusterError
from ..progress import say


@contextmanager
def exclusive(path: Path, what: str, timeout: float) -> Iterator[None]:
    """Hold a lock that the kernel lets go of when its holder dies, so that nothing is left to clean."""
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + timeout
    # Append mode creates the file and never truncates another's; closing it on exec keeps daemons from inheriting the
    # lock.
    with path.open("a", encoding="utf-8") as handle:
        waiting = False
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ClusterError(
                        f"Another process has been busy with {what} for {timeout / 60:.0f} minutes.",
                        advice=f"Find it with: fuser {path}",
                    ) from None
                if not waiting:
                    say(f"Another process is busy with {what}; waiting for it")
                    waiting = True
                time.sleep(0.2)
        yield
