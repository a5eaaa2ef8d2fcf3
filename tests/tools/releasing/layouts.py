# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""OCI image layouts: an index over the images of several architectures, a Helm chart, and an image of files."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

_INDEX = "application/vnd.oci.image.index.v1+json"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
# Those of Helm.
_CHART_CONFIG = "application/vnd.cncf.helm.config.v1+json"
_CHART = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_BLOBS = Path("blobs") / "sha256"


def write_index(
    target: Path, images: Mapping[str, Path], annotations: Mapping[str, str], tag: Mapping[str, str]
) -> str:
    """Write a layout with an index, and with all that it refers to; return the digest of the index.

    :param target: folder that does not exist.
    :param images: layouts of one image each, by its architecture.
    :param annotations: of the index.
    :param tag: annotations by which programs that import the layout name it.
    :raises SystemExit: an image is for another architecture.
    """
    blobs = _begin(target)
    manifests = []
    for architecture, layout in sorted(images.items()):
        entry = _entry(layout)
        config = _read(layout, _read(layout, entry["digest"])["config"]["digest"])
        if (config["os"], config["architecture"]) != ("linux", architecture):
            sys.exit(f"{layout.name} is for {config['os']}/{config['architecture']}, and not for linux/{architecture}.")
        for blob in (layout / _BLOBS).iterdir():
            shutil.copy(blob, blobs / blob.name)
        platform = {"architecture": architecture, "os": "linux"}
        manifests.append({name: entry[name] for name in ("mediaType", "digest", "size")} | {"platform": platform})
    index = {"schemaVersion": 2, "mediaType": _INDEX, "manifests": manifests, "annotations": annotations}
    return _finish(target, _add(target, _json(index), _INDEX), tag)


def write_chart(target: Path, chart: Path, created: str) -> str:
    """Write a layout with a packaged chart as ``helm push`` makes it, but for the time; return the digest.

    :param target: folder that does not exist.
    :param created: the time that the artefact is to name. Helm writes the present time.
    """
    _begin(target)
    with tarfile.open(chart) as archive:
        file = archive.extractfile("mcp-operator/Chart.yaml")
        assert file is not None
        about = yaml.safe_load(file.read())
    annotations = {
        "created": created,
        "description": about["description"],
        "source": about["sources"][0],
        "title": about["name"],
        "url": about["home"],
        "version": about["version"],
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "config": _add(target, _json(about), _CHART_CONFIG),
        "layers": [_add(target, chart.read_bytes(), _CHART)],
        "annotations": {f"org.opencontainers.image.{name}": value for name, value in annotations.items()},
    }
    tag = {"org.opencontainers.image.ref.name": about["version"]}
    return _finish(target, _add(target, _json(manifest), _MANIFEST), tag)


def write_image(target: Path, layer: Path, labels: Mapping[str, str]) -> str:
    """Write a layout with an image of one layer, which has files and no program; return the digest.

    :param target: folder that does not exist.
    :param layer: a tar.gz archive.
    """
    _begin(target)
    content = layer.read_bytes()
    created = labels["org.opencontainers.image.created"]
    config = {
        "created": created,
        # Such an image is for all; programs that read it ask for one.
        "architecture": "amd64",
        "os": "linux",
        "config": {"Labels": labels},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(gzip.decompress(content)).hexdigest()}"]},
        "history": [{"created": created, "created_by": "make release"}],
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "config": _add(target, _json(config), _CONFIG),
        "layers": [_add(target, content, _LAYER)],
        "annotations": labels,
    }
    tag = {"org.opencontainers.image.ref.name": labels["org.opencontainers.image.version"]}
    return _finish(target, _add(target, _json(manifest), _MANIFEST), tag)


def digest(layout: Path) -> str:
    """Return the digest of what a layout contains."""
    return str(_entry(layout)["digest"])


def _begin(target: Path) -> Path:
    blobs = target / _BLOBS
    blobs.mkdir(parents=True)
    return blobs


def _finish(target: Path, entry: dict[str, Any], annotations: Mapping[str, str]) -> str:
    listed = {"schemaVersion": 2, "mediaType": _INDEX, "manifests": [{**entry, "annotations": annotations}]}
    (target / "index.json").write_bytes(_json(listed))
    (target / "oci-layout").write_bytes(_json({"imageLayoutVersion": "1.0.0"}))
    return str(entry["digest"])


def _add(target: Path, content: bytes, media_type: str) -> dict[str, Any]:
    name = hashlib.sha256(content).hexdigest()
    (target / _BLOBS / name).write_bytes(content)
    return {"mediaType": media_type, "digest": f"sha256:{name}", "size": len(content)}


def _entry(layout: Path) -> dict[str, Any]:
    (entry,) = json.loads((layout / "index.json").read_text(encoding="utf-8"))["manifests"]
    return dict(entry)


def _read(layout: Path, digest: str) -> dict[str, Any]:
    return dict(json.loads((layout / _BLOBS / digest.removeprefix("sha256:")).read_bytes()))


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
