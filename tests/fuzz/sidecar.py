# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The fuzz targets of the sidecar, which Go runs.

Their seeds are in the sources. Go's cache keeps what was found interesting.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "sidecar"


def find() -> dict[str, Path]:
    """Return the names of the targets, and the package of each."""
    return {
        name: path.parent
        for path in sorted(SOURCES.rglob("*_test.go"))
        for name in re.findall(r"^func (Fuzz\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }


def run(name: str, package: Path, seconds: int) -> bool:
    """Fuzz a target for so many seconds; tell whether it held. What breaks it is written to the package's testdata/."""
    print(f"== {name}", flush=True)
    command = [
        "go",
        "test",
        "-run=^$",
        f"-fuzz=^{name}$",
        f"-fuzztime={seconds}s",
        "-fuzzminimizetime=1s",
        "-parallel=1",
        ".",
    ]
    environment = {**os.environ, "CGO_ENABLED": "0"}
    return subprocess.run(command, cwd=package, env=environment, check=False).returncode == 0
