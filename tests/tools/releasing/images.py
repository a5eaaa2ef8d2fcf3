# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The images as archives of OCI layouts, built as the testbed builds its images, and the chart as one more.

Each archive contains an index, so that a node of an architecture for which there is no image says so, in place of
running a program of another one.
"""

from __future__ import annotations

import platform
import sys
import tempfile
from pathlib import Path

from .archives import pack_layout
from .layouts import write_chart, write_index
from .source import PYTHON, Source

_NATIVE = {"x86_64": "amd64", "aarch64": "arm64"}
# What each image is. The values of labels and annotations.
DESCRIPTIONS = {
    "mcp-operator": "The operator that runs and validates MCP servers on Kubernetes",
    "mcp-stdio-bridge": "The sidecar of MCP servers: serves stdio servers over HTTP, protects HTTP servers",
    "mcp-stdio-runtimes": "The sidecar of MCP servers, with Node.js, Python and uv to run published packages in",
}
# Images of nothing but Go programs, which are built for any architecture. The others run Python while they are built,
# on a base of this machine's architecture.
CROSS_BUILT = {"mcp-stdio-bridge": ("amd64", "arm64")}
CHART = "charts/mcp-operator"
BUNDLE = "mcp-operator-bundle"
# What a registry gets.
PUBLISHED = (*DESCRIPTIONS, BUNDLE, CHART)
_ABOUT_BUNDLE = "Manifests by which the Operator Lifecycle Manager installs the MCP operator"


def native() -> str:
    """Return the architecture of this machine, by its name in OCI."""
    machine = platform.machine()
    if machine not in _NATIVE:
        sys.exit(f"Images are not built on {machine} machines.")
    return _NATIVE[machine]


def archive_name(name: str, version: str) -> str:
    """Return the name of the file that contains an image or the chart."""
    return f"{name.replace('charts/mcp-operator', 'mcp-operator-chart')}-{version}.oci.tar"


def images(source: Source, folder: Path) -> dict[str, tuple[Path, str]]:
    """Build the images; return the archive of each, and the digest of its index."""
    made = {}
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        for name in DESCRIPTIONS:
            architectures = CROSS_BUILT.get(name, (native(),))
            built = {each: _export(source, Path(scratch), name, each) for each in architectures}
            tag = {
                "org.opencontainers.image.ref.name": source.version,
                # The name in `ctr images import`.
                "io.containerd.image.name": f"{source.published.registry}/{name}:{source.version}",
            }
            layout = Path(scratch) / f"{name}-index"
            digest = write_index(layout, built, labels(source, name), tag)
            made[name] = (pack_image(source, folder, name, layout), digest)
    return made


def chart_artefact(source: Source, folder: Path, chart: Path) -> Path:
    """Write the chart as an OCI artefact; return the archive."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        layout = Path(scratch) / "chart"
        write_chart(layout, chart, source.created)
        return pack_image(source, folder, CHART, layout)


def pack_image(source: Source, folder: Path, name: str, layout: Path) -> Path:
    """Write the archive of a layout."""
    path = folder / archive_name(name, source.version)
    pack_layout(path, layout, source.epoch)
    return path


def labels(source: Source, name: str) -> dict[str, str]:
    """Return the labels and annotations of an image or of the bundle."""
    values = {
        "created": source.created,
        "description": DESCRIPTIONS.get(name, _ABOUT_BUNDLE),
        "documentation": f"{source.published.repository}/blob/v{source.version}/docs/README.md",
        "licenses": "Apache-2.0" if name == BUNDLE else "Apache-2.0 AND GPL-3.0-or-later AND Unicode-3.0",
        "revision": source.commit,
        "source": source.published.repository,
        "title": name,
        "url": source.published.repository,
        "vendor": "The mcp.kubernetes authors",
        "version": source.version,
    }
    return {f"org.opencontainers.image.{key}": value for key, value in values.items()}


def _export(source: Source, folder: Path, name: str, architecture: str) -> Path:
    """Build an image for an architecture; return its layout."""
    target = folder / architecture
    target.mkdir(exist_ok=True)
    options = [f"--label={key}={value}" for key, value in labels(source, name).items()]
    options += ["--epoch", str(source.epoch), "--tag", f"{source.published.registry}/{{name}}:{source.version}"]
    options += ["--architecture", architecture] if architecture != native() else []
    source.run(PYTHON, "tests/servers", "export", "--folder", str(target), *options, name)
    return target / name
