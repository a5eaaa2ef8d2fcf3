# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Runs ``ansible-inventory`` as a user does and reads what it says."""

from __future__ import annotations

import ast
import dataclasses
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import yaml


def _plain(value: dict[str, Any]) -> Any:
    """Return a text that Ansible marks as no template as it is."""
    return value["__ansible_unsafe"] if list(value) == ["__ansible_unsafe"] else value


def constant(root: Path, name: str) -> str:
    """Return a constant of the inventory plugin, for example `EXAMPLES`, without importing it."""
    source = (root / "plugins" / "inventory" / "mcpservers.py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return str(ast.literal_eval(node.value))
    raise AssertionError(f"the plugin has no {name}")


@dataclasses.dataclass(frozen=True)
class Listing:
    """What an inventory holds, and what Ansible said about it."""

    code: int
    output: str
    errors: str
    seconds: float

    @property
    def data(self) -> dict[str, Any]:
        found = json.loads(self.output, object_hook=_plain)
        assert isinstance(found, dict)
        return found

    @property
    def hosts(self) -> dict[str, dict[str, Any]]:
        """Return the variables by host."""
        return self.data["_meta"]["hostvars"]

    @property
    def said(self) -> str:
        """Return the warnings and errors without the line breaks that Ansible puts into them."""
        return " ".join(self.errors.split())

    def group(self, name: str) -> list[str]:
        return sorted(self.data.get(name, {}).get("hosts", []))


class Inventory:
    """Inventory files of the plugin in a folder of the test's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, *connections: dict[str, Any], name: str = "fleet.mcpservers.yml", **options: Any) -> str:
        """Write a configuration and return its path."""
        config = {"plugin": "mcp.kubernetes.mcpservers", **options}
        if connections:
            config["connections"] = list(connections)
        path = self._folder / name
        path.write_text(yaml.safe_dump(config), encoding="utf-8")
        return str(path)

    def list(
        self,
        *connections: dict[str, Any],
        words: tuple[str, ...] = (),
        env: dict[str, str] | None = None,
        **options: Any,
    ) -> Listing:
        """Write a configuration and list its hosts."""
        return self.show(self.write(*connections, **options), "--list", *words, env=env)

    def show(self, path: str, *words: str, env: dict[str, str] | None = None) -> Listing:
        """Run ``ansible-inventory``."""
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith("K8S_AUTH_")}
        started = time.monotonic()
        done = subprocess.run(
            ["ansible-inventory", "-i", path, *words],
            env={**surroundings, "ANSIBLE_NOCOLOR": "true", **(env or {})},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Listing(done.returncode, done.stdout, done.stderr, time.monotonic() - started)
