# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The machine-wide cache of images: its folders, its lock, and how it stays small."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from . import content, progress
from .catalogue import Image
from .errors import BuildError

KEPT_ARCHIVES_PER_IMAGE = 3
LOCK_DEADLINE = 1800.0


def folder() -> Path:
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(root) / "mcp-kubernetes" / "images"


def archive_of(image: Image) -> Path:
    return folder() / content.archive_name(image)


@contextlib.contextmanager
def locked() -> Iterator[int]:
    """Hold the cache alone and give the lock's descriptor.

    The commands of a build inherit it: what a killed predecessor left running still holds the lock, and nobody builds
    into the same storage beside it.
    """
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / ".lock").open("a") as lock:
        _acquire(lock.fileno())
        _remove_leftovers()
        try:
            yield lock.fileno()
        finally:
            _remove_leftovers()


def _acquire(descriptor: int) -> None:
    deadline = time.monotonic() + LOCK_DEADLINE
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise BuildError(
                    f"Another build has held {folder() / '.lock'} for {LOCK_DEADLINE / 60:.0f} minutes. "
                    "Find it with `fuser` and end it."
                ) from None
            if not told:
                progress.say("another build is running, waiting for it")
                told = True
            time.sleep(0.5)
        else:
            return


def scratch_folder() -> Path:
    """Return a new empty folder for files of one build; only the lock's holder may ask."""
    path = folder() / "work"
    path.mkdir(mode=0o700)  # the address of a package index may carry a password
    return path


def _remove_leftovers() -> None:
    """Remove what only a running build needs, also one that was killed."""
    for path in folder().glob("*.partial"):
        path.unlink(missing_ok=True)
    shutil.rmtree(folder() / "work", ignore_errors=True)


def prune(image: Image) -> None:
    """Remove an image's oldest archives: checkouts differ, but not without end."""
    pattern = re.compile(re.escape(image.name) + r"-[0-9a-f]{16}\.tar")
    archives = [path for path in folder().iterdir() if pattern.fullmatch(path.name)]
    archives.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in archives[KEPT_ARCHIVES_PER_IMAGE:]:
        path.unlink(missing_ok=True)
