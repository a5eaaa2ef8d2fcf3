# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A testbed of the tests' own, so that they can break it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "cluster"))

from mcp_cluster.images.single import write_archive
from mcp_cluster.locations import SOURCES, Locations
from mcp_cluster.machine import go_build, packages, shell
from mcp_cluster.machine.processes import Ledger

NAME = "mcp-testbed-test"
PROBE = "localhost/probe:1"


class BreakableTestbed:
    """The testbed as its users have it: by its command line, and by kubectl through the door."""

    def __init__(self) -> None:
        self.locations = Locations.of(NAME)
        self.ledger = Ledger(self.locations.processes)
        self._kubectl = shutil.which("kubectl", path=f"{shell.search_path()}:{go_build.KUBERNETES.output}")

    def run(self, command: str, *arguments: str, timeout: float = 1800) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, str(SOURCES), command, "--provider", "testbed", "--name", NAME, *arguments]
        return subprocess.run(argv, capture_output=True, text=True, timeout=timeout, check=False)

    def up(self) -> str:
        done = self.run("up")
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"export KUBECONFIG={self.locations.kubeconfig}\n"
        return done.stderr

    def kubectl(
        self, *arguments: str, stdin: str | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        argv = [str(self._kubectl), f"--kubeconfig={self.locations.kubeconfig}", "--request-timeout=30s", *arguments]
        done = subprocess.run(argv, input=stdin, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0 or not check, f"kubectl {' '.join(arguments)}: {done.stderr}"
        return done

    def apply(self, *objects: dict[str, Any]) -> None:
        items = {"apiVersion": "v1", "kind": "List", "items": objects}
        self.kubectl("apply", "--filename=-", stdin=json.dumps(items))

    def get(self, *arguments: str) -> Any:
        return json.loads(self.kubectl("get", *arguments, "--output=json").stdout)

    def kill(self, component: str) -> None:
        process = self.ledger.running(component)
        assert process is not None, f"{component} does not run"
        os.kill(process.pid, 9)
        while self.ledger.running(component):
            pass


@pytest.fixture(scope="session")
def testbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BreakableTestbed]:
    if reason := packages.unsupported():
        pytest.skip(f"the testbed cannot run here: {reason}")
    made = BreakableTestbed()
    made.run("down")
    made.up()
    archive = tmp_path_factory.mktemp("images") / "probe.tar"
    write_archive(go_build.ensure(go_build.PROBE) / "probe", archive, PROBE)
    loaded = made.run("load", str(archive))
    assert loaded.returncode == 0, loaded.stderr
    yield made
    assert made.run("down").returncode == 0
