# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The objects of an MCPServer, as the operator makes them."""

from __future__ import annotations

from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import job
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_spec import probe_spec
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

from . import cluster

Item = dict[str, Any]
BRIDGE = {"inject": "registry.example.com/sidecar:1", "package": "registry.example.com/package:1"}
RENDERER = Renderer(str(cluster.ROOT / "roles" / "mcpserver" / "templates"), BRIDGE)
HPA = {"enabled": True, "minReplicas": 2, "maxReplicas": 4, "targetCPUUtilizationPercentage": 70}
KINDS = (
    "Deployment",
    "Service",
    "ServiceAccount",
    "HorizontalPodAutoscaler",
    "PodDisruptionBudget",
    "NetworkPolicy",
    "ControllerRevision",
    "Job",
)


def objects_of(server: Item) -> dict[str, Item]:
    """Return the objects of an MCPServer by their kind, as the operator makes them."""
    objects = {item["kind"]: item for item in RENDERER.render(server, gated=True)}
    deployment, name = objects["Deployment"], server["metadata"]["name"]
    objects["ControllerRevision"] = {
        "apiVersion": "apps/v1",
        "kind": "ControllerRevision",
        "metadata": {**deployment["metadata"], "name": f"{name}-1234567890"},
        "revision": 1,
        "data": {"template": deployment["spec"]["template"]},
    }
    pods = [(["pod", "uid", "container"], "192.0.2.1")]
    objects["Job"] = job.job(server, probe_spec(server), pods, image="registry.example.com/operator:1", attempt=1)
    return objects
