# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""actionlint finds nothing in the workflows."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from support.readme import ROOT


@pytest.mark.test_all
def test_actionlint_finds_nothing() -> None:
    # Where Go's own archive is installed
    path = f"{os.environ['PATH']}{os.pathsep}/usr/local/go/bin"
    assert shutil.which("go", path=path), "actionlint is built with Go: install Go, or add its bin directory to PATH"
    environment = {**os.environ, "PATH": path}
    done = subprocess.run(
        ["make", "actionlint"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
