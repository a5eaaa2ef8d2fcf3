# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The names of servers that the playbook pin passes on, of which one variable also has manifests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

PLAYBOOK = Path(__file__).resolve().parents[3] / "playbooks" / "pin.yml"
MANIFEST = {"kind": "MCPServer", "metadata": {"name": "wiki"}}


def names(**variables: Any) -> Any:
    """Return what the task that compares the offers gets."""
    [play] = yaml.safe_load(PLAYBOOK.read_text(encoding="utf-8"))
    [task] = [task for task in play["tasks"] if "mcp.kubernetes.mcp_pin" in task]
    own = {name: trust_as_template(text) for name, text in task.get("vars", {}).items()}
    templar = Templar(DataLoader(), {**variables, **own})
    return templar.template(trust_as_template(task["mcp.kubernetes.mcp_pin"]["servers"]))


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, []),
        ({"mcp_names": ["a"]}, ["a"]),
        ({"mcp_servers": ["a", "b/c"]}, ["a", "b/c"]),
        ({"mcp_servers": "a,b/c"}, "a,b/c"),
        ({"mcp_servers": [MANIFEST]}, []),
        ({"mcp_servers": [MANIFEST, "a"]}, ["a"]),
        # An error of the module: without names, it would pin all servers.
        ({"mcp_names": [MANIFEST]}, [MANIFEST]),
        ({"mcp_names": "a", "mcp_servers": [MANIFEST]}, "a"),
    ],
)
def test_manifests_of_other_playbooks_are_no_names(variables: dict[str, Any], expected: Any) -> None:
    assert names(**variables) == expected
