# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Playbooks: their variables are those of playbooks/meta, from which pages and comments are generated."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

PLAYBOOKS = Path(__file__).resolve().parents[3] / "playbooks"
# Started by operators only, which pass no variables.
OF_OPERATORS = {"finalize", "reconcile"}
NAMES = sorted(path.stem for path in PLAYBOOKS.glob("*.yml") if path.stem not in OF_OPERATORS)
TOOL = runpy.run_path(str(PLAYBOOKS.parent / "tests" / "tools" / "playbook_pages.py"))
# Groups to which playbooks add hosts.
GROUPS = {"mcp_chosen", "mcp_compared", "mcp_reported", "mcp_rollout", "mcp_taken_over"}
# Of hosts; playbooks read them through plugins.
OF_HOSTS = {"mcp_api_server", "mcp_context", "mcp_kubeconfig", "mcp_overlays", "mcp_overlays_*"}
# Of the role mcpserver, which a playbook sets by leaving out a part of it.
PARTS = {"mcpserver_apply", "mcpserver_batch", "mcpserver_observe", "mcpserver_state"}
SETS = re.compile(r"^ +(mcpserver|operator)_(\w+): \"\{\{ (_*mcp_\w+)", re.MULTILINE)
INCLUDED = re.compile(r"(?:tasks/)?(\w+\.yml)$", re.MULTILINE)


def code(name: str) -> str:
    """Return a playbook with the task files that it includes, without comments."""
    pending, seen = [PLAYBOOKS / f"{name}.yml"], set()
    text = ""
    while pending:
        path = pending.pop()
        if path in seen:
            continue
        seen.add(path)
        found = "".join(
            line + "\n" for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")
        )
        text += found
        pending += [PLAYBOOKS / "tasks" / one for one in INCLUDED.findall(found)]
    return text


def test_every_playbook_has_its_variables_as_data() -> None:
    assert sorted(TOOL["specs"]()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_variables_are_those_that_the_playbook_uses(name: str) -> None:
    # Messages name variables of other playbooks with -e.
    used = set(re.findall(r"(?<![\w.])(?<!-e )(?<!-e ')mcp_[a-z_]+", code(name))) - GROUPS
    options = TOOL["specs"]()[name]["options"]
    known = {alias for option in options.values() for alias in option.get("aliases", [])} | set(options)
    assert used - known == set()
    assert known - used - OF_HOSTS == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_playbook_begins_with_the_check_of_its_variables(name: str) -> None:
    first = re.search(r"^  (?:pre_)?tasks:\n    - name: .+\n      (.+)\n        (.+)\n", code(name), re.MULTILINE)
    assert first is not None
    assert first[1] in ("mcp.kubernetes.mcp_variables:", "mcp.kubernetes.mcpserver_find:")
    assert first[2] == f"playbook: {name}"


def test_the_page_and_the_comments_are_those_of_the_data() -> None:
    wrong = [path.name for path, text in TOOL["pages"]().items() if path.read_text(encoding="utf-8") != text]
    assert not wrong, "run make reference"


def fields() -> list[tuple[str, str, dict]]:
    """Return playbook, name and description of all variables."""
    return [
        (playbook, name, field) for playbook, spec in TOOL["specs"]().items() for name, field in spec["options"].items()
    ]


def test_a_variable_has_one_type_in_all_playbooks() -> None:
    kinds: dict[str, set] = {}
    for _playbook, name, field in fields():
        kind = {"int": "float"}.get(field["type"], field["type"])
        kinds.setdefault(name, set()).add((kind, field.get("elements"), tuple(field.get("choices", []))))
    assert [name for name, found in kinds.items() if len(found) > 1] == []


def test_no_variable_is_another_ones_wrong_spelling() -> None:
    """A name of one playbook is only a warning in another, which must reject it if the user meant a similar one."""
    spelled: dict[str, set] = {}
    for _playbook, name, _field in fields():
        spelled.setdefault(name.replace("_", "").rstrip("s"), set()).add(name)
    assert [found for found in spelled.values() if len(found) > 1] == []


def test_an_earlier_name_is_no_current_name_of_the_playbook() -> None:
    for playbook, spec in TOOL["specs"]().items():
        earlier = [alias for field in spec["options"].values() for alias in field.get("aliases", [])]
        assert len(set(earlier)) == len(earlier), playbook
        assert set(earlier).isdisjoint(spec["options"]), playbook


@pytest.mark.parametrize("name", NAMES)
def test_a_list_as_text_may_have_spaces_and_may_be_empty(name: str) -> None:
    """The survey of a controller sets variables that are not answered to an empty text."""
    rests = re.findall(r"\.split\(','\)(.*)", code(name))
    assert all(rest.startswith(" | map('trim') | select | list") for rest in rests)


@pytest.mark.parametrize("name", NAMES)
def test_a_variable_for_a_role_has_the_name_of_its_option(name: str) -> None:
    for role, option, variable in SETS.findall(code(name)):
        if variable.startswith("__") or f"{role}_{option}" in PARTS:
            continue
        expected = {f"mcp_{option}"} if role == "mcpserver" else {f"mcp_operator_{option}", f"mcp_{option}"}
        assert variable in expected, f"{role}_{option}"


@pytest.mark.parametrize("name", NAMES)
def test_an_earlier_name_counts_wherever_the_current_one_does(name: str) -> None:
    text = code(name)
    for option, field in TOOL["specs"]()[name]["options"].items():
        for alias in field.get("aliases", []):
            uses = re.findall(rf"(?<![\w.]){option}\b(?! is (?:not )?defined)(.*)", text)
            assert uses, option
            assert all(rest.startswith(f" | default({alias})") for rest in uses), option
