# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Software bills of materials in the format CycloneDX, of the packages that lock files name.

Those of the base images are not in them: they are of whoever makes the base image.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import cores

from .source import Source

# The images with Python or npm packages from PyPI, by the lock files of these.
PYTHON_LOCKS = {"mcp-operator": "operator/requirements.txt", "mcp-stdio-runtimes": "sidecar/requirements.txt"}
GO_TOOL = "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0"
_FORMAT = "1.6"


def sboms(source: Source, folder: Path) -> list[Path]:
    """Write the bill of materials of each image."""
    programs = cores.installed("release", "release")
    made = []
    for name, lock in PYTHON_LOCKS.items():
        path = _path(source, folder, name)
        options = ["--spec-version", _FORMAT, "--output-reproducible", "--output-file", str(path)]
        source.run(str(programs / "cyclonedx-py"), "requirements", *options, str(source.root / lock))
        _complete(source, path, name)
        made.append(path)
    if not shutil.which("go"):
        sys.exit("The bill of materials of the sidecar needs Go on the PATH.")
    path = _path(source, folder, "mcp-sidecar")
    options = ["-json", "-noserial", "-output-version", _FORMAT, "-main", "cmd/mcp-sidecar", "-output", str(path)]
    source.run("go", "run", GO_TOOL, "app", *options, str(source.root / "sidecar"))
    _complete(source, path, "mcp-sidecar")
    return [*made, path]


def _path(source: Source, folder: Path, name: str) -> Path:
    return folder / f"{name}-{source.version}.cdx.json"


def _complete(source: Source, path: Path, name: str) -> None:
    """Name what the packages are in, and the time of the commit in place of the present time."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    about = found.setdefault("metadata", {})
    about["timestamp"] = dt.datetime.fromtimestamp(source.epoch, dt.UTC).isoformat()
    component = about.setdefault("component", {"type": "application", "bom-ref": name})
    component.update(name=name, version=source.version)
    path.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
