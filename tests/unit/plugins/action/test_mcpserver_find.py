# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the module mcpserver_find selects."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.mcp.kubernetes.plugins.action import mcpserver_find
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._server_hosts import NothingSelected

PLAYBOOKS = Path(__file__).resolve().parents[4] / "playbooks"


def find(**given):
    action = mcpserver_find.ActionModule.__new__(mcpserver_find.ActionModule)
    options = {name: spec.get("default") for name, spec in mcpserver_find.ActionModule.OPTIONS.items()}
    return action.act({**options, **given})


@pytest.mark.parametrize("names", [[], [""], [" ", ""]])
def test_nothing_is_deleted_without_a_name(names):
    """A survey that is not answered sets an empty text."""
    with pytest.raises(NothingSelected, match="No MCPServer to delete is named"):
        find(purpose="undeploy", names=names)


@pytest.mark.parametrize("playbook", ["deploy", "undeploy", "validate"])
def test_an_empty_pattern_is_not_all_hosts(playbook):
    plays = yaml.safe_load((PLAYBOOKS / f"{playbook}.yml").read_text(encoding="utf-8"))
    [task] = [task for task in plays[0]["tasks"] if "mcp.kubernetes.mcpserver_find" in task]

    def selected(**variables):
        own = {name: trust_as_template(text) for name, text in task["vars"].items()}
        templar = Templar(DataLoader(), {"groups": {}, **variables, **own})
        names = [name for name in ("__mcp_pattern", "__mcp_by_inventory") if name in own]
        return [templar.template(trust_as_template(f"{{{{ {name} }}}}")) for name in names]

    assert selected(mcp_hosts="") == selected()
    assert selected(mcp_hosts="") != selected(mcp_hosts="eu")
