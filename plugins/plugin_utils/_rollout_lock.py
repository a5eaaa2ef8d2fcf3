# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""One run at a time on a state file, on one machine.

Tasks run in processes of their own, which end before the run does. So a small process keeps the lock (flock), and waits
for the end of the run, however it ends. The system releases the lock when this process ends, also by a crash.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import getpass
import json
import os
import platform
import subprocess
import sys
import typing as t
from pathlib import Path

from ..module_utils._util import clean
from . import _lock_holder
from ._fleet_errors import RolloutStateError

# File systems without locks.
_UNSUPPORTED = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)
_MAX_BYTES = 4096

Owner = dict[str, t.Any]


def acquire(path: str, now: str, pid: int) -> str:
    """Lock a state file until a process ends. The process may lock it again. Return a warning; empty if it is locked.

    :param path: the state file.
    :param pid: the process of the run.
    :raises RolloutStateError: another run has the lock, or its file cannot be written.
    """
    state = Path(os.path.realpath(Path(path).expanduser()))
    file = state.with_name(f".{state.name}.lock")
    own = _owner(now, pid)
    try:
        handle = _locked(file, own, path)
        if handle is None:
            return ""
        try:
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps(own).encode(), 0)
            _hold(handle, pid, file)
        finally:
            os.close(handle)
    except OSError as exc:
        if exc.errno in _UNSUPPORTED:
            return f"The state file {clean(path)} cannot be locked ({exc.strerror}). Do not start another run with it."
        raise RolloutStateError(
            f"The state file {clean(path)} cannot be locked: {exc.strerror}.", "Check mcp_state_file."
        ) from None
    return ""


def _locked(file: Path, own: Owner, path: str) -> int | None:
    """Return a descriptor that has the lock; None if this run has it already.

    :raises RolloutStateError: another run has it.
    """
    while True:
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The run that had it may have removed the file since it was opened.
            if _is_at(file, handle):
                return handle
        except BlockingIOError:
            found = _read(handle)
            os.close(handle)
            if found.get("run") == own["run"]:
                return None
            raise _error(path, found) from None
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _is_at(file: Path, handle: int) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(file.stat(), os.fstat(handle))
    return False


def _hold(handle: int, pid: int, file: Path) -> None:
    """Start the process that keeps the lock."""
    try:
        watched = os.pidfd_open(pid)
    except (AttributeError, OSError):  # not Linux, or not allowed
        watched = -1
    try:
        process = subprocess.Popen(  # noqa: S603  # this Python and a file of this collection
            [sys.executable, "-I", "-S", _lock_holder.__file__, str(pid), str(watched), str(file)],
            pass_fds=[number for number in (handle, watched) if number >= 0],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )
        # It outlives this process, so nothing here waits for it.
        process.returncode = 0
    finally:
        if watched >= 0:
            os.close(watched)


def _owner(now: str, pid: int) -> Owner:
    """Return who locks, for the error of another run. ``run`` tells processes with the same number apart."""
    host = platform.node()
    begun = ""
    with contextlib.suppress(OSError, IndexError):
        begun = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    user = ""
    with contextlib.suppress(OSError, KeyError):
        user = getpass.getuser()
    return {"run": f"{host} {pid} {begun}", "host": host, "process": pid, "user": user, "since": now}


def _read(handle: int) -> Owner:
    with contextlib.suppress(OSError, ValueError, RecursionError):
        found = json.loads(os.pread(handle, _MAX_BYTES, 0))
        if isinstance(found, dict):
            return found
    return {}


def _error(path: str, found: Owner) -> RolloutStateError:
    who = f"process {clean(found.get('process'), 20)}"
    if found.get("user"):
        who += f" of {clean(found['user'], 60)}"
    if found.get("host"):
        who += f" on {clean(found['host'])}"
    if found.get("since"):
        who += f", since {clean(found['since'], 40)}"
    return RolloutStateError(
        f"Another run uses the state file {clean(path)}{f': {who}' if found else ''}.",
        "Wait until it has ended, or end it and repeat this run, which then continues. For another rollout, use another"
        " mcp_state_file.",
        code="ROLLOUT_LOCKED",
    )
