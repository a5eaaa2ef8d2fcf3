# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The module mcpserver_table: what it reads, and what it displays."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.action import mcpserver_table
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _table

BROKEN = {
    "metadata": {"name": "a", "namespace": "team", "generation": 1},
    "status": {"observedGeneration": 1, "phase": "Failed", "message": "It is {{ broken }}."},
}


class Api:
    def __init__(self, servers, *, namespace=True):
        self.servers, self.namespace = servers, namespace

    def list(self, _version, _kind, namespace, **_selectors):
        assert namespace in (None, "team")
        return iter(self.servers)

    def request(self, *_words, **_keywords):
        if not self.namespace:
            raise ApiNotFound("no")
        return {"metadata": {"name": "team"}}


@pytest.fixture
def run(monkeypatch):
    def start(api=None, **given):
        lines = []
        monkeypatch.setattr(_table.display, "display", lines.append)
        action = mcpserver_table.ActionModule.__new__(mcpserver_table.ActionModule)
        monkeypatch.setattr(action, "client", lambda _options: api)
        defaults = {name: spec.get("default") for name, spec in mcpserver_table.ActionModule.OPTIONS.items()}
        return action.act({**defaults, **given}), "\n".join(lines)

    return start


def test_given_servers_are_displayed_with_messages_if_wanted(run):
    result, shown = run(servers=[BROKEN])
    assert "Failed" in shown
    assert "It is" not in shown
    assert [one["message"] for one in result["unhealthy"]] == ["It is {{ broken }}."]
    assert "\nteam/a: It is {{ broken }}.\n" in run(servers=[BROKEN], messages=True)[1]


def test_without_servers_those_of_the_cluster_are_read(run):
    result, _shown = run(Api([BROKEN]))
    assert len(result["table"]) == 2
    assert run(Api([]))[1].strip() == "There are no MCPServers."
    assert run(Api([]), namespace="team")[0]["unhealthy"] == []


def test_a_namespace_that_does_not_exist_is_not_shown_as_an_empty_one(run):
    with pytest.raises(ApiNotFound, match="There is no namespace team"):
        run(Api([], namespace=False), namespace="team")
