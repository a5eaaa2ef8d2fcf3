# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""CiliumNetworkPolicies without Cilium: its CustomResourceDefinition, from its Go module."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from . import cluster

sys.path.insert(0, str(cluster.ROOT / "tests" / "cluster"))

from mcp_cluster.machine.go_build import find_go

NAME = "ciliumnetworkpolicies.cilium.io"
KIND = ("cilium.io/v2", "CiliumNetworkPolicy")
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
# The version of the module is pinned here.
_MODULE = cluster.ROOT / "tests" / "cluster" / "programs" / "cilium"


def crd() -> dict[str, Any]:
    """Return the CustomResourceDefinition as Cilium ships it (Apache-2.0); the first call downloads 20 MB."""
    command = [find_go(), "mod", "download", "-json", "github.com/cilium/cilium"]
    done = subprocess.run(command, cwd=_MODULE, check=True, capture_output=True, text=True, timeout=600)
    folder = Path(json.loads(done.stdout)["Dir"]) / "pkg" / "k8s" / "apis" / "cilium.io" / "client" / "crds" / "v2"
    found: dict[str, Any] = yaml.safe_load((folder / "ciliumnetworkpolicies.yaml").read_text(encoding="utf-8"))
    return found


def lax_crd() -> dict[str, Any]:
    """Return a CustomResourceDefinition of the same kind that admits every content."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": NAME},
        "spec": {
            "group": "cilium.io",
            "scope": "Namespaced",
            "names": {"kind": KIND[1], "plural": "ciliumnetworkpolicies", "singular": "ciliumnetworkpolicy"},
            "versions": [{"name": "v2", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}],
        },
    }


@contextmanager
def served(client: Client, manifest: dict[str, Any]) -> Iterator[None]:
    """Serve the kind for a while."""
    path = f"{CRDS}/{NAME}"
    client.request("POST", CRDS, what="make the kind", body=manifest)
    try:
        cluster.until("the kind is served", lambda: cluster.found(client, f"/apis/{KIND[0]}/ciliumnetworkpolicies"), 30)
        yield
    finally:
        client.request("DELETE", path, what="delete the kind")
        cluster.until("the kind is gone", lambda: cluster.found(client, path) is None, 30)
