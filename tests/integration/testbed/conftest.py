# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the tests of the testbed share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "cluster"))

from mcp_cluster.certificates import Certificates
from mcp_cluster.components.base import Cluster, Programs, Settings
from mcp_cluster.kubeconfig import write
from mcp_cluster.locations import Locations
from mcp_cluster.machine import shell
from mcp_cluster.machine.cgroups import ControlGroup
from mcp_cluster.machine.netns import NetworkNamespace
from mcp_cluster.machine.processes import Ledger


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes what belongs to a user's cluster."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("MCP_TEST_KUBECONFIG", "MCP_TEST_KUBERNETES"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def make_cluster(homes: Path) -> Callable[..., Cluster]:
    def make(**settings: object) -> Cluster:
        locations = Locations.of("sample")
        for user in ("kubelet-client", "coredns"):
            write(locations.config / f"{user}.kubeconfig", "")
        return Cluster(
            locations,
            NetworkNamespace("sample"),
            ControlGroup("sample", [homes]),
            Certificates(locations.pki),
            Programs(*(homes / name for name in ("kubernetes", "etcd", "coredns", "packages"))),
            Settings(**{"door_port": 16443, **settings}),
        )

    return make


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path / "processes")
    yield made
    made.stop(made.names(), grace=0)


class FakePrograms:
    """Programs on a PATH of their own, that write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = folder / "calls"

    def add(self, name: str, script: str = "exit 0") -> None:
        file = self.folder / name
        file.write_text(f'#!/bin/sh\necho "{name} $*" >>"{self.calls}"\n{script}\n', encoding="utf-8")
        file.chmod(0o755)

    def called(self) -> list[str]:
        return self.calls.read_text(encoding="utf-8").splitlines() if self.calls.exists() else []


@pytest.fixture
def fake_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePrograms:
    """Nothing else is on the PATH: a docker, kind or go of the machine's must not answer instead."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("cat", "dirname", "mkdir", "sleep", "touch"):
        (folder / name).symlink_to(f"/bin/{name}")
    monkeypatch.setattr(shell, "SYSTEM_PATH", str(folder))
    monkeypatch.setenv("PATH", str(folder))
    return FakePrograms(folder)
