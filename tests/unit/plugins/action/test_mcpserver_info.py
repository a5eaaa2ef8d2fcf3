# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The module mcpserver_info: which MCPServers it lists, and their summary."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.action import mcpserver_info
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound


def server(name, **status):
    meta = {"name": name, "namespace": "team", "generation": 1, "managedFields": [1]}
    return {"metadata": meta, "spec": {}, "status": {"observedGeneration": 1, **status}}


@pytest.fixture
def run(monkeypatch):
    def start(found, **given):
        asked = []

        class Client:
            def list(self, *place, **selectors):
                asked.append((place[2], selectors))
                if found is None:
                    raise ApiNotFound("no such path")
                yield from found

            def request(self, *_words, **_keywords):
                """Read the namespace, which exists."""
                return {}

        action = mcpserver_info.ActionModule.__new__(mcpserver_info.ActionModule)
        monkeypatch.setattr(action, "client", lambda _options: Client())
        defaults = {name: spec.get("default") for name, spec in mcpserver_info.ActionModule.OPTIONS.items()}
        return action.act({**defaults, **given}), asked

    return start


def test_all_are_listed_by_name_with_a_summary(run):
    ready = [{"type": "Ready", "status": "True"}]
    validation = {"state": "Validated", "endpoint": "http://a", "capabilities": ["tools"], "protocol": "sse"}
    good = server("a", phase="Running", conditions=ready, validation=validation, replicas=1, readyReplicas=1)
    result, asked = run([server("b", message="It has\x1b no Pod."), good])
    assert asked == [(None, {})]
    assert (result["changed"], result["exists"]) == (False, True)
    assert [one["metadata"]["name"] for one in result["mcpservers"]] == ["a", "b"]
    assert "managedFields" not in result["mcpservers"][0]["metadata"]
    first, second = result["summary"]
    assert first == {
        "namespace": "team",
        "name": "a",
        "phase": "Running",
        "message": "",
        "replicas": 1,
        "ready_replicas": 1,
        "validation": "Validated",
        "protocol": "sse",
        "protocol_version": "",
        "capabilities": ["tools"],
        "endpoint": "http://a",
        "validated": True,
        "reachable": True,
        "healthy": True,
    }
    assert (second["phase"], second["validation"], second["healthy"]) == ("Pending", "Pending", False)
    assert "\x1b" not in second["message"]


def test_selectors_are_those_of_the_api_server(run):
    result, asked = run(
        [], name="a", namespace="team", label_selectors=["x=1", "y"], field_selectors=["metadata.namespace=team"]
    )
    assert asked == [
        ("team", {"labelSelector": "x=1,y", "fieldSelector": "metadata.namespace=team,metadata.name=a"}),
    ]
    assert (result["exists"], result["mcpservers"], result["summary"]) == (False, [], [])


def test_a_cluster_without_the_kind_is_an_error(run):
    with pytest.raises(ApiNotFound, match="CustomResourceDefinition"):
        run(None)
