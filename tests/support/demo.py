# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Room for the tests' Pods: the Pods of `make demo` are stopped while the end-to-end tests run.

A node with two cores has room for the requests of either. The number of replicas from before is kept in annotations in
the cluster, so that a later run starts what an interrupted one has stopped.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from . import cluster
from .in_common import in_common
from .operator import DEPLOYMENT, NAMESPACE

# tests/demo labels its namespace.
LABEL = "mcp-tests/demo"
REPLICAS = "mcp-tests/replicas"


def stop(client: Client, namespace: str) -> None:
    """Stop the Pods of a demo's namespace, and before them the operator, if it watches nothing else."""
    operator = cluster.found(client, DEPLOYMENT)
    if operator is not None and _watches(operator) == namespace:
        _stop_deployment(client, operator)
        cluster.until("the demo's operator is gone", lambda: not _pods(client, NAMESPACE), 90)
    for deployment in client.list("apps/v1", "Deployment", namespace):
        _stop_deployment(client, deployment)
    cluster.until("the demo's Pods are gone", lambda: not _pods(client, namespace), 90)


def start(client: Client, namespace: str) -> None:
    """Start what `stop` has stopped, where it is still there."""
    operator = cluster.found(client, DEPLOYMENT)
    for deployment in [*client.list("apps/v1", "Deployment", namespace), *([operator] if operator else [])]:
        before = (deployment["metadata"].get("annotations") or {}).get(REPLICAS)
        if before is not None:
            _scale(client, deployment, int(before), keep=None)


@contextlib.contextmanager
def stopped(client: Client, name: str) -> Iterator[None]:
    """Stop all demos of a cluster of the tests' own while the block runs.

    :param name: of the cluster.
    """
    # A cluster that a user names is not ours to make room in.
    namespaces = [] if "MCP_TEST_KUBECONFIG" in os.environ else namespaces_of_demos(client)

    def make() -> None:
        for namespace in namespaces:
            stop(client, namespace)

    def remove() -> None:
        for namespace in namespaces:
            start(client, namespace)

    with in_common(f"demo-{name}", make, remove):
        yield


def namespaces_of_demos(client: Client) -> list[str]:
    """Return the namespaces that `make demo` has made."""
    query = {"labelSelector": LABEL}
    found = client.request("GET", "/api/v1/namespaces", what="list the demos' namespaces", query=query)
    return [item["metadata"]["name"] for item in found["items"]]


def _watches(operator: dict[str, Any]) -> str:
    [container] = operator["spec"]["template"]["spec"]["containers"]
    return str(next((one.get("value") for one in container["env"] if one["name"] == "WATCH_NAMESPACE"), ""))


def _pods(client: Client, namespace: str) -> list[dict[str, Any]]:
    return list(client.list("v1", "Pod", namespace))


def _stop_deployment(client: Client, deployment: dict[str, Any]) -> None:
    replicas = deployment["spec"]["replicas"]
    if replicas:
        _scale(client, deployment, 0, keep=str(replicas))


def _scale(client: Client, deployment: dict[str, Any], replicas: int, *, keep: str | None) -> None:
    meta = deployment["metadata"]
    path = f"/apis/apps/v1/namespaces/{meta['namespace']}/deployments/{meta['name']}"
    body = {"metadata": {"annotations": {REPLICAS: keep}}, "spec": {"replicas": replicas}}
    client.request("PATCH", path, what="scale", body=MergePatch(body))
