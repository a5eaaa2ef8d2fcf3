# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Every command block of the README is what it claims to be.

Each block has exactly one reader below, chosen by its language and first word: a new block without a reader fails.
tests/integration/collection/test_install_block.py runs the install block as printed, and test_readme_playbooks.py in
that folder lets Ansible parse the playbooks.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.readme import BLOCKS, COMMANDS, INLINE, ROOT
from support.yaml_files import load_yaml


@cache
def crd() -> dict[str, Any]:
    found = load_yaml(ROOT / "crds" / "mcpservers.mcp.mcp-operator.io.yaml")["spec"]
    assert isinstance(found, dict)
    return found


def version() -> dict[str, Any]:
    [found] = crd()["versions"]
    assert isinstance(found, dict)
    return found


def schema(part: str) -> dict[str, Any]:
    found = version()["schema"]["openAPIV3Schema"]["properties"][part]
    assert isinstance(found, dict)
    return found


def check(value: Any, field: dict[str, Any], path: str = "") -> None:
    """Check a value against the types, properties and enumerations of a structural schema."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    assert isinstance(value, kinds[field["type"]]), path
    assert value in field.get("enum", [value]), path
    if isinstance(value, dict):
        unknown = set(value) - set(field.get("properties", {}))
        assert not unknown, f"{path}: {unknown}"
        for name, part in value.items():
            check(part, field["properties"][name], f"{path}.{name}")
    if isinstance(value, list):
        for part in value:
            check(part, field["items"], f"{path}[]")


def make(words: list[str]) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(words) <= set(targets)


def ansible_galaxy(words: list[str]) -> None:
    assert words[:2] == ["collection", "install"]
    (where,) = re.findall(r"collection build .*--output-path (\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert Path(words[2]).parent == Path(where), "`make build` does not write there"


def pip(words: list[str]) -> None:
    """Check that these are the packages that the collection itself asks for."""
    lines = (ROOT / "meta" / "ee-requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    assert words[0] == "install"
    assert all(any(line.startswith(word) for line in wanted) for word in words[1:])
    assert len(words[1:]) == len(wanted)


def ansible_playbook(words: list[str]) -> None:
    """Check that the playbook is there, and that its head explains the variables."""
    head = (ROOT / "playbooks" / f"{words[0].rpartition('.')[2]}.yml").read_text(encoding="utf-8").partition("\n- ")[0]
    variables = [word.partition("=")[0] for word in words if word.startswith("mcp_")]
    assert all(re.search(rf"\b{name}\b", head) for name in variables)


def kubectl(words: list[str]) -> None:
    """Check that each path of a jsonpath is a field of the CustomResourceDefinition."""
    assert words[:2] == ["get", crd()["names"]["singular"]]
    for path in re.findall(r"\{\.([\w.]+)\}", " ".join(words)):
        field: dict[str, Any] = version()["schema"]["openAPIV3Schema"]
        for name in path.split("."):
            field = field["properties"][name]


READERS: dict[str, Callable[[list[str]], None]] = {
    "make": make,
    "ansible-galaxy": ansible_galaxy,
    "pip": pip,
    "ansible-playbook": ansible_playbook,
    "kubectl": kubectl,
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_be_run_as_printed(command: str) -> None:
    program, *words = shlex.split(command)
    READERS[program](words)


@pytest.mark.parametrize("command", INLINE)
def test_every_playbook_in_the_text_can_be_run_as_printed(command: str) -> None:
    ansible_playbook(shlex.split(command)[1:])


def test_every_other_block_is_a_manifest_a_status_or_the_table() -> None:
    bodies = {language: body for language, body in BLOCKS if language != "shell"}
    assert sorted(language for language, _ in BLOCKS if language != "shell") == ["json", "mermaid", "text", "yaml"]
    assert bodies["mermaid"].startswith("flowchart")

    manifest = yaml.safe_load(bodies["yaml"])
    assert manifest["kind"] == "MCPServer"
    check(manifest["spec"], schema("spec"), "spec")

    check(json.loads(bodies["json"]), schema("status")["properties"]["validation"], "status.validation")

    columns = [column["name"].upper() for column in version()["additionalPrinterColumns"] if not column.get("priority")]
    assert bodies["text"].splitlines()[0].split() == ["NAME", *columns]
