# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Network policies of MCPServers by the values of the chart."""

from __future__ import annotations

import json

from support.chart_objects import manager, names, one


def test_isolation_by_default_takes_the_right_to_read_namespaces(helm) -> None:
    reader = "mcp-operator-namespace-reader"
    usual = helm.template()
    assert reader not in names(usual, "ClusterRole")
    assert {"name": "MCP_OPERATOR_NETWORK_DEFAULT", "value": ""} in manager(usual)["env"]
    peers = [{"namespaceSelector": {"matchLabels": {"team": "edge"}}}]
    objects = helm.template({"network": {"default": "isolated", "gatewayPeers": peers, "dnsPorts": [5353]}})
    assert one(objects, "ClusterRole", reader)["rules"][0]["verbs"] == ["get", "list", "watch"]
    assert reader in names(objects, "ClusterRoleBinding")
    env = {variable["name"]: variable["value"] for variable in manager(objects)["env"]}
    assert env["MCP_OPERATOR_NETWORK_DEFAULT"] == "isolated"
    settings = json.loads(env["MCP_OPERATOR_NETWORK_SETTINGS"])
    assert settings == {"gateway_peers": peers, "dns_ports": [5353]}
