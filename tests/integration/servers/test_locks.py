# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from imagebuilder.catalogue import IMAGES_FOLDER, SIDECAR_FOLDER

pytestmark = pytest.mark.test_all

SERVERS = IMAGES_FOLDER.parent
PYTHON_LOCKS = sorted(
    [
        *IMAGES_FOLDER.glob("*/requirements.txt"),
        *(SERVERS / "oracle").glob("**/requirements.txt"),
        SERVERS.parent / "fuzz" / "requirements.txt",
        SIDECAR_FOLDER / "requirements.txt",
    ]
)
NODE_FOLDERS = [*IMAGES_FOLDER.glob("*"), SERVERS / "oracle" / "node", SERVERS / "oidc"]
NODE_LOCKS = sorted(folder / "package-lock.json" for folder in NODE_FOLDERS if (folder / "package.json").exists())


def name(path: Path) -> str:
    return path.parent.name


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=name)
def test_python_packages_are_pinned_with_hashes_and_without_hosts(lock: Path):
    text = lock.read_text()
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==\S+( ; [^\n]+)? \\\n    --hash=sha256:[0-9a-f]{64}", entry), entry
    assert "://" not in text


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=name)
def test_python_locks_hold_what_was_asked_for(lock: Path):
    wanted = [line for line in lock.with_suffix(".in").read_text().splitlines() if line and not line.startswith("#")]
    assert wanted
    for requirement in wanted:
        assert f"\n{requirement} \\\n" in lock.read_text()


@pytest.mark.parametrize("lock", NODE_LOCKS, ids=name)
def test_node_packages_are_pinned_with_hashes_and_without_hosts(lock: Path):
    packages = json.loads(lock.read_text())["packages"]
    root = packages.pop("")
    assert root["dependencies"] == json.loads((lock.parent / "package.json").read_text())["dependencies"]
    for path, package in packages.items():
        assert package["integrity"].startswith("sha512-"), path
        assert "resolved" not in package, path


def test_there_are_locks_to_look_at():
    assert len(PYTHON_LOCKS) == 9
    assert len(NODE_LOCKS) == 4
