# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The packages that package managers install: the collection, the Python distributions, the chart and install.yaml."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from steps import BIN
from tarball import rewrite

from .archives import normalise
from .source import PYTHON, Source


def collection(source: Source, folder: Path) -> Path:
    """Build the tarball of the collection."""
    source.run(str(BIN / "ansible-galaxy"), "collection", "build", "--output-path", str(folder), str(source.root))
    (made,) = folder.glob("mcp-kubernetes-*.tar.gz")
    rewrite(made)
    normalise(made, source.epoch, first=("MANIFEST.json", "FILES.json"))
    return made


def distributions(source: Source, folder: Path) -> tuple[Path, Path]:
    """Build the source distribution of the operator, and the wheel from it."""
    # SOURCE_DATE_EPOCH makes both depend on their content only.
    source.run(PYTHON, "-m", "build", "--no-isolation", "--outdir", str(folder), str(source.root / "operator"))
    (archive,) = folder.glob("mcp_operator-*.tar.gz")
    (wheel,) = folder.glob("mcp_operator-*.whl")
    return archive, wheel


def chart(source: Source, folder: Path) -> Path:
    """Package the chart."""
    source.run(helm(), "package", str(source.root / "operator" / "chart"), "--destination", str(folder))
    (made,) = folder.glob("mcp-operator-*.tgz")
    normalise(made, source.epoch, first=("mcp-operator/Chart.yaml",))
    return made


def install_yaml(source: Source, folder: Path, digests: Mapping[str, str]) -> Path:
    """Write install.yaml, with the digest of the operator's image if it is known.

    :param digests: of manifests of images, by the names of the images.
    """
    text = (source.root / "roles" / "operator" / "files" / "install.yaml").read_text(encoding="utf-8")
    tagged = f"{source.published.registry}/mcp-operator:{source.version}"
    if tagged not in text:
        sys.exit(f"install.yaml does not contain {tagged}.")
    if "mcp-operator" in digests:
        text = text.replace(tagged, f"{tagged}@{digests['mcp-operator']}")
    for name, variable in (("mcp-stdio-bridge", "INJECT"), ("mcp-stdio-runtimes", "PACKAGE")):
        if name in digests:
            image = f"{source.published.registry}/{name}:{source.version}@{digests[name]}"
            text = _with_value(text, f"MCP_OPERATOR_BRIDGE_{variable}_IMAGE", image)
    made = folder / "install.yaml"
    made.write_text(text, encoding="utf-8")
    return made


def helm() -> str:
    """Return the path of Helm, which is built on first use."""
    # From this checkout: the clone would build the same program.
    command = [PYTHON, str(Path(__file__).resolve().parents[2] / "cluster"), "helm"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def _with_value(text: str, variable: str, value: str) -> str:
    """Return the text with the value of an environment variable that has none."""
    lines = text.splitlines(keepends=True)
    places = [number for number, line in enumerate(lines) if line.strip() == f"- name: {variable}"]
    if len(places) != 1 or lines[places[0] + 1].strip() != 'value: ""':
        sys.exit(f"install.yaml does not contain {variable} once and without a value.")
    lines[places[0] + 1] = lines[places[0] + 1].replace('""', f'"{value}"')
    return "".join(lines)
