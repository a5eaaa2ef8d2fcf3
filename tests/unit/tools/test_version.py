# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A version is written into all files that contain it, and into no others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools"))

import version

PAGES = {
    "galaxy.yml": ("name: kubernetes\nversion: 4.0.9\n", "name: kubernetes\nversion: 4.1.0\n"),
    "operator/chart/Chart.yaml": ("version: 4.0.9\nappVersion: 4.0.9\n", "version: 4.1.0\nappVersion: 4.1.0\n"),
    "operator/src/mcp_operator/__init__.py": ('__version__ = "4.0.9"\n', '__version__ = "4.1.0"\n'),
    "plugins/module_utils/_mcp/options.py": ('CLIENT_VERSION = "4.0.9"\n', 'CLIENT_VERSION = "4.1.0"\n'),
    "docs/names.md": (
        "a/mcp-operator:4.0.9 mcp-kubernetes-4.0.9.tar.gz MCP operator 4.0.9.\n",
        "a/mcp-operator:4.1.0 mcp-kubernetes-4.1.0.tar.gz MCP operator 4.1.0.\n",
    ),
    "docs/others.md": ("mcp-operator:4.0.9-alpha.1 mcp-operator:4.0.9.1 other 4.0.9 mcp-operator:4.0.90\n", None),
    "changelogs/changelog.yaml": ("releases: {mcp-operator:4.0.9: {}}\n", None),
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name, (before, _) in PAGES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(before, encoding="utf-8")
    for words in (["init", "--quiet"], ["add", "."]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return tmp_path


def test_the_version_is_written_where_it_is_meant(checkout: Path) -> None:
    version.write(checkout, "4.1.0")
    assert version.written(checkout) == "4.1.0"
    for name, (before, after) in PAGES.items():
        assert (checkout / name).read_text(encoding="utf-8") == (after or before), name


def test_the_same_version_changes_nothing(checkout: Path) -> None:
    assert not version.changes(checkout, "4.0.9")


def test_a_file_without_its_version_is_reported(checkout: Path) -> None:
    (checkout / "operator" / "chart" / "Chart.yaml").write_text("name: mcp-operator\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="Chart"):
        version.changes(checkout, "4.1.0")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "v1.2.3",
            "1.2",
            "1.2.3.4",
            "01.2.3",
            "1.2.3-x",
            "1.2.3+b",
            "1.2.3\n",
            " 1.2.3",
            "1.2.3-rc.01",
            "--check",
        ),
        *("1.2.1\u0663", "1.2.3-rc.\u0663", "../1.2.3", "1.2.3;x", "$(id)"),
    ],
)
def test_what_is_no_version_is_refused(checkout: Path, text: str) -> None:
    with pytest.raises(SystemExit, match="no version"):
        version.changes(checkout, text)


def git(checkout: Path, *words: str) -> None:
    who = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    subprocess.run(["git", *who, *words], cwd=checkout, check=True)


def test_a_tag_at_the_commit_names_the_version(checkout: Path) -> None:
    git(checkout, "commit", "--quiet", "-m", "Release 4.0.9")
    for tag in ("v4.0.9", "latest", "v4", "release-4.0.9"):
        git(checkout, "tag", "-m", "annotated", tag)
    assert version.tagged(checkout) == "4.0.9"


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ([], "0 tags at this commit"),
        (["4.0.9", "v4.0.9+b"], "0 tags at this commit"),
        (["v4.0.9", "v4.0.10"], "2 tags at this commit"),
        (["v4.1.0"], "The tag is v4.1.0, and the files contain 4.0.9"),
    ],
)
def test_a_tag_that_cannot_be_meant_is_refused(checkout: Path, tags: list[str], said: str) -> None:
    git(checkout, "commit", "--quiet", "-m", "A commit")
    for tag in tags:
        git(checkout, "tag", tag)
    with pytest.raises(SystemExit, match=said):
        version.tagged(checkout)


def test_all_places_of_the_repository_exist(root: Path) -> None:
    found = version.changes(root, "99.0.0")
    assert {root / name for name in version.PLACES} <= found.keys()
    assert root / "roles" / "mcpserver" / "defaults" / "main.yml" in found
