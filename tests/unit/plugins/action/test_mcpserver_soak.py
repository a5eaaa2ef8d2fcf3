# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the module mcpserver_soak displays."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible_collections.mcp.kubernetes.plugins.action import mcpserver_soak


@pytest.mark.parametrize(("names", "shown"), [(["a"], "one MCPServer"), (["a", "b"], "2 MCPServers")])
def test_it_counts_what_it_watches(monkeypatch, names, shown):
    lines = []
    monkeypatch.setattr(mcpserver_soak.display, "display", lines.append)
    monkeypatch.setattr(mcpserver_soak, "run_per_cluster", lambda _options, targets, _work: dict(targets))
    action = mcpserver_soak.ActionModule.__new__(mcpserver_soak.ActionModule)
    action._task = SimpleNamespace(check_mode=False)
    servers = {name: {"server": {"metadata": {"name": name, "namespace": "team", "generation": 1}}} for name in names}
    assert set(action.act({"servers": servers, "seconds": 60.0})["hosts"]) == set(names)
    assert lines == [f"  Watching {shown} for 60 s"]
