# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The playbook deploy without the operator, and clients through a real Gateway."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from oracle import clients

from support import cluster, gateway
from support.deployed import servers_in
from support.playbooks import Playbooks, Run

# Builds Contour and downloads Envoy on first use.
pytestmark = pytest.mark.test_all

HOST = "deployed.example.com"
SPEC = {
    "image": "localhost/mcp-servers/go-sdk:1.8.0",
    "environment": [{"name": "PORT", "value": "3001"}],
    "transport": {"type": "http", "config": {"http": {"port": 3001}}},
    "expose": {"parentRefs": [gateway.PARENT], "hostnames": [HOST], "integrations": ["kagent"]},
}


@pytest.fixture(scope="module")
def url(client: Client, images: None) -> Iterator[str]:
    with gateway.served(client) as found:
        yield found


@pytest.fixture(scope="module")
def namespace(client: Client) -> Iterator[str]:
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as name:
        yield name


def test_the_route_comes_with_the_validation_and_a_second_run_changes_nothing(
    url: str, namespace: str, client: Client, playbooks: Playbooks, tmp_path
) -> None:
    head = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": {"name": "clock"}}
    (tmp_path / "clock.yaml").write_text(yaml.safe_dump({**head, "spec": SPEC}), encoding="utf-8")
    route = f"{gateway.API}/namespaces/{namespace}/httproutes/clock"

    def deploy(*options: str) -> Run:
        run = playbooks.run("deploy", *options, mcp_manifests=str(tmp_path), mcp_namespace=namespace)
        assert run.code == 0, run.output + cluster.describe(client, namespace)
        return run

    assert "HTTPRoute" not in deploy("--check", "--diff").output
    assert cluster.found(client, route) is None
    deploy()
    [rule] = (cluster.found(client, route) or {})["spec"]["rules"]
    assert rule["timeouts"] == {"request": "0s"}
    service = cluster.found(client, f"/api/v1/namespaces/{namespace}/services/clock") or {}
    assert service["metadata"]["annotations"]["kagent.dev/mcp-service-protocol"] == "STREAMABLE_HTTP"
    assert servers_in(client, namespace)["clock"]["status"]["exposure"]["serverPath"] == "/mcp"
    [official] = [one for one in clients.catalogue() if one.name == "python-1"]
    target = {"url": f"{url}/mcp", "transport": "streamable-http", "headers": {"Host": HOST}}
    answer = cluster.until("clients reach it", lambda: _described(official, target), 60)
    assert "now" in answer["tools"]

    assert deploy().changed == 0
    assert deploy("--check", "--diff").changed == 0
    client.request("DELETE", route, what="delete the route")
    run = deploy("--check", "--diff")
    assert "HTTPRoute" in run.output
    assert run.changed > 0
    assert cluster.found(client, route) is None
    assert deploy().changed > 0
    assert cluster.found(client, route) is not None


def _described(official: clients.Client, target: dict[str, Any]) -> dict[str, Any] | None:
    """Return what the official client sees, None while the Gateway has not read the route."""
    [answer] = official.describe_targets([target])
    return None if "error" in answer else answer
