# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What users install: nothing is missing, nothing else is in."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

GALAXY = [str(Path(sys.executable).with_name("ansible-galaxy")), "collection"]
# A collection must work when all but these four folders is gone, ...
WORKING = {"meta", "plugins", "roles", "playbooks"}
# ... so all else that it brings is to be read.
READING = {"README.md", "CHANGELOG.md", "LICENSES", "REUSE.toml", "changelogs"}
MADE_BY_THE_BUILD = {"MANIFEST.json", "FILES.json"}


@pytest.fixture(scope="module")
def tarball(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tarball")
    subprocess.run([*GALAXY, "build", "--output-path", folder, root], check=True, capture_output=True)
    return next(folder.glob("*.tar.gz"))


def members(tarball: Path) -> list[tarfile.TarInfo]:
    with tarfile.open(tarball) as archive:
        return archive.getmembers()


def test_holds_only_what_users_need(tarball: Path) -> None:
    roots = {member.name.partition("/")[0] for member in members(tarball)}
    assert roots <= WORKING | READING | MADE_BY_THE_BUILD
    assert {"meta", "plugins", "README.md", "LICENSES"} <= roots


def test_holds_the_changelog_but_not_how_it_is_made(tarball: Path) -> None:
    names = [member.name for member in members(tarball) if member.name.startswith("changelogs/")]
    assert names == ["changelogs/changelog.yaml"]


def test_holds_all_files_of_the_working_folders(tarball: Path, files: list[Path], root: Path) -> None:
    wanted = {path.relative_to(root).as_posix() for path in files if path.relative_to(root).parts[0] in WORKING}
    assert wanted == {
        member.name for member in members(tarball) if member.isfile() and member.name.partition("/")[0] in WORKING
    }


def test_holds_neither_links_nor_programs(tarball: Path) -> None:
    odd = [member.name for member in members(tarball) if not (member.isfile() or member.isdir())]
    assert not odd


def test_installs_without_a_network(tarball: Path, tmp_path: Path) -> None:
    command = [*GALAXY, "install", "--offline", "--no-deps", "--collections-path", str(tmp_path), str(tarball)]
    # Without this folder alone on the path, the checkout itself would count as "already installed".
    alone = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(tmp_path)}
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path, env=alone)
    installed = tmp_path / "ansible_collections" / "mcp" / "kubernetes"
    assert (installed / "MANIFEST.json").is_file()
    assert (installed / "plugins").is_dir()
