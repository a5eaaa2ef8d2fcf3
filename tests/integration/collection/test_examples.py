# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The EXAMPLES of every module parse as playbook tasks and name existing options."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

PREFIX = "mcp.kubernetes."
MODULES = sorted(
    path.stem
    for path in (Path(__file__).resolve().parents[3] / "plugins" / "modules").glob("*.py")
    if path.stem != "__init__"
)


@cache
def documentation() -> dict[str, Any]:
    """Return what ansible-doc says of every module, its documentation fragments included."""
    program = str(Path(sys.executable).with_name("ansible-doc"))
    command = [program, "--json", "--type", "module", *(PREFIX + name for name in MODULES)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert isinstance(found, dict)
    return found


def tasks(module: str) -> list[dict[str, Any]]:
    """Return the tasks of a module's EXAMPLES, those of plays included."""
    found: list[dict[str, Any]] = []
    for entry in yaml.safe_load(documentation()[PREFIX + module]["examples"]):
        found += entry.get("tasks", []) if "hosts" in entry else [entry]
    return found


def page_tasks() -> list[dict[str, Any]]:
    """Return the tasks of the page about own playbooks."""
    root = Path(__file__).resolve().parents[3]
    page = (root / "docs" / "how-to" / "own-playbooks.md").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = []
    for block in re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        for entry in yaml.safe_load(block):
            found += entry.get("tasks", []) if "hosts" in entry else [entry]
    return found


def check_options(given: dict[str, Any], options: dict[str, Any], path: str) -> None:
    """Check the names of options, and those of suboptions."""
    names = set(options) | {alias for option in options.values() for alias in option.get("aliases", [])}
    assert set(given) <= names, path
    missing = [name for name, option in options.items() if option.get("required") and name not in given]
    assert not missing, path
    for name, value in given.items():
        inner = options.get(name, {}).get("suboptions")
        for part in value if isinstance(value, list) else [value]:
            if inner and isinstance(part, dict):
                check_options(part, inner, f"{path}.{name}")


@pytest.mark.parametrize("module", MODULES)
def test_examples_name_existing_options(module: str) -> None:
    shown = 0
    for task in tasks(module):
        for name in (key for key in task if key.startswith(PREFIX)):
            check_options(task[name], documentation()[name]["doc"]["options"], f"{module}: {task['name']}")
            shown += name == PREFIX + module
    assert shown


def test_the_page_about_own_playbooks_names_existing_options() -> None:
    shown = [(name, task) for task in page_tasks() for name in task if name.startswith(PREFIX)]
    assert len(shown) == 3
    for name, task in shown:
        check_options(task[name], documentation()[name]["doc"]["options"], str(task["name"]))


@pytest.mark.parametrize("module", MODULES)
def test_examples_run_outside_a_role(module: str) -> None:
    assert "role_path" not in documentation()[PREFIX + module]["examples"]


def test_ansible_parses_all_examples_as_tasks(tmp_path: Path) -> None:
    playbook = tmp_path / "playbook.yml"
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [*(task for name in MODULES for task in tasks(name)), *page_tasks()],
    }
    playbook.write_text(yaml.safe_dump([play]), encoding="utf-8")
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    done = subprocess.run([program, "--syntax-check", playbook], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
