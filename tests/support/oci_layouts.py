# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What a release packs into OCI layouts: an image as buildah writes it, and a chart."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import yaml

from . import cluster

sys.path.append(str(cluster.ROOT / "tests" / "tools"))

from releasing import archives

VERSION = "1.2.3"


def image(folder: Path, architecture: str) -> Path:
    """Write a layout of one image, as buildah does."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def add(content: bytes) -> dict[str, object]:
        name = hashlib.sha256(content).hexdigest()
        (blobs / name).write_bytes(content)
        return {"digest": f"sha256:{name}", "size": len(content), "mediaType": "m"}

    config = add(json.dumps({"os": "linux", "architecture": architecture}).encode())
    manifest = add(json.dumps({"config": config, "layers": [add(b"layer of both")]}).encode())
    listed = {"manifests": [{**manifest, "annotations": {"org.opencontainers.image.ref.name": "x"}}]}
    (folder / "index.json").write_text(json.dumps(listed), encoding="utf-8")
    return folder


def chart(folder: Path) -> Path:
    about = {
        "apiVersion": "v2",
        "name": "mcp-operator",
        "version": VERSION,
        "description": "d",
        "home": "https://h.test",
    }
    file = folder / "Chart.yaml"
    file.write_text(yaml.safe_dump({**about, "sources": ["https://s.test"]}), encoding="utf-8")
    archives.pack(folder / "chart.tgz", [("mcp-operator/Chart.yaml", file)], 0)
    return folder / "chart.tgz"
