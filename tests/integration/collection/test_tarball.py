# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What users install: nothing is missing, nothing else is in."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

GALAXY = [str(Path(sys.executable).with_name("ansible-galaxy")), "collection"]
# A collection must work when all but these four folders is gone, ...
WORKING = {"meta", "plugins", "roles", "playbooks"}
# ... so all else that it brings is to be read.
READING = {"README.md", "CHANGELOG.md", "LICENSES", "REUSE.toml", "changelogs", "docs"}
MADE_BY_THE_BUILD = {"MANIFEST.json", "FILES.json"}
# Somebody who installs it from within a job waits for it each time. Galaxy would take a hundred times as much.
LARGEST = 1_000_000
# Galaxy wants one of these at least.
TOPICS = {"ai", "application", "cloud", "infrastructure", "monitoring", "networking", "security", "tools"}


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


def test_holds_only_those_pages_that_sites_of_collections_show(tarball: Path) -> None:
    names = {member.name for member in members(tarball) if member.isfile() and member.name.startswith("docs/")}
    assert names == {"docs/docsite/extra-docs.yml", "docs/docsite/links.yml", "docs/docsite/rst/guide.rst"}


def test_the_links_of_the_readme_lead_to_the_repository(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        readme = archive.extractfile("README.md").read().decode()
        about = json.load(archive.extractfile("MANIFEST.json"))["collection_info"]
    links = re.findall(r"\]\(([^)\s]+)\)", readme)
    assert links
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    assert f"{about['repository']}/blob/v{about['version']}/docs/quick-start.md" in links


def test_the_checksums_are_those_of_the_files(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        data = {member.name: archive.extractfile(member).read() for member in archive if member.isfile()}
    wanted = {entry["name"]: entry["chksum_sha256"] for entry in json.loads(data["FILES.json"])["files"]}
    manifest = json.loads(data["MANIFEST.json"])["file_manifest_file"]
    wanted |= {manifest["name"]: manifest["chksum_sha256"]}
    found = {name: hashlib.sha256(content).hexdigest() for name, content in data.items() if name != "MANIFEST.json"}
    assert found == {name: digest for name, digest in wanted.items() if digest}


def test_holds_all_files_of_the_working_folders(tarball: Path, files: list[Path], root: Path) -> None:
    wanted = {path.relative_to(root).as_posix() for path in files if path.relative_to(root).parts[0] in WORKING}
    assert wanted == {
        member.name for member in members(tarball) if member.isfile() and member.name.partition("/")[0] in WORKING
    }


def test_holds_neither_links_nor_programs(tarball: Path) -> None:
    odd = [member.name for member in members(tarball) if not (member.isfile() or member.isdir())]
    assert not odd


def test_is_small(tarball: Path) -> None:
    assert tarball.stat().st_size < LARGEST
    assert max(member.size for member in members(tarball)) < LARGEST


def test_every_role_has_a_readme(tarball: Path) -> None:
    """Galaxy refuses a collection where one has none."""
    names = {member.name for member in members(tarball)}
    roles = {name.split("/")[1] for name in names if name.startswith("roles/")}
    assert roles
    assert {f"roles/{role}/README.md" for role in roles} <= names


def test_says_what_galaxy_wants_to_know(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        about = json.load(archive.extractfile("MANIFEST.json"))["collection_info"]
    assert (about["namespace"], about["name"]) == ("mcp", "kubernetes")
    assert re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", about["version"]), "semantic versioning"
    assert about["license"] == ["GPL-3.0-or-later", "Apache-2.0"]
    assert all(about[field] for field in ("repository", "homepage", "documentation", "issues"))
    assert len(about["tags"]) <= 20
    assert all(re.fullmatch("[a-z0-9_]+", tag) for tag in about["tags"])
    assert TOPICS & set(about["tags"])
    assert set(about["dependencies"]) == {"kubernetes.core"}


def test_installs_without_a_network(tarball: Path, tmp_path: Path) -> None:
    command = [*GALAXY, "install", "--offline", "--no-deps", "--collections-path", str(tmp_path), str(tarball)]
    # Without this folder alone on the path, the checkout itself would count as "already installed".
    alone = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(tmp_path)}
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path, env=alone)
    installed = tmp_path / "ansible_collections" / "mcp" / "kubernetes"
    assert (installed / "MANIFEST.json").is_file()
    assert (installed / "plugins").is_dir()
