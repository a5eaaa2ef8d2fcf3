# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The MCPServers of inventory hosts."""

from __future__ import annotations

from ansible_collections.mcp.kubernetes.plugins.filter.mcpserver_objects import mcpserver_objects
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._cluster_lister import Cluster, _kept
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._inventory_host import variables

SERVER = {
    "apiVersion": "mcp.mcp-operator.io/v1",
    "kind": "MCPServer",
    "metadata": {"name": "a", "namespace": "team", "uid": "1", "creationTimestamp": "2026-11-22T10:00:00Z"},
    "spec": {"image": "i"},
    "status": {"phase": "Running", "validation": {"state": "Validated"}},
}


def test_a_host_has_what_a_table_shows_of_its_mcpserver():
    [found] = mcpserver_objects([variables(Cluster("eu", "https://eu.example.com"), _kept(SERVER))])
    metadata = {key: value for key, value in SERVER["metadata"].items() if key != "uid"}
    assert found == {**SERVER, "metadata": metadata, "cluster": "eu"}


def test_a_host_of_an_older_inventory_cache_has_no_creation_time():
    kept = {key: value for key, value in _kept(SERVER).items() if key != "created"}
    [found] = mcpserver_objects([variables(Cluster("eu"), kept)])
    assert found["metadata"]["creationTimestamp"] is None


def test_hosts_of_other_inventories_are_skipped():
    assert mcpserver_objects([{"ansible_host": "192.0.2.1"}]) == []
