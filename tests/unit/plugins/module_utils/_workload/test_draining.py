# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How a terminating Pod serves on."""

from __future__ import annotations

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import draining, server

IMAGES = {"inject": "sidecar:1", "package": "runtimes:1"}
STDIO = {"transport": {"type": "stdio"}, "command": ["server"]}


def mcpserver(**spec):
    meta = {"name": "wiki", "namespace": "team", "uid": "u-1", "generation": 1}
    return {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": meta, "spec": spec}


def test_draining_comes_out_of_the_time_to_end():
    spec = {"strategy": {"drainSeconds": 10}}
    assert draining.lifecycle(spec) == {"preStop": {"sleep": {"seconds": 10}}}
    assert draining.grace_seconds(spec, None) == 40
    assert draining.grace_seconds(spec, {"terminationGracePeriodSeconds": 90}) == 100
    assert draining.lifecycle({"strategy": {"drainSeconds": 0}}) == {}


def test_sessions_are_waited_for_through_the_sidecar():
    found = server.template_context(mcpserver(image="wiki:1", strategy={"drainSessions": True}), None, IMAGES)
    assert found["container"]["optional"]["lifecycle"] == {"preStop": {"httpGet": {"path": "/drained", "port": 9090}}}
    assert found["pod"]["optional"]["terminationGracePeriodSeconds"] == 330
    (proxy,) = found["init_containers"]
    assert {"--metrics-listen=:9090", "--drain-sessions=300s"} <= set(proxy["args"])
    # The wait is the server's, which must not end before. The sidecar ends after it.
    assert "lifecycle" not in proxy


def test_a_bridge_waits_for_its_own_sessions():
    spec = {**STDIO, "strategy": {"drainSessions": True, "drainSeconds": 60}, "metrics": {"port": 9100}}
    found = server.template_context(mcpserver(**spec), None, IMAGES)
    container = found["container"]
    assert container["optional"]["lifecycle"] == {"preStop": {"httpGet": {"path": "/drained", "port": 9100}}}
    assert {"--metrics-listen=:9100", "--drain-sessions=60s"} <= set(container["optional"]["args"])
    assert found["pod"]["optional"]["terminationGracePeriodSeconds"] == 90
    assert found["service"]["ports"] == [{"name": "http", "port": 8080, "targetPort": 8080, "protocol": "TCP"}]


def test_only_the_manifest_brings_a_sidecar():
    found = server.template_context(mcpserver(image="wiki:1", strategy={"drainSessions": False}), None, IMAGES)
    assert found["init_containers"] == []
    assert found["container"]["optional"]["lifecycle"] == {"preStop": {"sleep": {"seconds": 3}}}
