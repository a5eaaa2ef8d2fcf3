# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The checks of Go: style, vet, and tests with the seeds of the fuzz targets."""

from __future__ import annotations

import subprocess

import pytest


@pytest.mark.parametrize(
    "command", [["gofmt", "-l", "."], ["go", "vet", "./..."], ["go", "test", "./..."]], ids=" ".join
)
def test_the_sources_are_sound(root, command):
    done = subprocess.run(command, cwd=root / "sidecar", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    if command[0] == "gofmt":
        assert done.stdout == ""


def test_files_are_small(root):
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (root / "sidecar").rglob("*.go")}
    assert {name for name, lines in sizes.items() if lines > 300} == set()
