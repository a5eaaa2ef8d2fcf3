# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What `ansible-doc` says of the collection's plugins."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAM = str(Path(sys.executable).with_name("ansible-doc"))


def shown(kind: str, *names: str) -> dict[str, Any]:
    command = [PROGRAM, "--json", "--type", kind, *names]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert isinstance(found, dict)
    return found


def test_it_shows_every_module(root: Path) -> None:
    wanted = [f"mcp.kubernetes.{path.stem}" for path in sorted((root / "plugins" / "modules").glob("[!_]*.py"))]
    found = shown("module", *wanted)
    assert sorted(found) == wanted
    for name, parts in found.items():
        assert parts["doc"]["short_description"], name
        assert parts["examples"], name
        assert parts["return"], name


def test_it_shows_the_inventory_plugin() -> None:
    parts = shown("inventory", "mcp.kubernetes.mcpservers")["mcp.kubernetes.mcpservers"]
    assert {"connections", "fail_on_errors", "timeout", "keyed_groups", "cache"} <= set(parts["doc"]["options"])
    assert parts["examples"]


def test_the_reference_pages_are_up_to_date(root: Path) -> None:
    tool = (
        "import plugin_pages, sys;"
        "sys.exit(any(page.read_text(encoding='utf-8') != text for page, text in plugin_pages.pages().items()))"
    )
    done = subprocess.run([sys.executable, "-c", tool], cwd=root / "tests" / "tools", check=False)
    assert done.returncode == 0, "run make reference"
