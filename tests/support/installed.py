# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What an installation of the operator has put into the cluster, whoever did it."""

from __future__ import annotations

from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound

from . import cluster
from .yaml_files import load_yaml

INSTALL = cluster.ROOT / "roles" / "operator" / "files" / "install.yaml"
NAMESPACE = "mcp-operator-system"
# What the API server, Helm or kubectl write beside what was asked for.
_NOT_ASKED_FOR = ("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields")
_TOOLS = ("meta.helm.sh/", "helm.sh/", "kubectl.kubernetes.io/last-applied", "deployment.kubernetes.io/")
_HELM_LABEL = "app.kubernetes.io/managed-by"

Key = tuple[str, str, str]


def manifests() -> list[dict[str, Any]]:
    """Return the objects of install.yaml."""
    return load_yaml(INSTALL)["items"]


def path(manifest: dict[str, Any]) -> str:
    """Return the path of an object in the API."""
    meta, version = manifest["metadata"], manifest["apiVersion"]
    root = f"/apis/{version}" if "/" in version else f"/api/{version}"
    place = f"/namespaces/{meta['namespace']}" if "namespace" in meta else ""
    kind = manifest["kind"].lower()
    plural = f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
    return f"{root}{place}/{plural}/{meta['name']}"


def objects(client: Client) -> dict[Key, dict[str, Any]]:
    """Return what is there of install.yaml's objects, without what tools write beside it.

    The namespace is not among them: Helm makes it in its own way.
    """
    found = {}
    for manifest in manifests():
        there = cluster.found(client, path(manifest))
        if there is not None and manifest["kind"] != "Namespace":
            meta = manifest["metadata"]
            found[manifest["kind"], meta.get("namespace", ""), meta["name"]] = _asked_for(there)
    return found


def remove(client: Client) -> None:
    """Remove all of it but the CustomResourceDefinition, which other tests use, and wait for the end."""
    mine = [item for item in manifests() if item["kind"] != "CustomResourceDefinition"]
    for manifest in mine:
        try:
            client.request("DELETE", path(manifest), what="remove the operator")
        except ApiNotFound:
            continue
    cluster.until(
        "the operator is gone", lambda: not any(cluster.found(client, path(item)) for item in mine), timeout=120
    )


def _asked_for(item: dict[str, Any]) -> dict[str, Any]:
    meta = {name: value for name, value in item["metadata"].items() if name not in _NOT_ASKED_FOR}
    meta["labels"] = {name: value for name, value in meta.get("labels", {}).items() if name != _HELM_LABEL}
    annotations = meta.pop("annotations", {})
    kept = {name: value for name, value in annotations.items() if not name.startswith(_TOOLS)}
    rest = {name: value for name, value in item.items() if name not in ("metadata", "status")}
    if item["kind"] == "Service":  # its address is another one each time
        rest["spec"] = {name: value for name, value in rest["spec"].items() if name not in ("clusterIP", "clusterIPs")}
    return {**rest, "metadata": {**meta, "annotations": kept}}
