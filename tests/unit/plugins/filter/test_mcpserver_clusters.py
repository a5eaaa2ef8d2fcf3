# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from ansible_collections.mcp.kubernetes.plugins.filter.mcpserver_clusters import FilterModule

mcpserver_clusters = FilterModule().filters()["mcpserver_clusters"]


def test_clusters_have_their_connection_and_all_overlays_in_order():
    host = {
        "inventory_hostname": "eu-1",
        "mcp_context": "prod-eu",
        "mcp_overlays_site": {"wiki": {"spec": {"replicas": 3}}},
        "mcp_overlays": {"wiki": {"spec": {"replicas": 2}}},
        "mcp_overlays_empty": {},
        "mcp_overlayed": {"wiki": {}},
    }
    assert mcpserver_clusters([host, {"inventory_hostname": "bare"}]) == {
        "eu-1": {
            "kubeconfig": "",
            "context": "prod-eu",
            "api_server": "",
            "overlays": [{"wiki": {"spec": {"replicas": 2}}}, {"wiki": {"spec": {"replicas": 3}}}],
        },
        "bare": {"kubeconfig": "", "context": "", "api_server": "", "overlays": []},
    }
