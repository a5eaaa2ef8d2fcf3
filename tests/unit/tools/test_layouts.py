# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""OCI layouts of images for several architectures, and of charts."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools"))

from releasing import layouts

from support.oci_layouts import VERSION, chart, image

CREATED = "2026-01-31T10:00:00Z"


def blob(layout: Path, digest: str) -> bytes:
    content = (layout / "blobs" / "sha256" / digest.removeprefix("sha256:")).read_bytes()
    assert f"sha256:{hashlib.sha256(content).hexdigest()}" == digest
    return content


def test_an_index_names_the_image_of_each_architecture(tmp_path: Path) -> None:
    given = {name: image(tmp_path / name, name) for name in ("arm64", "amd64")}
    digest = layouts.write_index(tmp_path / "made", given, {"a": "b"}, {"name": "x"})
    index = json.loads(blob(tmp_path / "made", digest))
    assert [entry["platform"] for entry in index["manifests"]] == [
        {"architecture": "amd64", "os": "linux"},
        {"architecture": "arm64", "os": "linux"},
    ]
    assert index["annotations"] == {"a": "b"}
    for entry in index["manifests"]:
        manifest = json.loads(blob(tmp_path / "made", entry["digest"]))
        config = json.loads(blob(tmp_path / "made", manifest["config"]["digest"]))
        assert config["architecture"] == entry["platform"]["architecture"]
        assert blob(tmp_path / "made", manifest["layers"][0]["digest"]) == b"layer of both"
    assert layouts.digest(tmp_path / "made") == digest


def test_an_image_is_not_said_to_be_for_another_architecture_than_it_is(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="linux/amd64, and not for linux/arm64"):
        layouts.write_index(tmp_path / "made", {"arm64": image(tmp_path / "image", "amd64")}, {}, {})


def test_a_chart_is_an_artefact_as_helm_reads_it(tmp_path: Path) -> None:
    path = chart(tmp_path)
    digest = layouts.write_chart(tmp_path / "made", path, CREATED)
    manifest = json.loads(blob(tmp_path / "made", digest))
    (layer,) = manifest["layers"]
    assert layer["mediaType"] == "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
    assert blob(tmp_path / "made", layer["digest"]) == path.read_bytes()
    assert manifest["config"]["mediaType"] == "application/vnd.cncf.helm.config.v1+json"
    assert json.loads(blob(tmp_path / "made", manifest["config"]["digest"]))["version"] == VERSION
    assert manifest["annotations"]["org.opencontainers.image.created"] == CREATED
    assert layouts.write_chart(tmp_path / "again", path, CREATED) == digest
