# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The images as archives of OCI layouts, built as the testbed builds its images."""

from __future__ import annotations

import datetime as dt
import json
import platform
import tempfile
from pathlib import Path

from addresses import IMAGES

from .archives import pack_layout
from .source import PYTHON, Source

_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def images(source: Source, folder: Path) -> dict[str, tuple[Path, str]]:
    """Build the images for this machine; return the archive and the digest of the manifest of each."""
    machine = platform.machine()
    made = {}
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        _export(source, Path(scratch))
        for name in IMAGES:
            layout = Path(scratch) / name
            (entry,) = json.loads((layout / "index.json").read_text(encoding="utf-8"))["manifests"]
            path = folder / f"{name}-{source.version}-{_ARCHITECTURES.get(machine, machine)}.oci.tar"
            pack_layout(path, layout, source.epoch)
            made[name] = (path, str(entry["digest"]))
    return made


def _export(source: Source, folder: Path) -> None:
    created = dt.datetime.fromtimestamp(source.epoch, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    labels = {
        "created": created,
        "licenses": "Apache-2.0 AND GPL-3.0-or-later AND Unicode-3.0",
        "revision": source.commit,
        "source": source.published.repository,
        "version": source.version,
    }
    options = [f"--label=org.opencontainers.image.{name}={value}" for name, value in labels.items()]
    options += ["--epoch", str(source.epoch), "--tag", f"{source.published.registry}/{{name}}:{source.version}"]
    source.run(PYTHON, "tests/servers", "export", "--folder", str(folder), *options, *IMAGES)
