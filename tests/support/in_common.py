# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What several processes use together: the first makes it, the last removes it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path


def lock_file(name: str) -> Path:
    """Return the path of a user's lock file on this machine."""
    return Path(tempfile.gettempdir(), f"mcp-tests-{os.getuid()}-{name}.lock")


@contextlib.contextmanager
def in_common(name: str, make: Callable[[], None], remove: Callable[[], None]) -> Iterator[None]:
    """Make something before the block, and remove it after it if no other process is within such a block.

    :param make: is called by each process, one at a time; it does nothing where the thing is there.
    """
    with lock_file(name).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make()
        fcntl.flock(lock, fcntl.LOCK_SH)
        try:
            yield
        finally:
            with contextlib.suppress(BlockingIOError):  # another process still uses it
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove()
