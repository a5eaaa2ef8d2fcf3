# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The control plane on cores of its own, as on a machine that has more of them than it needs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path


@contextlib.contextmanager
def apart(pids: Iterable[int]) -> Iterator[None]:
    """Give processes the first half of the cores, and this one, with all that it starts, the other half.

    :param pids: the processes of the control plane.
    :raises SystemExit: there is only one core.
    """
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise SystemExit("--pinned needs two cores or more: this machine has one.")
    half = len(cores) // 2
    pids = tuple(pids)
    _pin(pids, cores[:half])
    os.sched_setaffinity(0, cores[half:])
    try:
        yield
    finally:
        # The testbed stays up for others.
        _pin(pids, cores)


def _pin(pids: Iterable[int], cores: list[int]) -> None:
    for pid in pids:
        for thread in Path(f"/proc/{pid}/task").glob("*"):
            with contextlib.suppress(ProcessLookupError):
                os.sched_setaffinity(int(thread.name), cores)
