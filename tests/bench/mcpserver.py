# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the operator costs one MCPServer with a real Pod: apply to Validated, calls of the API server, drift repaired.

``PYTHONPATH=tests:.cache/collections .venv/bin/python tests/bench/mcpserver.py [RUNS]`` installs the operator as its
end-to-end tests do. Each time stands next to that of the same Deployment's own way to Available.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from support import cluster, metrics
from support.operator import SERVERS, WATCHED, installed

IMAGE = "localhost/mcp-servers/go-sdk:1.8.0"
_CALL = re.compile(r'^mcp_operator_api_requests_total\{code="2\d\d",method="(POST|PATCH|DELETE)"\} (\S+)', re.MULTILINE)
_CHILDREN = {"Deployment": "apis/apps/v1", "Service": "api/v1", "ServiceAccount": "api/v1"}


def writes(client: Client, pod: str) -> float:
    """Return how many writes the operator's process made; the Lease's and those of runs are counted elsewhere."""
    with metrics.reader(client) as token:
        text = metrics.read(client, pod, token)
    return sum(float(number) for _method, number in _CALL.findall(text))


def path(name: str) -> str:
    return f"{SERVERS}/{WATCHED}/mcpservers/{name}"


def apply(client: Client, name: str) -> None:
    body = {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": name, "namespace": WATCHED},
        "spec": {"image": IMAGE},
    }
    client.request("POST", f"{SERVERS}/{WATCHED}/mcpservers", what="create an MCPServer", body=body)


def child(kind: str, name: str) -> str:
    return f"/{_CHILDREN[kind]}/namespaces/{WATCHED}/{kind.lower()}s/{name}"


def one(client: Client, name: str) -> tuple[float, float]:
    """Return the seconds from apply to Validated, and to the Deployment being Available, by the same clock."""
    began = time.monotonic()
    apply(client, name)
    available = None
    while True:
        status: dict[str, Any] = (cluster.found(client, path(name)) or {}).get("status") or {}
        deployment = cluster.found(client, child("Deployment", name)) or {}
        if available is None and (deployment.get("status") or {}).get("availableReplicas"):
            available = time.monotonic() - began
        validated = (status.get("validation") or {}).get("state") == "Validated" and status.get("phase") == "Running"
        if validated and available is not None:
            return time.monotonic() - began, available
        time.sleep(0.02)


def repaired(client: Client, kind: str, name: str) -> float:
    """Return the seconds from a child's end to its return."""
    uid = (cluster.found(client, child(kind, name)) or {})["metadata"]["uid"]
    client.request("DELETE", child(kind, name), what="delete a child")
    began = time.monotonic()
    while ((cluster.found(client, child(kind, name)) or {}).get("metadata") or {"uid": uid})["uid"] == uid:
        time.sleep(0.01)
    return time.monotonic() - began


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    client = Client({"kubeconfig": cluster.kubeconfig()})
    cluster.load_images("go-sdk")
    with installed(client) as operator:
        (pod,) = operator.pods()
        names = [f"bench-{number}" for number in range(runs)]
        try:
            one(client, "bench-warm")
            before = writes(client, pod)
            times = [one(client, name) for name in names]
            cost = (writes(client, pod) - before) / runs
            validated, available = (statistics.median(column) for column in zip(*times, strict=True))
            print(f"apply to Validated, median of {runs}: {validated:.2f} s; Deployment Available: {available:.2f} s")
            print(f"writes of the operator's process for each, Events included, the runs' own applies not: {cost:.1f}")
            for kind in _CHILDREN:
                drift = [repaired(client, kind, name) for name in names[:5]]
                print(
                    f"{kind} deleted and made again: median {statistics.median(drift):.2f} s, worst {max(drift):.2f} s"
                )
        finally:
            for name in ["bench-warm", *names]:
                client.delete("mcp.mcp-operator.io/v1", "MCPServer", WATCHED, name)


if __name__ == "__main__":
    main()
