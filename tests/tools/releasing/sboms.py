# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Software bills of materials in the formats CycloneDX and SPDX, of the packages that lock files name.

Those of the base images are not in them: they are of whoever makes the base image.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import cores

from . import spdx
from .source import Source

# The images with Python or npm packages from PyPI, by the lock files of these.
PYTHON_LOCKS = {"mcp-operator": "operator/requirements.txt", "mcp-stdio-runtimes": "sidecar/requirements.txt"}
GO_TOOL = "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0"
_FORMAT = "1.6"


def sboms(source: Source, folder: Path) -> list[Path]:
    """Write the bills of materials of each image."""
    programs = cores.installed("release", "release")
    made = _cyclonedx(source, folder, programs)
    documents = []
    for name, path in made.items():
        target = folder / f"{name}-{source.version}.spdx.json"
        bill = json.loads(path.read_text(encoding="utf-8"))
        namespace = f"{source.published.repository}/spdx/{source.commit}/{target.name}"
        _write(target, spdx.document(bill, namespace, source.created))
        documents.append(target)
        # It fails if the document is not as the specification says.
        source.run(str(programs / "pyspdxtools"), "--infile", str(target))
    return [*made.values(), *documents]


def _cyclonedx(source: Source, folder: Path, programs: Path) -> dict[str, Path]:
    """Write those in the format CycloneDX; return them by what they are of."""
    made = {}
    for name, lock in PYTHON_LOCKS.items():
        path = _path(source, folder, name)
        options = ["--spec-version", _FORMAT, "--output-reproducible", "--output-file", str(path)]
        source.run(str(programs / "cyclonedx-py"), "requirements", *options, str(source.root / lock))
        _complete(source, path, name)
        made[name] = path
    if not shutil.which("go"):
        sys.exit("The bill of materials of the sidecar needs Go on the PATH.")
    path = _path(source, folder, "mcp-sidecar")
    options = ["-json", "-noserial", "-output-version", _FORMAT, "-main", "cmd/mcp-sidecar", "-output", str(path)]
    # The bill contains the digest of the tool: without -trimpath, folders of this machine are in it.
    source.run("go", "run", "-trimpath", GO_TOOL, "app", *options, str(source.root / "sidecar"))
    _complete(source, path, "mcp-sidecar")
    return {**made, "mcp-sidecar": path}


def _path(source: Source, folder: Path, name: str) -> Path:
    return folder / f"{name}-{source.version}.cdx.json"


def _complete(source: Source, path: Path, name: str) -> None:
    """Name what the packages are in, and the time of the commit in place of the present time."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    about = found.setdefault("metadata", {})
    about["timestamp"] = source.created
    component = about.setdefault("component", {"type": "application", "bom-ref": name})
    component.update(name=name, version=source.version)
    _write(path, found)


def _write(path: Path, bill: dict[str, Any]) -> None:
    path.write_text(json.dumps(bill, indent=1, sort_keys=True) + "\n", encoding="utf-8")
