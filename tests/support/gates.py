# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Who is reached through a Service, and servers that are told to turn bad."""

from __future__ import annotations

import kubernetes.client
import kubernetes.stream
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from .operator import WATCHED

GATE = "mcp.mcp-operator.io/validated"


def serving(client: Client, name: str) -> list[str]:
    """Return the Pods to which the Service sends new connections."""
    path = f"/apis/discovery.k8s.io/v1/namespaces/{WATCHED}/endpointslices"
    query = {"labelSelector": f"kubernetes.io/service-name={name}"}
    slices = client.request("GET", path, what="list EndpointSlices", query=query)["items"]
    return sorted(
        entry["targetRef"]["name"]
        for found in slices
        for entry in found.get("endpoints") or []
        if entry["conditions"].get("ready")
    )


def run(client: Client, pod: str, command: list[str]) -> str:
    """Run a command in a Pod and return what it says."""
    api = kubernetes.client.CoreV1Api(kubernetes.client.ApiClient(client.configuration))
    call = api.connect_get_namespaced_pod_exec
    said = kubernetes.stream.stream(
        call, pod, WATCHED, command=command, stdout=True, stderr=True, _preload_content=False
    )
    try:
        said.run_forever(timeout=60)
        return str(said.read_all())
    finally:
        # Its own close() leaves the socket open once the other side has said that it closes.
        said.sock.shutdown()
        api.api_client.close()


def switch(client: Client, pod: str, mode: str) -> None:
    """Let the switchable server answer in another way."""
    said = run(client, pod, ["/server", "switch", mode])
    assert "unknown" not in said, said
