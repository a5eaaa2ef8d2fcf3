# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The control group: found in every kind of hierarchy, emptied, removed."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest
from mcp_cluster.errors import ClusterError
from mcp_cluster.machine import cgroups
from mcp_cluster.machine.cgroups import ControlGroup, hierarchies

pytestmark = pytest.mark.test_all

HYBRID = """\
tmpfs /sys/fs/cgroup tmpfs rw,relatime,mode=755 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
proc /proc proc rw 0 0
"""


def test_all_hierarchies_are_found() -> None:
    assert [path.name for path in hierarchies(HYBRID)] == ["cpu,cpuacct", "pids", "unified"]
    assert hierarchies("cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n") == [Path("/sys/fs/cgroup")]
    assert hierarchies("short\n\n") == []


def test_without_control_groups_there_is_a_sentence() -> None:
    with pytest.raises(ClusterError, match="No control groups are mounted"):
        ControlGroup("sample", [])


def test_daemons_are_counted_where_processes_are(tmp_path: Path) -> None:
    roots = [tmp_path / "cpu", tmp_path / "pids"]
    assert ControlGroup("sample", roots).daemons == tmp_path / "pids/mcp-kubernetes/sample/daemons/cgroup.procs"
    assert ControlGroup("sample", [tmp_path]).daemons == tmp_path / "mcp-kubernetes/sample/daemons/cgroup.procs"


def test_a_new_cpuset_may_use_what_its_parent_may(tmp_path: Path) -> None:
    (tmp_path / "cpuset.cpus").write_text("0-1\n")
    (tmp_path / "cpuset.mems").write_text("0\n")
    ControlGroup("sample", [tmp_path]).create()
    made = tmp_path / "mcp-kubernetes" / "sample"
    assert (made / "cpuset.cpus").read_text() == "0-1\n"
    assert (made / "cpuset.mems").read_text() == "0\n"


def test_controllers_are_handed_down_in_version_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cgroup.controllers").write_text("cpu memory pids\n")
    asked: list[tuple[str, str]] = []
    write_text = Path.write_text

    def refuse_memory(path: Path, text: str, **how: str) -> int:
        if path.name == "cgroup.subtree_control":
            asked.append((str(path.parent.relative_to(tmp_path)), text))
            if text == "+memory":
                raise OSError("not available")
        return write_text(path, text, **how)

    monkeypatch.setattr(Path, "write_text", refuse_memory)
    group = ControlGroup("sample", [tmp_path])
    group.create()
    group.create()
    assert asked == [(".", "+cpu"), (".", "+memory"), (".", "+pids")] * 2


def test_members_are_found_at_every_depth_and_killed(tmp_path: Path) -> None:
    group = ControlGroup("sample", [tmp_path])
    group.create()
    pod = tmp_path / "mcp-kubernetes" / "sample" / "kubepods" / "burstable" / "pod1"
    pod.mkdir(parents=True)
    with subprocess.Popen(["sleep", "60"]) as daemon, subprocess.Popen(["sleep", "60"]) as container:
        group.daemons.write_text(f"{daemon.pid}\n")
        (pod / "cgroup.procs").write_text(f"{container.pid}\n")
        assert group.members() == {daemon.pid, container.pid}
        # A plain folder does not forget the dead, as the kernel's does: so this also shows that trying ends.
        with pytest.raises(ClusterError, match="do not end"):
            group.kill(timeout=0.2)
        assert daemon.wait(5) == container.wait(5) == -signal.SIGKILL


def test_it_is_removed_from_the_leaves_up(tmp_path: Path) -> None:
    group = ControlGroup("sample", [tmp_path / "cpu", tmp_path / "pids"])
    for root in group.roots:
        (root / cgroups.PARENT / "sample" / "kubepods" / "pod1").mkdir(parents=True)
        (root / cgroups.PARENT / "other").mkdir()
    group.remove()
    left = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))
    assert left == [
        "cpu",
        "cpu/mcp-kubernetes",
        "cpu/mcp-kubernetes/other",
        "pids",
        "pids/mcp-kubernetes",
        "pids/mcp-kubernetes/other",
    ]
    group.remove()


def test_one_that_stays_busy_is_named(tmp_path: Path) -> None:
    folder = tmp_path / cgroups.PARENT / "sample"
    folder.mkdir(parents=True)
    (folder / "file").touch()
    with pytest.raises(ClusterError, match="cannot be removed"):
        ControlGroup("sample", [tmp_path]).remove(timeout=0.1)
