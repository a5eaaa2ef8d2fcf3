# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Plugins: the version that added each of them is that of the release whose changelog has it, or a later one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
KINDS = ("filter", "inventory", "lookup", "modules", "test")
PLUGINS = sorted(path for kind in KINDS for path in (ROOT / "plugins" / kind).glob("*.py"))
RELEASES = yaml.safe_load((ROOT / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))["releases"]


def released() -> dict[tuple[str, str], str]:
    """Return the release that added each plugin, by kind and name. No release lists plugins that it does not add."""
    found = {}
    for version, release in RELEASES.items():
        for kind, plugins in {"modules": release.get("modules", []), **release.get("plugins", {})}.items():
            found.update({(kind, plugin["name"]): version for plugin in plugins})
    return found


def numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


def version_added(path: Path) -> str:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DOCUMENTATION":
            return str(yaml.safe_load(ast.literal_eval(node.value))["version_added"])
    raise AssertionError(path)


@pytest.mark.parametrize("path", PLUGINS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_version_is_that_of_the_release_or_of_the_next_one(path: Path) -> None:
    release = released().get((path.parent.name, path.stem))
    if release is not None:
        assert version_added(path) == release
    else:
        assert numbers(version_added(path)) > max(map(numbers, RELEASES))
