# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``spec.metrics`` with real Pods: clients and validation go through the sidecar, which counts their calls."""

from __future__ import annotations

import pytest
import requests
import yaml
from oracle import clients

from support import cluster
from support.deployed import deploy, ready_pod
from support.forward import forward

CLOCK = {"image": "localhost/mcp-servers/go-stdio:1.8.0", "command": ["/server", "--transport", "stdio"]}
SERVERS = {
    # Sample 04 of the reference operator, with a server that this cluster has.
    "wiki": {
        "image": "localhost/mcp-servers/go-sdk:1.8.0",
        "environment": [{"name": "PORT", "value": "3001"}],
        "transport": {"type": "http", "config": {"http": {"port": 3001}}},
        "metrics": {"enabled": True},
    },
    "clock": {**CLOCK, "transport": {"type": "stdio"}, "metrics": {"enabled": True, "names": "otel"}},
}


@pytest.fixture(scope="module")
def fleet(playbooks, client, tmp_path_factory):
    cluster.load_images("mcp-stdio-bridge", "go-sdk", "go-stdio")
    folder = tmp_path_factory.mktemp("metrics")
    for name, spec in SERVERS.items():
        head = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": {"name": name}}
        (folder / f"{name}.yaml").write_text(yaml.safe_dump({**head, "spec": spec}), encoding="utf-8")
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as namespace:
        yield deploy(playbooks, client, namespace, folder, mcp_wait_timeout=150)


def get(client, namespace, pod, path):
    with forward(client, namespace, pod["metadata"]["name"], 9090) as address:
        answer = requests.get(f"http://{address}/{path}", timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.text


def call(client, namespace, pod):
    """Call the tool of the clock with the official client of Python, through the port that clients use."""
    [official] = [found for found in clients.catalogue() if found.name == "python-1"]
    with forward(client, namespace, pod["metadata"]["name"], 8080) as address:
        target = {"url": f"http://{address}/mcp", "transport": "streamable-http"}
        [answer] = official.describe_targets([{**target, "call": {"name": "now", "arguments": {"zone": "UTC"}}}])
    assert "error" not in answer, answer
    return answer


def test_servers_are_validated_through_the_sidecar(fleet):
    assert fleet.run.code == 0
    for name, server in fleet.servers.items():
        status = server["status"]
        assert (status["phase"], status["validation"]["state"]) == ("Running", "Validated"), name
        assert status["serviceEndpoint"] == f"{name}.{fleet.namespace}.svc:8080"


def test_an_http_server_has_a_sidecar_that_is_ready_and_a_stdio_server_has_none(fleet, client):
    pod = ready_pod(client, fleet.namespace, "wiki")
    [sidecar] = pod["status"]["initContainerStatuses"]
    assert (sidecar["name"], sidecar["ready"], sidecar["restartCount"]) == ("mcp-proxy", True, 0)
    service = client.get("v1", "Service", fleet.namespace, "wiki")
    assert [(port["name"], port["port"]) for port in service["spec"]["ports"]] == [("http", 8080), ("metrics", 9090)]
    clock = ready_pod(client, fleet.namespace, "clock")
    assert [found["name"] for found in clock["spec"]["initContainers"]] == ["mcp-stdio-bridge"]


def test_calls_of_the_official_client_are_counted_under_the_names_of_the_reference_operator(fleet, client):
    pod = ready_pod(client, fleet.namespace, "wiki")
    assert "now" in call(client, fleet.namespace, pod)["tools"]
    lines = get(client, fleet.namespace, pod, "metrics").splitlines()
    [calls] = [line for line in lines if line.startswith("mcp_tool_calls_total{") and 'tool_name="now"' in line]
    assert float(calls.rsplit(" ", 1)[1]) >= 1
    assert any(line.startswith("mcp_requests_total{") and 'method="tools/call"' in line for line in lines)


def test_calls_of_a_stdio_server_are_measured_by_opentelemetrys_names(fleet, client):
    pod = ready_pod(client, fleet.namespace, "clock")
    call(client, fleet.namespace, pod)
    text = get(client, fleet.namespace, pod, "metrics")
    assert "mcp_server_operation_duration_seconds_count{" in text
    assert 'gen_ai_tool_name="now"' in text


@pytest.mark.parametrize("path", ["healthz", "readyz"])
def test_health_checks_are_served_beside_the_metrics(fleet, client, path):
    for name in SERVERS:
        assert get(client, fleet.namespace, ready_pod(client, fleet.namespace, name), path)
