# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Roles: what they say that they take is what they take."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROLES = sorted(path for path in (Path(__file__).resolve().parents[3] / "roles").iterdir() if path.is_dir())


def read(path: Path) -> dict[str, Any]:
    found = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    assert isinstance(found, dict)
    return found


def options(role: Path) -> dict[str, Any]:
    """Return the options of all entry points; one that two of them take must be the same in both."""
    found: dict[str, Any] = {}
    for entry in read(role / "meta" / "argument_specs.yml")["argument_specs"].values():
        for name, option in entry.get("options", {}).items():
            assert found.setdefault(name, option).get("default") == option.get("default"), name
    return found


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_defaults_are_those_of_the_argument_specs(role: Path) -> None:
    documented = {name: option["default"] for name, option in options(role).items() if "default" in option}
    assert read(role / "defaults" / "main.yml") == documented


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_options_carry_the_name_of_the_role_or_of_the_collection(role: Path) -> None:
    stray = [name for name in options(role) if not name.startswith((f"{role.name}_", "mcp_"))]
    assert not stray


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_the_readme_names_every_option(role: Path) -> None:
    readme = (role / "README.md").read_text(encoding="utf-8")
    assert not [name for name in options(role) if f"`{name}`" not in readme]


def test_what_is_rendered_depends_on_the_same_variables_in_every_way_to_run() -> None:
    tasks = next(role for role in ROLES if role.name == "mcpserver") / "tasks"
    given = {}
    for name, module in (("apply", "apply"), ("observe", "observe"), ("reconcile", "reconcile")):
        found = yaml.safe_load((tasks / f"{name}.yml").read_text(encoding="utf-8"))
        [options] = [task[key] for task in found if (key := f"mcp.kubernetes.mcpserver_{module}") in task]
        given[name] = {key: options.get(key) for key in ("default_resources", "bridge_images")}
    assert given["apply"] == given["observe"] == given["reconcile"]
    assert all(given["apply"].values())


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_all_entry_points_have_an_argument_spec(role: Path) -> None:
    """Task files that no other file of the role includes are entry points."""
    tasks = {path.stem: path.read_text(encoding="utf-8") for path in (role / "tasks").glob("*.yml")}
    included = {one for text in tasks.values() for one in re.findall(r"(?:import|include)_tasks: (\w+)\.yml", text)}
    assert set(read(role / "meta" / "argument_specs.yml")["argument_specs"]) == set(tasks) - included
