# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Makes the C library return the memory of large blocks to the system."""

from __future__ import annotations

import contextlib
import ctypes
import typing as t

_M_MMAP_THRESHOLD: t.Final = -3
_LARGE: t.Final = 128 * 1024  # bytes; glibc's own value before it adapts it


def return_large_blocks() -> None:
    """Map each large block of memory by itself, so that it returns to the system when it is freed.

    glibc raises the threshold when large blocks are freed, and then keeps them in the arena of each thread: 64 threads
    that one after another received a large response kept 400 MiB. Another C library is left as it is.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)
