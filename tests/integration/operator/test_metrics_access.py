# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Metrics that require a token, with the reviews of a real API server."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from support import cluster
from support.http import get

RBAC = "/apis/rbac.authorization.k8s.io/v1"
READER = "mcp-test-metrics-reader"


@pytest.fixture
def token(client: Client, namespace: str) -> Callable[[str], str]:
    """Create a ServiceAccount and return a token of it."""
    accounts = f"/api/v1/namespaces/{namespace}/serviceaccounts"

    def create(name: str) -> str:
        client.request("POST", accounts, what="create a ServiceAccount", body={"metadata": {"name": name}})
        made = client.request("POST", f"{accounts}/{name}/token", what="create a token", body={"spec": {}})
        return str(made["status"]["token"])

    return create


@pytest.fixture
def reader(client: Client, namespace: str) -> Iterator[str]:
    """Let one ServiceAccount get the metrics, as the chart's ClusterRole does; return its name."""
    rules = [{"nonResourceURLs": ["/metrics"], "verbs": ["get"]}]
    objects = {
        "clusterroles": {"rules": rules},
        "clusterrolebindings": {
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": READER},
            "subjects": [{"kind": "ServiceAccount", "name": "prometheus", "namespace": namespace}],
        },
    }
    for resource, body in objects.items():
        made = {"metadata": {"name": READER}, **body}
        client.request("POST", f"{RBAC}/{resource}", what="create a permission", body=made)
    yield "prometheus"
    for resource in objects:
        client.request("DELETE", f"{RBAC}/{resource}/{READER}", what="delete a permission")


def test_the_api_server_decides_who_gets_metrics(start, servers, token, reader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    operator = start(metrics_secure="true", metrics_bind_address=f"127.0.0.1:{port}")
    url = f"https://127.0.0.1:{port}/metrics"
    assert get(url) == (401, "unauthorized\n")
    status, text = get(url, token=token("neighbor"))
    assert (status, text.endswith(":neighbor has no permission to get /metrics\n")) == (403, True)
    allowed = token(reader)
    # Authorizers of the API server see a new binding with a delay.
    status, text = cluster.until("the binding is known", lambda: scraped(url, allowed), 60)
    assert "mcp_operator_build_info" in text
    assert get(url, token=f"{allowed}x")[0] == 401
    assert operator.ready()


def scraped(url: str, token: str) -> tuple[int, str] | None:
    found = get(url, token=token)
    return found if found[0] == 200 else None
