# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the collection asks of an execution environment, as ansible-builder understands it; no image is built."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

BUILDER = str(Path(sys.executable).with_name("ansible-builder"))
# Each comes with something that is there anyway.
BROUGHT_BY = {"jinja2": "ansible-core", "yaml": "ansible-core", "urllib3": "kubernetes", "websocket": "kubernetes"}
OURS = {"ansible", "ansible_collections"}


@pytest.fixture(scope="module")
def asked(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What ansible-builder finds in the installed collection, Python's and the operating system's packages."""
    folder = tmp_path_factory.mktemp("collections")
    target = folder / "ansible_collections" / "mcp" / "kubernetes"
    with tarfile.open(tarball) as archive:
        archive.extractall(target, filter="data")
    done = subprocess.run([BUILDER, "introspect", str(folder)], check=True, capture_output=True, text=True)
    return yaml.safe_load(done.stdout)


def imported(plugins: Path) -> set[str]:
    """Return what the plugins import that neither Python nor the collection brings."""
    found = set()
    for path in plugins.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found.add((node.module or "").partition(".")[0])
    return found - set(sys.stdlib_module_names) - OURS - set(BROUGHT_BY)


def test_asks_for_the_packages_that_the_plugins_import(asked: dict[str, list[str]], root: Path) -> None:
    names = {re.split(r"[<>=!~ ;\[]", line, maxsplit=1)[0] for line in asked["python"]}
    assert names == imported(root / "plugins")


def test_needs_nothing_of_the_operating_system(asked: dict[str, list[str]]) -> None:
    assert asked["system"] == []


def test_the_readme_names_the_same_packages(root: Path) -> None:
    lines = (root / "meta" / "ee-requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = {re.split(r"[<>=!~]", line, maxsplit=1)[0] for line in lines if line and not line.startswith("#")}
    (told,) = re.findall(r"^pip install (.*)$", (root / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {re.split(r"[<>=!~]", word.strip("'"), maxsplit=1)[0] for word in told.split()} == wanted


def test_the_example_of_the_guide_makes_a_context(root: Path, tarball: Path, tmp_path: Path) -> None:
    guide = (root / "docs" / "how-to" / "execution-environment.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    (tmp_path / "execution-environment.yml").write_text(example, encoding="utf-8")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / tarball.name).write_bytes(tarball.read_bytes())

    subprocess.run([BUILDER, "create"], cwd=tmp_path, check=True, capture_output=True)

    context = tmp_path / "context"
    assert list(context.glob("*file"))
    (collection,) = yaml.safe_load((context / "_build" / "requirements.yml").read_text(encoding="utf-8"))["collections"]
    inside = Path(collection["name"]).relative_to("/build")
    assert (context / "_build" / inside).read_bytes() == tarball.read_bytes()
