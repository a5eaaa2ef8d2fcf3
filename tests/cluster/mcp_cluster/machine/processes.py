# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""Long-lived processes: started so that they outlive their starter, and recognised later without mistaking a stranger
for them.

A process writes its own record before it becomes the program that was asked for. So there is no moment in which it
runs unrecorded, whenever the starter is killed. The record holds the boot's identity and the process's start time: an
id that the kernel has given to somebody else since then does not match.
"""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..errors import ClusterError

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

# $1: the record; $2: the control group's list of processes, or empty; then the command.
_RECORD_AND_BECOME = """
[ -z "$2" ] || echo $$ >"$2" || exit 125
cat /proc/sys/kernel/random/boot_id /proc/$$/stat >"$1.new" && mv "$1.new" "$1" || exit 125
shift 2
exec "$@"
"""


@dataclass(frozen=True)
class Process:
    pid: int
    boot: str
    started: str


def observe(pid: int) -> Process | None:
    """The process that has this id now; none if it is gone or only waits to be reaped."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return _parse(BOOT_ID.read_text(encoding="ascii"), stat)
    except (OSError, ValueError):
        return None


def _parse(boot: str, stat: str) -> Process | None:
    # The second field is the program's name in parentheses, and may hold spaces and parentheses itself.
    pid = int(stat.split(" ", 1)[0])
    fields = stat.rpartition(")")[2].split()
    if len(fields) < 20:
        raise ValueError("a truncated /proc/PID/stat")
    if fields[0] in ("Z", "X"):
        return None
    return Process(pid, boot.strip(), fields[19])


class Ledger:
    """The records of one cluster's processes, one file each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.pid"))

    def recorded(self, name: str) -> Process | None:
        try:
            boot, stat = (self.folder / f"{name}.pid").read_text(encoding="utf-8", errors="replace").split("\n", 1)
            return _parse(boot, stat)
        except (OSError, ValueError):
            return None

    def running(self, name: str) -> Process | None:
        record = self.recorded(name)
        return record if record is not None and observe(record.pid) == record else None

    def fingerprint(self, name: str) -> str:
        """Of the command and configuration that the process was started with."""
        try:
            return (self.folder / f"{name}.sha256").read_text(encoding="ascii").strip()
        except OSError:
            return ""

    def start(
        self,
        name: str,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        log: Path,
        fingerprint: str,
        group: Path | None = None,
    ) -> Process:
        self.folder.mkdir(parents=True, exist_ok=True)
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists():
            log.replace(log.with_name(log.name + ".1"))
        (self.folder / f"{name}.sha256").write_text(fingerprint + "\n", encoding="ascii")
        record = self.folder / f"{name}.pid"
        record.unlink(missing_ok=True)
        wrapper = ["/bin/sh", "-c", _RECORD_AND_BECOME, "sh", str(record), str(group or ""), *argv]
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        pid = os.posix_spawn(
            wrapper[0],
            wrapper,
            dict(env),
            # A session of its own, and no descriptor of the starter's: its terminal may go away, and whoever
            # waits for the end of its output must not wait for a daemon.
            setsid=True,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(log), flags, 0o644),
                (os.POSIX_SPAWN_DUP2, 1, 2),
                *((os.POSIX_SPAWN_CLOSE, descriptor) for descriptor in _inheritable()),
            ],
            setsigdef=[signal.SIGPIPE, signal.SIGINT],
        )
        deadline = time.monotonic() + 10
        while (process := self.recorded(name)) is None:
            if exit_status(pid) is not None or time.monotonic() > deadline:
                raise ClusterError(f"{name} could not be started.", advice=f"Its log is {log}")
            time.sleep(0.01)
        return process

    def forget(self, name: str) -> None:
        for suffix in ("pid", "sha256"):
            (self.folder / f"{name}.{suffix}").unlink(missing_ok=True)

    def stop(self, names: Iterable[str], *, grace: float) -> None:
        """Ask, wait, insist; then forget. Processes that are not the recorded ones are left alone."""
        names = list(names)
        alive = {name: process for name in names if (process := self.running(name)) is not None}
        for process in alive.values():
            _signal(process, signal.SIGTERM if grace else signal.SIGKILL)
        deadline = time.monotonic() + grace
        while any(observe(process.pid) == process for process in alive.values()) and time.monotonic() < deadline:
            time.sleep(0.02)
        for process in alive.values():
            _signal(process, signal.SIGKILL)
        deadline = time.monotonic() + 10
        for name, process in alive.items():
            while observe(process.pid) == process:
                if time.monotonic() > deadline:
                    raise ClusterError(f"{name} (process {process.pid}) does not end, even by SIGKILL.")
                time.sleep(0.02)
        for name in names:
            self.forget(name)


def _signal(process: Process, number: signal.Signals) -> None:
    try:
        handle = os.pidfd_open(process.pid)
    except OSError:
        return
    try:
        # The descriptor names this very process, so between the look and the signal its id cannot change hands.
        if observe(process.pid) == process:
            signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        pass
    finally:
        os.close(handle)


def exit_status(pid: int) -> int | None:
    """How a child of ours ended; none while it runs or if it is not our child."""
    try:
        reaped, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return None
    return os.waitstatus_to_exitcode(status) if reaped else None


def _inheritable() -> list[int]:
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        # Among them is that of the listing itself, which may be closed by now.
        with suppress(OSError):
            if int(entry.name) > 2 and os.get_inheritable(int(entry.name)):
                found.append(int(entry.name))
    return found


def fingerprint(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
