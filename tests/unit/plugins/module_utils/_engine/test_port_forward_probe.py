# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine import port_forward_probe as module
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_access import ProbeAccess

SERVER = {
    "apiVersion": "mcp.mcp-operator.io/v1",
    "kind": "MCPServer",
    "metadata": {"name": "wiki", "namespace": "team", "uid": "u-1"},
    "spec": {"image": "wiki:1", "transport": {"config": {"http": {"port": 3001}}}},
}
READY = {"type": "Ready", "status": "True"}


@pytest.fixture
def probed(monkeypatch):
    """Record the probe instead of making it."""
    specs, tokens = [], []
    monkeypatch.setattr(
        module, "read_access", lambda _client, server: ProbeAccess("v", lambda: server["spec"]["image"])
    )

    def probe(host, spec, _timeouts, *, access, dial, on_item):
        specs.append((host, spec))
        tokens.append(access.token())
        return {"compliant": True, "reached": True, "issues": []}

    monkeypatch.setattr(module, "PodDialer", lambda *_: SimpleNamespace(refused=False, close=lambda: None))
    monkeypatch.setattr(module, "probe_pod", probe)
    yield specs
    assert set(tokens) == {"wiki:1"}  # of this server


def probe(*conditions):
    pod = {"metadata": {"name": "wiki-0", "namespace": "team"}, "status": {"conditions": list(conditions)}}
    return module.probe_by_port_forward(SimpleNamespace(configuration=None), SERVER, pod, 5.0)


def test_a_port_forward_ends_on_the_loopback_interface_where_servers_expect_localhost(probed):
    assert probe(READY)["compliant"]
    [(host, spec)] = probed
    assert (host, spec.authority, spec.port) == ("localhost", "localhost:3001", 3001)


def test_a_server_that_only_a_port_forward_reaches_fails(probed):
    report = probe()
    assert not report["compliant"]
    assert [issue["code"] for issue in report["issues"]] == ["LOOPBACK_ONLY"]
