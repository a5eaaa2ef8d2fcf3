# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The command line in a Python that has nothing but its standard library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "operator" / "src"
_MAIN = (
    "import sys; sys.path[:] = [sys.argv.pop(1), *sys.path]; from mcp_operator.cli.main import main; sys.exit(main())"
)


def run_bare(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``mcp-operator`` without site-packages and without environment variables."""
    command = [sys.executable, "-I", "-S", "-c", _MAIN, str(SOURCES), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={}, timeout=60, check=False)
