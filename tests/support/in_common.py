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

    The file lists the processes that are within the block. It is locked only while it is read and written: otherwise
    the second process would wait for the end of the first one.

    :param make: is called by each process, one at a time; it does nothing where the thing is there.
    """
    with _users(name) as users:
        make()
        users.add(os.getpid())
    try:
        yield
    finally:
        with _users(name) as users:
            users.discard(os.getpid())
            if not users:
                remove()


@contextlib.contextmanager
def _users(name: str) -> Iterator[set[int]]:
    """Lock the file, yield the processes in it that live, and write them back."""
    with lock_file(name).open("a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        users = {int(pid) for pid in file.read().split() if Path("/proc", pid).exists()}
        yield users
        file.seek(0)
        file.truncate()
        file.write(" ".join(map(str, sorted(users))))
