# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Spans of a server in a Pod arrive at a real OpenTelemetry collector in a Pod."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from oracle import clients

from support import cluster
from support.collector import Collector, configuration, program
from support.deployed import deploy, ready_pod
from support.forward import forward

sys.path.insert(0, str(cluster.ROOT / "tests" / "cluster"))

from mcp_cluster.images.single import write_archive

# Builds the collector on first use.
pytestmark = pytest.mark.test_all

IMAGE = "localhost/opentelemetry-collector:1"
NAME, PORT = "collector", 4318


@pytest.fixture(scope="module")
def namespace_of_collector(client: Client) -> Iterator[str]:
    with cluster.namespace(client) as name:
        yield name


@pytest.fixture(scope="module")
def collector(client: Client, namespace_of_collector: str, tmp_path_factory: pytest.TempPathFactory) -> Collector:
    """Run the collector in a Pod behind a Service."""
    archive = tmp_path_factory.mktemp("collector") / "collector.tar"
    write_archive(Path(program()), archive, IMAGE)
    cluster.tool("tests/cluster", "load", str(archive))
    meta = {"name": NAME, "labels": {"app": NAME}}
    container = {
        "name": NAME,
        "image": IMAGE,
        "args": ["--config", "file:/etc/collector/collector.yaml"],
        "volumeMounts": [{"name": "config", "mountPath": "/etc/collector"}],
    }
    pod = {"containers": [container], "volumes": [{"name": "config", "configMap": {"name": NAME}}]}
    service = {"selector": meta["labels"], "ports": [{"port": PORT}]}
    root = f"/api/v1/namespaces/{namespace_of_collector}"
    for plural, body in (
        ("configmaps", {"data": {"collector.yaml": configuration(f"0.0.0.0:{PORT}")}}),
        ("pods", {"spec": pod}),
        ("services", {"spec": service}),
    ):
        client.request("POST", f"{root}/{plural}", what="make the collector", body={"metadata": meta, **body})

    def output() -> str:
        path = f"{root}/pods/{NAME}/log"
        answer = client.open(path, what="read a log", query={"limitBytes": "1000000"}, timeout=10)
        try:
            return answer.read(1_000_000).decode("utf-8", "replace")
        finally:
            answer.close()

    def runs() -> bool:
        status = (cluster.found(client, f"{root}/pods/{NAME}") or {}).get("status") or {}
        return status.get("phase") == "Running" and "Everything is ready" in output()

    cluster.until("the collector", runs, 60)
    return Collector(f"http://{NAME}.{namespace_of_collector}.svc:{PORT}", output)


def test_a_call_of_the_official_client_is_a_span(playbooks, client, namespace, collector, tmp_path) -> None:
    cluster.load_images("mcp-stdio-bridge", "go-sdk")
    spec = {
        "image": "localhost/mcp-servers/go-sdk:1.8.0",
        "environment": [{"name": "PORT", "value": "3001"}],
        "transport": {"type": "http", "config": {"http": {"port": 3001}}},
        "metrics": {"enabled": True, "otlpEndpoint": collector.url},
    }
    head = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": {"name": "traced"}}
    (tmp_path / "traced.yaml").write_text(yaml.safe_dump({**head, "spec": spec}), encoding="utf-8")
    done = deploy(playbooks, client, namespace, tmp_path, mcp_wait_timeout=120)
    assert done.run.code == 0
    [official] = [found for found in clients.catalogue() if found.name == "python-1"]
    pod = ready_pod(client, namespace, "traced")
    with forward(client, namespace, pod["metadata"]["name"], 8080) as address:
        call = {"name": "now", "arguments": {"zone": "UTC"}}
        [answer] = official.describe_targets(
            [{"url": f"http://{address}/mcp", "transport": "streamable-http", "call": call}]
        )
    assert "error" not in answer, answer

    def calls():
        return [span for span in collector.spans() if span.attributes.get("mcp.method.name") == "tools/call"]

    [span] = cluster.until("the span", calls, 60)
    assert span.fields["Name"] == "tools/call now"
    assert span.attributes["gen_ai.tool.name"] == "now"
    assert (span.resource["service.namespace"], span.resource["service.name"]) == (namespace, "traced")
