# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Fixtures of all tests that run the sidecar."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from .running import Candidate, Running, run

Bridge = Callable[..., AbstractContextManager[Running]]


@pytest.fixture(scope="session")
def program(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sidecar, built as its image has it: static."""
    if not shutil.which("go"):
        pytest.fail("The sidecar needs Go on the PATH, 1.26 or newer.")
    folder = tmp_path_factory.mktemp("sidecar")
    command = ["go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", f"{folder}/", "./cmd/..."]
    subprocess.run(["env", "CGO_ENABLED=0", *command], cwd=root / "sidecar", check=True)
    return folder / "mcp-sidecar"


@pytest.fixture
def bridge(program: Path, root: Path, tmp_path: Path) -> Bridge:
    """Run a command, by default the probe, behind the bridge with these options."""
    probe = [sys.executable, str(root / "tests" / "servers" / "images" / "stdio" / "probe.py")]

    @contextlib.contextmanager
    def started(*words: str, command: list[str] | None = None, **options: str | int) -> Iterator[Running]:
        options = {"listen": "127.0.0.1:{port}", "termination-log": str(tmp_path / "termination-log"), **options}
        given = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        environment = {"PROBE_API_KEY": "k3y-of-the-test"}
        candidate = Candidate("bridge", (str(program), "run", *given, "--"), "/healthz", environment=environment)
        with run(candidate, command or [*probe, *words]) as running:
            yield running

    return started


@pytest.fixture(params=["session", "shared"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)
