# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Objects that the chart renders, by what a test wants to know of them."""

from __future__ import annotations

from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client


def one(objects: list[dict[str, Any]], kind: str, name: str | None = None) -> dict[str, Any]:
    [found] = [item for item in objects if item["kind"] == kind and name in (None, item["metadata"]["name"])]
    return found


def names(objects: list[dict[str, Any]], kind: str) -> list[str]:
    return [item["metadata"]["name"] for item in objects if item["kind"] == kind]


def pod(objects: list[dict[str, Any]]) -> dict[str, Any]:
    return one(objects, "Deployment")["spec"]["template"]["spec"]


def manager(objects: list[dict[str, Any]]) -> dict[str, Any]:
    [container] = pod(objects)["containers"]
    return container


def apply(client: Client, manifest: dict[str, Any]) -> None:
    """Apply an object of any kind of the chart; the client knows only those of MCPServers."""
    meta = manifest["metadata"]
    group = manifest["apiVersion"]
    root = f"/apis/{group}" if "/" in group else f"/api/{group}"
    plural = f"{manifest['kind'].lower()}s".replace("policys", "policies")
    place = f"/namespaces/{meta['namespace']}" if "namespace" in meta else ""
    query = {"fieldManager": "tests", "force": "true"}
    path = f"{root}{place}/{plural}/{meta['name']}"
    client.request("PATCH", path, what=f"apply {path}", body=ApplyPatch(manifest), query=query)
