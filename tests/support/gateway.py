# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The Gateway of the testbed, by Contour and Envoy, and clients of it outside of the cluster."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from . import cluster
from .chart_objects import one
from .helm import Helm
from .relay import Relay

sys.path.insert(0, str(cluster.ROOT / "tests" / "cluster"))

from mcp_cluster import addresses
from mcp_cluster.components.contour import CLASS, GATEWAY, NAMESPACE
from mcp_cluster.machine.netns import NetworkNamespace
from mcp_cluster.providers import DEFAULT_TESTBED

API = "/apis/gateway.networking.k8s.io/v1"
PARENT = {"name": GATEWAY, "namespace": NAMESPACE}
_RIGHTS = (
    ("ClusterRole", "mcp-operator-manager-role"),
    ("ClusterRole", "mcp-operator-gateway-reader"),
    ("ClusterRoleBinding", "mcp-operator-gateway-reader"),
)


@contextmanager
def served(client: Client) -> Iterator[str]:
    """Run the Gateway, and yield the URL that leads to it."""
    cluster.tool("tests/cluster", "up", "--contour")
    relay = Relay(addresses.GATEWAY, 80, _dial)
    try:
        path = f"{API}/namespaces/{NAMESPACE}/gateways/{GATEWAY}"
        cluster.until("the Gateway is programmed", lambda: _is_programmed(cluster.found(client, path) or {}), 60)
        yield f"http://127.0.0.1:{relay.port}"
    finally:
        relay.cut()
        cluster.tool("tests/cluster", "up", "--no-contour")


def permit(client: Client, folder: Path) -> None:
    """Give the operator the permissions of the chart's value ``gatewayAPI.enable``."""
    objects = Helm(folder).template({"gatewayAPI": {"enable": True}})
    for kind, name in _RIGHTS:
        path = f"/apis/rbac.authorization.k8s.io/v1/{kind.lower()}s/{name}"
        apply(client, path, one(objects, kind, name))


def apply(client: Client, path: str, manifest: dict[str, Any]) -> None:
    """Apply an object by its path."""
    query = {"fieldManager": "tests", "force": "true"}
    client.request("PATCH", path, what=f"apply {path}", body=ApplyPatch(manifest), query=query)


def idle_gateway(client: Client, name: str, class_name: str = CLASS) -> None:
    """Create a Gateway that no controller programs: Contour serves one only."""
    manifest = {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": {"name": name, "namespace": NAMESPACE},
        "spec": {"gatewayClassName": class_name, "listeners": [{"name": "http", "protocol": "HTTP", "port": 80}]},
    }
    apply(client, f"{API}/namespaces/{NAMESPACE}/gateways/{name}", manifest)


def _is_programmed(gateway: dict[str, Any]) -> bool:
    conditions = gateway.get("status", {}).get("conditions") or []
    return any(item["type"] == "Programmed" and item["status"] == "True" for item in conditions)


def _dial(address: tuple[str, int]) -> socket.socket:
    """Connect from inside of the testbed's network."""
    connection = NetworkNamespace(os.environ.get("MCP_TEST_CLUSTER") or DEFAULT_TESTBED).connect(address, 10)
    connection.settimeout(None)
    return connection
