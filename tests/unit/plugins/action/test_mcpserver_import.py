# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The module mcpserver_import returns what the command prints."""

from __future__ import annotations

import json

from ansible_collections.mcp.kubernetes.plugins.action.mcpserver_import import ActionModule
from mcp_operator.cli.main import main

PACKAGE = {"registryType": "npm", "identifier": "weather", "version": "1.2.3", "transport": {"type": "stdio"}}
VARIABLE = {"name": "API_KEY", "isSecret": True, "isRequired": True}


def test_the_text_is_that_of_the_command(tmp_path, capsys):
    file = tmp_path / "server.json"
    packages = [{**PACKAGE, "environmentVariables": [VARIABLE]}]
    file.write_text(json.dumps({"name": "com.example/weather", "packages": packages}), encoding="utf-8")
    action = ActionModule.__new__(ActionModule)
    defaults = {name: spec.get("default") for name, spec in ActionModule.OPTIONS.items()}
    result = action.act({**defaults, "source": str(file)})
    assert main(["import", str(file)]) == 1
    assert result.pop("text") == capsys.readouterr().out
    assert result.pop("servers")[0]["metadata"] == {"name": "weather"}
    missing = ["The key API_KEY of the Secret weather."]
    assert result == {"changed": False, "targets": [], "missing": missing, "dropped": [], "notes": []}
