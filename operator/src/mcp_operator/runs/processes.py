# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Find and kill the processes of a run.

Ansible's workers start sessions of their own, so killing a process group would leave them and their children running.
The supervisor of a run is therefore a child subreaper: orphans become its children, and the run is always the process
tree below it. If the supervisor itself was killed, the run's processes are found by an environment variable.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import time
import typing as t
from pathlib import Path

RUN_ID_VARIABLE = "MCP_OPERATOR_RUN"
# Placeholder for a run's ID in the environment of the preloaded process, of the same length.
NO_RUN = "0" * 12

_PROC = Path("/proc")
_PR_SET_CHILD_SUBREAPER = 36
_POLL = 0.02
_EXIT_POLL = 0.001
# Seconds to let a process end if its end cannot be observed.
_GRACE = 0.1


def become_subreaper() -> None:
    """Make this process the parent of every orphan among its descendants.

    :raises OSError: the kernel refuses it.
    """
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def has_children() -> bool:
    """Tell whether this process has children, ended ones included. A subreaper without children has no descendants."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def reap_children(within: float) -> None:
    """Reap the children of this process until there are none, for some seconds at most. Nothing is killed."""
    deadline = time.monotonic() + within
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if not os.waitpid(-1, os.WNOHANG)[0]:
                time.sleep(_EXIT_POLL)


def await_exit(pid: int, seconds: float) -> None:
    """Wait until a process has ended, for some seconds at most. It is not reaped.

    Some kernels and sandboxes refuse ``pidfd_open`` (ENOSYS, EPERM): then this is a short pause.
    """
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    except OSError:
        time.sleep(min(seconds, _GRACE))
        return
    try:
        end = select.poll()  # select.select refuses descriptors above 1023
        end.register(handle, select.POLLIN)
        end.poll(seconds * 1000)
    finally:
        os.close(handle)


def descendants(root: int) -> set[int]:
    """Return the running descendants of a process, itself excluded."""
    children: dict[int, list[int]] = {}
    for pid in _pids():
        state, parent = _state(pid)
        if state:
            children.setdefault(parent, []).append(pid)
    found: set[int] = set()
    unvisited = [root]
    while unvisited:
        for pid in children.get(unvisited.pop(), []):
            if pid not in found:
                found.add(pid)
                unvisited.append(pid)
    return {pid for pid in found if _state(pid)[0] not in ("", "Z")}


def find_by_run_id(ident: str) -> set[int]:
    """Return the running processes whose environment has the ID of a run."""
    variable = f"{RUN_ID_VARIABLE}={ident}".encode()
    found = set()
    for pid in _pids():
        with contextlib.suppress(OSError):
            if variable in (_PROC / str(pid) / "environ").read_bytes().split(b"\0") and _state(pid)[0] != "Z":
                found.add(pid)
    return found


def kill_all(find: t.Callable[[], set[int]], within: float) -> bool:
    """Kill processes until ``find`` returns none, and return whether all have ended.

    :param find: called repeatedly, since a process may start others before it is killed.
    :param within: seconds to try.
    """
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
    return [int(name) for name in os.listdir(_PROC) if name.isdigit()]  # noqa: PTH208 - only names are needed


def _state(pid: int) -> tuple[str, int]:
    """Return the state letter and the parent PID of a process; an empty state if it has ended."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - read for each process of the machine
            text = file.read()
    except OSError:
        return "", 0
    # The command name in parentheses may itself contain parentheses and blanks.
    fields = text.rpartition(b")")[2].split()
    return fields[0].decode("ascii"), int(fields[1])
