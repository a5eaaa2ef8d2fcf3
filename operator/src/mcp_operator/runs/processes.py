# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The processes of a run, and their end.

Ansible's workers begin sessions of their own, so the death of a process group leaves them, and what they started,
running. The supervisor of a run is therefore a child subreaper: whatever loses its parent becomes its child, and the
whole run is always what stands under it. Where the supervisor itself died, the run's mark in the environment remains.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import time
import typing as t
from pathlib import Path

MARK = "MCP_OPERATOR_RUN"

_PROC = Path("/proc")
_PR_SET_CHILD_SUBREAPER = 36
_POLL = 0.02


def become_subreaper() -> None:
    """Let every orphan among the descendants become a child of this process."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def descendants(root: int) -> set[int]:
    """Return the living processes under one, itself excluded."""
    children: dict[int, list[int]] = {}
    for pid in _pids():
        state, parent = _state(pid)
        if state:
            children.setdefault(parent, []).append(pid)
    found: set[int] = set()
    ahead = [root]
    while ahead:
        for pid in children.get(ahead.pop(), []):
            if pid not in found:
                found.add(pid)
                ahead.append(pid)
    return {pid for pid in found if _state(pid)[0] not in ("", "Z")}


def marked(ident: str) -> set[int]:
    """Return the living processes that carry the mark of a run."""
    mark = f"{MARK}={ident}".encode()
    found = set()
    for pid in _pids():
        with contextlib.suppress(OSError):
            if mark in (_PROC / str(pid) / "environ").read_bytes().split(b"\0") and _state(pid)[0] != "Z":
                found.add(pid)
    return found


def kill_all(find: t.Callable[[], set[int]], within: float) -> bool:
    """Kill what is found until nothing is: what was born meanwhile is found next time. Return whether all are gone."""
    deadline = time.monotonic() + within
    while found := find():
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def _pids() -> list[int]:
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]


def _state(pid: int) -> tuple[str, int]:
    """Return the state letter and the parent of a process; an empty state if it is gone."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "", 0
    # The name in parentheses may hold anything, also parentheses and blanks.
    fields = text.rpartition(")")[2].split()
    return fields[0], int(fields[1])
