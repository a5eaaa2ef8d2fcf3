# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Modules, their documentation and their action group."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
COLLECTION = "mcp.kubernetes"


def modules() -> dict[str, Path]:
    return {path.stem: path for path in sorted((PLUGINS / "modules").glob("*.py")) if path.stem != "__init__"}


def documentation(path: Path) -> dict[str, Any]:
    """Return the DOCUMENTATION of a plugin or of a documentation fragment, without importing it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DOCUMENTATION":
            found = yaml.safe_load(ast.literal_eval(node.value))
            assert isinstance(found, dict)
            return found
    raise AssertionError(f"{path.name} has no DOCUMENTATION")


def test_the_action_group_holds_the_modules_that_take_the_connection_options(root: Path) -> None:
    fragments = {
        f"{COLLECTION}.{path.stem}"
        for path in (PLUGINS / "doc_fragments").glob("*.py")
        if "kubeconfig" in documentation(path).get("options", {})
    }
    taking = [
        name
        for name, path in modules().items()
        if fragments & set(documentation(path).get("extends_documentation_fragment", []))
    ]
    runtime = yaml.safe_load((root / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert runtime["action_groups"]["mcp"] == taking


def test_every_action_plugin_has_a_documented_module_of_its_name() -> None:
    actions = {path.stem for path in (PLUGINS / "action").glob("*.py")}
    assert actions <= set(modules())


def test_modules_are_public_or_say_that_they_are_internal() -> None:
    public = {"mcp_pin", "mcp_validate", "mcpserver", "mcpserver_import", "mcpserver_info", "mcpserver_manifests"}
    public.add("mcpserver_table")
    for name, path in modules().items():
        found = documentation(path)
        internal = found["short_description"].startswith("(internal) ")
        assert internal is (name not in public), name
        assert internal is (f"{COLLECTION}._controller.internal" in found["extends_documentation_fragment"]), name


@pytest.mark.parametrize("name", ["apply", "reconcile"])
def test_without_a_folder_the_templates_are_those_of_the_role(name: str) -> None:
    action = import_module(f"ansible_collections.{COLLECTION}.plugins.action.mcpserver_{name}").ActionModule
    folder = Path(action.OPTIONS["templates"]["default"])
    assert folder.parts[-3:] == ("roles", "mcpserver", "templates")
    assert (folder / "deployment.yaml.j2").is_file()
