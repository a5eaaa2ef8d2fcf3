# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The catalogue of the chart, in Pods: it lists the server that was validated, and not the one that failed."""

from __future__ import annotations

import json

import pytest
import yaml

from support import cluster
from support.chart_objects import apply
from support.deployed import deploy
from support.forward import forward
from support.helm import Helm
from support.http import get
from support.operator import IMAGE, image
from support.yaml_files import parse_all_yaml

NAME = "mcp-operator-catalog"
SERVERS = {
    "clock": {"image": "localhost/mcp-servers/go-sdk:1.8.0"},
    "broken": {"image": "localhost/mcp-servers/broken:1", "args": ["not-mcp"]},
}


@pytest.fixture
def namespace_with_servers(playbooks, client, tmp_path):
    cluster.load_images("go-sdk", "broken", IMAGE)
    for name, spec in SERVERS.items():
        head = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": {"name": name}}
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump({**head, "spec": spec}), encoding="utf-8")
    with cluster.namespace(client, {"pod-security.kubernetes.io/enforce": "restricted"}) as namespace:
        deploy(playbooks, client, namespace, tmp_path, mcp_fail_on_invalid=False)
        yield namespace


def pod(client, namespace):
    """Return the ready Pod of the catalogue."""
    for found in client.list("v1", "Pod", namespace, labelSelector=f"app.kubernetes.io/name={NAME}"):
        conditions = {entry["type"]: entry["status"] for entry in found["status"].get("conditions") or []}
        if conditions.get("Ready") == "True":
            return found["metadata"]["name"]
    return None


@pytest.mark.test_all
def test_pods_of_the_chart_list_what_was_validated(namespace_with_servers, client, tmp_path):
    namespace = namespace_with_servers
    repository, _, tag = image().rpartition(":")
    settings = {"enabled": True, "url": "https://mcp.example.com", "namespaces": [namespace], "services": True}
    used = {"image": {"repository": repository, "tag": tag, "pullPolicy": "Never"}, "catalog": settings}
    done = Helm(tmp_path).render(used, "--namespace", namespace)
    assert done.returncode == 0, done.stderr
    for item in parse_all_yaml(done.stdout):
        if item["metadata"]["name"] == NAME:
            apply(client, item)
    ready = cluster.until("the catalogue is ready", lambda: pod(client, namespace), 90)
    with forward(client, namespace, ready, 8080) as address:
        status, text = get(f"http://{address}/v0/servers")
        assert status == 200, text
        assert [one["server"]["name"] for one in json.loads(text)["servers"]] == [f"local.cluster.{namespace}/clock"]
        status, text = get(f"http://{address}/.well-known/mcp/catalog.json")
        assert (status, len(json.loads(text)["entries"])) == (200, 1)
