# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0
"""The control group that everything of one cluster runs in: daemons, Pods, and what they leave behind.

Whoever was born in the group is found there, even if nobody wrote down its id: that makes it the last word when a
cluster is taken down. It also keeps two clusters' kubelets apart, each of which ends every Pod that it finds in its
group and does not know.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from ..errors import ClusterError

PARENT = "mcp-kubernetes"


def hierarchies(mounts: str) -> list[Path]:
    """One folder with cgroup v2; with v1 one for each controller, and beside them perhaps v2 without any."""
    found = []
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) > 2 and fields[2] in ("cgroup", "cgroup2"):
            found.append(Path(fields[1]))
    return found


class ControlGroup:
    def __init__(self, name: str, roots: list[Path] | None = None) -> None:
        self.name = name
        self.roots = roots if roots is not None else hierarchies(Path("/proc/self/mounts").read_text(encoding="utf-8"))
        if not self.roots:
            raise ClusterError("No control groups are mounted on /sys/fs/cgroup, and a kubelet needs them.")

    @property
    def path(self) -> str:
        """As kubelet wants it: from the root of the hierarchy."""
        return f"/{PARENT}/{self.name}"

    def _folders(self) -> list[Path]:
        return [root / PARENT / self.name for root in self.roots]

    @property
    def daemons(self) -> Path:
        """The list of processes to which a daemon adds itself; in a leaf, as cgroup v2 wants it."""
        folder = next((f for f in self._folders() if f.parent.parent.name == "pids"), self._folders()[0])
        return folder / "daemons" / "cgroup.procs"

    def create(self) -> None:
        for root in self.roots:
            folder = root
            for part in (PARENT, self.name):
                self._delegate(folder)
                folder = folder / part
                folder.mkdir(exist_ok=True)
                self._inherit_cpuset(folder)
            self._delegate(folder)
        self.daemons.parent.mkdir(exist_ok=True)

    @staticmethod
    def _delegate(folder: Path) -> None:
        controllers = folder / "cgroup.controllers"
        if controllers.exists():
            for controller in controllers.read_text(encoding="ascii").split():
                # One by one: a controller that cannot be had must not cost the others.
                with suppress(OSError):
                    (folder / "cgroup.subtree_control").write_text(f"+{controller}", encoding="ascii")

    @staticmethod
    def _inherit_cpuset(folder: Path) -> None:
        # With v1 a new cpuset is empty, and no process can enter it.
        for name in ("cpuset.cpus", "cpuset.mems"):
            if (folder.parent / name).exists() and not (folder / "cgroup.controllers").exists():
                (folder / name).write_text((folder.parent / name).read_text(encoding="ascii"), encoding="ascii")

    def members(self) -> set[int]:
        pids: set[int] = set()
        for folder in self._folders():
            for at, _, files in os.walk(folder):
                if "cgroup.procs" in files:
                    with suppress(OSError):
                        pids.update(int(pid) for pid in (Path(at) / "cgroup.procs").read_text(encoding="ascii").split())
        return pids

    def kill(self, timeout: float = 20) -> None:
        deadline = time.monotonic() + timeout
        while pids := self.members():
            if time.monotonic() > deadline:
                listed = ", ".join(map(str, sorted(pids)[:10]))
                raise ClusterError(f"Processes of the cluster do not end, even by SIGKILL: {listed}.")
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)

    def remove(self, timeout: float = 10) -> None:
        deadline = time.monotonic() + timeout
        for folder in self._folders():
            # From the leaves up; the control files in a group's folder go with it.
            for at, _, _ in sorted(os.walk(folder), key=lambda entry: -len(entry[0])):
                while True:
                    try:
                        Path(at).rmdir()
                    except FileNotFoundError:
                        pass
                    except OSError as error:
                        # Busy for a moment after its last process has ended.
                        if time.monotonic() < deadline:
                            time.sleep(0.05)
                            continue
                        raise ClusterError(f"The control group {at} cannot be removed: {error.strerror}.") from error
                    break
            with suppress(OSError):
                folder.parent.rmdir()
