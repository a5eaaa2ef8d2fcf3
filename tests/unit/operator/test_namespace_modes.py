# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from mcp_operator._vendor._workload.network import MODE_LABEL
from mcp_operator.cluster.store import Key, Store
from mcp_operator.mcpserver_hooks import McpServerHooks
from mcp_operator.namespace_modes import NamespaceModes
from mcp_operator.reconcile.run_metrics import RunMetrics
from mcp_operator.watches.definition import Watch
from prometheus_client import CollectorRegistry

SERVERS = Watch(group="mcp.mcp-operator.io", version="v1", kind="MCPServer", role="a.b.c")
HERE, THERE = Key(SERVERS.id, "team", "a"), Key(SERVERS.id, "other", "a")


@pytest.fixture
def store():
    store = Store()
    for key in (HERE, THERE):
        store.put(key, {"metadata": {"name": key.name, "namespace": key.namespace}})
    return store


def put(store, version, **labels):
    meta = {"name": "team", "resourceVersion": version, "labels": labels}
    store.put(Key(NamespaceModes.SOURCE.id, "", "team"), {"metadata": meta})


def test_only_the_servers_of_a_namespace_whose_mode_changes_are_queued(store):
    queued = []
    modes = NamespaceModes(store, "isolated", SERVERS.id)
    modes.start(queued.append)
    put(store, "1", team="a")
    put(store, "2", **{MODE_LABEL: "isolated"})
    assert queued == []
    put(store, "3", **{MODE_LABEL: "open"})
    assert queued == [HERE]
    assert (modes.of("team"), modes.of("other")) == ("open", "isolated")
    store.remove(Key(NamespaceModes.SOURCE.id, "", "team"))
    assert queued == [HERE, HERE]


def test_a_server_that_follows_the_default_depends_on_the_label(store):
    hooks = McpServerHooks(RunMetrics(CollectorRegistry()), None, NamespaceModes(store, "isolated", SERVERS.id))
    found = []
    for version, mode in (("1", "open"), ("2", "isolated")):
        put(store, version, **{MODE_LABEL: mode})
        for network in ({}, {"mode": "open"}):
            item = {"metadata": {"name": "a", "namespace": "team"}, "spec": {"network": network}}
            found.append(hooks.fingerprint_inputs(SERVERS, item))
    assert found == [[None, "open"], None, [None, "isolated"], None]
