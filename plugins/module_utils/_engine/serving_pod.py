# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Chooses the Pod of an MCPServer that a port-forward connects to."""

from __future__ import annotations

import typing as t

from .._kube.errors import ApiNotFound
from .._workload import names
from .._workload.errors import NoServingPod
from .._workload.ownership import is_owned_by
from .._workload.pod_selector import controlled_by, select_pods
from .._workload.pods import has_ready_containers, is_ready

if t.TYPE_CHECKING:
    from .._kube.client import Client

Object = t.Mapping[str, t.Any]


def serving_pod(client: Client, server: Object) -> t.Optional[Object]:
    """Return a Pod that serves, of the newest template or else of an earlier one; None if there is none yet.

    Before what it offers is approved, the readiness gate of the first Pod is closed, but its containers are ready.

    :raises NoServingPod: the MCPServer is scaled to zero.
    :raises KubeError: the API server does not answer, or the MCPServer has no Deployment.
    """
    meta = server["metadata"]
    namespace, name = meta["namespace"], meta["name"]
    selector = ",".join(f"{key}={value}" for key, value in names.selector(name).items())
    deployment = client.find("apps/v1", "Deployment", namespace, name)
    if deployment is not None and deployment.get("spec", {}).get("replicas") == 0:
        raise NoServingPod(f"MCPServer {names.server_key(server)} is scaled to zero.")
    if deployment is None or not is_owned_by(deployment, server):
        raise ApiNotFound(
            f"MCPServer {names.server_key(server)} has no Deployment.",
            f"See kubectl describe mcpserver -n {namespace} {name}.",
            code="NO_DEPLOYMENT",
            status=404,
        )
    selected = select_pods(
        deployment,
        controlled_by(client.list("apps/v1", "ReplicaSet", namespace, labelSelector=selector)),
        controlled_by(client.list("v1", "Pod", namespace, labelSelector=selector)),
    )
    newest = selected.newest or []
    serving = (pod for pod in (*newest, *selected.older) if is_ready(pod))
    return next(serving, None) or next(filter(has_ready_containers, newest), None)
