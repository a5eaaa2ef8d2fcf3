# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What each room may import from outside the collection. Who imports whom within it, import-linter checks."""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
ANSIBLE = {"ansible", "ansible_collections"}
ROOMS = {
    "module_utils/_deprecations.py": set(),
    "module_utils/_errors.py": set(),
    "module_utils/_util.py": set(),
    "module_utils/_mcp": {"jmespath", "yaml"},
    # websocket-client and PyYAML are dependencies of kubernetes.
    "module_utils/_kube": {"kubernetes", "requests", "urllib3", "websocket", "yaml"},
    "module_utils/_workload": set(),
    # Of the import of manifests.
    "module_utils/_engine": {"yaml"},
    "plugin_utils": ANSIBLE | {"jinja2", "yaml"},
    "modules": ANSIBLE,
    "action": ANSIBLE,
    "doc_fragments": set(),
    "filter": ANSIBLE,
    "inventory": ANSIBLE,
    "lookup": ANSIBLE,
    "test": ANSIBLE,
}


def room_of(path: Path) -> str:
    name = path.relative_to(PLUGINS).as_posix()
    return next((room for room in ROOMS if name == room or name.startswith(f"{room}/")), name)


@cache
def imports(path: Path) -> list[tuple[int, str]]:
    """Return (level, top-level name) of every import of a file."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(0, alias.name.partition(".")[0]) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.level, (node.module or "").partition(".")[0]))
    return found


FILES = sorted(PLUGINS.rglob("*.py"))


def test_each_file_is_in_a_room() -> None:
    assert {room_of(path) for path in FILES} == set(ROOMS), "say in ROOMS what a room may import"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    allowed = ROOMS[room] | set(sys.stdlib_module_names)
    outside = {
        path.relative_to(PLUGINS).as_posix(): {name for level, name in imports(path) if level == 0} - allowed
        for path in FILES
        if room_of(path) == room
    }
    assert {path: names for path, names in outside.items() if names} == {}


def test_module_utils_name_each_other_relatively() -> None:
    """The operator carries these rooms under another name, so they must not know the collection's."""
    shared = [path for path in FILES if "module_utils" in path.parts]
    assert shared
    assert [path.name for path in shared if "ansible_collections" in {name for _, name in imports(path)}] == []
