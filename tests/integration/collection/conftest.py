# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tarball(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the collection as `make build` makes it."""
    folder = tmp_path_factory.mktemp("tarball")
    galaxy = str(Path(sys.executable).with_name("ansible-galaxy"))
    subprocess.run([galaxy, "collection", "build", "--output-path", folder, root], check=True, capture_output=True)
    (made,) = folder.glob("*.tar.gz")
    subprocess.run([sys.executable, root / "tests" / "tools" / "tarball.py", made], check=True)
    return made
