# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the module mcpserver_find selects."""

from __future__ import annotations

import types
from pathlib import Path

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.mcp.kubernetes.plugins.action import mcpserver_find
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._server_hosts import Found, NothingSelected

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


def test_what_is_missing_is_installed_after_the_check_of_the_variables(monkeypatch):
    made = []
    found = Found()
    for name, namespace in (("a", "one"), ("b", "one"), ("c", "two")):
        found.add({"metadata": {"name": name, "namespace": namespace}})
    found.warnings.append("second")
    monkeypatch.setattr(mcpserver_find, "check_task", lambda playbook, *_more: made.append(playbook) or ["first"])
    monkeypatch.setattr(mcpserver_find, "install_crd", lambda *_given, dry_run: made.append(("crd", dry_run)))
    monkeypatch.setattr(
        mcpserver_find, "create_namespace", lambda _client, name, _result, dry_run: made.append((name, dry_run))
    )
    action = mcpserver_find.ActionModule.__new__(mcpserver_find.ActionModule)
    action._task = types.SimpleNamespace(check_mode=True)
    action._loader, action._variables = None, {}
    action._templar = types.SimpleNamespace(template=None)
    monkeypatch.setattr(action, "client", lambda _options: None)
    monkeypatch.setattr(action, "_find", lambda _options: found)
    result = action.act({"playbook": "deploy", "install_crd": True, "create_namespaces": True})
    assert made == ["deploy", ("crd", True), ("one", True), ("two", True)]
    assert (result["changed"], result["warnings"]) == (False, ["first", "second"])
    made.clear()
    action.act({"playbook": None, "install_crd": False, "create_namespaces": False})
    assert made == []
