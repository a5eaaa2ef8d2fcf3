# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import json

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.mcp.kubernetes.plugins.filter.mcp_client_config import FilterModule

config = FilterModule().filters()["mcp_client_config"]
SERVER = {
    "metadata": {"name": "weather", "namespace": "team"},
    "spec": {"image": "a:1"},
    "status": {"validation": {"state": "Validated", "endpoint": "http://weather.team.svc:8080/mcp"}},
}


def test_the_content_is_that_of_the_client():
    expected = {"mcpServers": {"weather": {"type": "http", "url": "http://weather.team.svc:8080/mcp"}}}
    assert json.loads(config([SERVER], "claude-code")) == expected


@pytest.mark.parametrize(("status", "host"), [("True", "weather.example.com"), ("False", "weather.team.svc:8080")])
def test_a_gateway_through_which_clients_do_not_reach_the_server_is_not_used(status, host):
    reachable = {"type": "Reachable", "status": status, "reason": "NotProgrammed", "message": "No address."}
    exposed = {**SERVER["status"], "address": {"url": "http://weather.example.com/mcp"}, "conditions": [reachable]}
    found = json.loads(config([{**SERVER, "status": exposed}], "cursor"))
    assert found["mcpServers"]["weather"]["url"] == f"http://{host}/mcp"


@pytest.mark.parametrize(
    ("servers", "options", "seen"),
    [
        ([SERVER], {"client": "emacs"}, "'emacs' is unknown"),
        ([SERVER], {"client": "cursor", "via": "port-forward"}, "via is 'port-forward'"),
        ([SERVER], {"client": "cursor", "via": "gateway"}, r"Set spec\.expose"),
        ([{**SERVER, "status": None}], {"client": "cursor"}, "was not validated"),
        ({"resources": []}, {"client": "cursor"}, "not a list of MCPServers"),
        ([{}], {"client": "cursor"}, "not a list of MCPServers"),
    ],
)
def test_what_cannot_be_said_is_an_error(servers, options, seen):
    with pytest.raises(AnsibleFilterError, match=seen):
        config(servers, **options)
