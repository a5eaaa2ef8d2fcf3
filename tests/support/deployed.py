# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What one run of deploy made in a namespace, and the Pods of it that are ready."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.pods import is_ready, restarts

from . import cluster
from .playbooks import Playbooks, Run


@dataclasses.dataclass(frozen=True)
class Deployed:
    """A run, and the MCPServers that are there after it."""

    run: Run
    namespace: str
    servers: dict[str, dict[str, Any]]
    folder: Path


def deploy(playbooks: Playbooks, client: Client, namespace: str, folder: Path, **variables: object) -> Deployed:
    """Deploy a folder of manifests; what went wrong is printed."""
    run = playbooks.run("deploy", mcp_manifests=str(folder), mcp_namespace=namespace, **variables)
    print(run.output, cluster.describe(client, namespace) if run.code else "")
    return Deployed(run, namespace, servers_in(client, namespace), folder)


def servers_in(client: Client, namespace: str) -> dict[str, dict[str, Any]]:
    """Return a namespace's MCPServers by their names."""
    listed = client.list("mcp.mcp-operator.io/v1", "MCPServer", namespace)
    return {server["metadata"]["name"]: server for server in listed}


def wide(client: Client, namespace: str) -> dict[str, dict[str, Any]]:
    """Return what ``kubectl get mcpservers -o wide`` shows: the API server makes its rows and columns."""
    path = f"/apis/mcp.mcp-operator.io/v1/namespaces/{namespace}/mcpservers"
    accept = "application/json;as=Table;g=meta.k8s.io;v=v1"
    answer = client.open(path, what="read the table", accept=accept, timeout=10)
    try:
        table = json.loads(answer.read())
    finally:
        answer.close()
    columns = [column["name"].upper() for column in table["columnDefinitions"]]
    rows = [dict(zip(columns, row["cells"], strict=True)) for row in table["rows"]]
    return {row["NAME"]: row for row in rows}


def ready_pod(
    client: Client, namespace: str, name: str, more_restarts_than: int = -1, timeout: float = 120
) -> dict[str, Any]:
    """Wait for a Pod of an MCPServer that is ready, and was restarted so often."""

    def find() -> dict[str, Any] | None:
        for pod in client.list("v1", "Pod", namespace, labelSelector=f"app={name}"):
            if is_ready(pod) and restarts(pod) > more_restarts_than:
                return pod
        return None

    return cluster.until(f"a ready Pod of {name}", find, timeout)
