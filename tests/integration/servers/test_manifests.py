# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from imagebuilder.catalogue import IMAGES, IMAGES_FOLDER

pytestmark = pytest.mark.test_all

MANIFESTS = IMAGES_FOLDER.parent / "manifests"
BROKEN = {path.stem: path for path in sorted((MANIFESTS / "broken").glob("*.yaml"))}


def load(path: Path) -> dict[str, Any]:
    (manifest,) = yaml.safe_load_all(path.read_text())
    assert (manifest["apiVersion"], manifest["kind"]) == ("mcp.mcp-operator.io/v1", "MCPServer")
    assert manifest["metadata"] == {"name": path.stem}
    return manifest


def test_every_server_has_a_manifest_that_only_names_its_image():
    servers = {image.name: image.reference for image in IMAGES if image.transport}
    assert {path.stem: load(path)["spec"] for path in MANIFESTS.glob("*.yaml")} == {
        name: {"image": reference} for name, reference in servers.items()
    }


def test_broken_servers_are_run_in_the_modes_that_the_program_knows():
    program = IMAGES_FOLDER / "go" / "cmd" / "broken-server"
    answers = re.findall(r'^\t"([a-z-]+)": +{"', (program / "answers.go").read_text(), re.MULTILINE)
    others = re.findall(r'^\tcase "([a-z-]+)":', (program / "main.go").read_text(), re.MULTILINE)
    modes = [load(path)["spec"]["args"] for path in BROKEN.values()]
    assert sorted(mode for (mode,) in modes) == sorted({*answers, *others} - {"good"})


@pytest.mark.parametrize("path", BROKEN.values(), ids=BROKEN)
def test_broken_servers_come_from_the_one_image(path: Path):
    (broken,) = (image for image in IMAGES if image.name == "broken")
    assert load(path)["spec"]["image"] == broken.reference


def test_the_web_server_is_refused():
    assert load(BROKEN["not-mcp"])["spec"]["validation"] == {"strictMode": True}
