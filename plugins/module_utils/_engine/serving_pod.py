# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Chooses the Pod of an MCPServer that a port-forward connects to."""

from __future__ import annotations

import typing as t

from .._kube.errors import ApiNotFound
from .._workload import managed, names, rollout_manager
from .._workload.errors import NoServingPod
from .._workload.ownership import controller_of, is_owned_by
from .._workload.pod_selector import controlled_by, remaining, select_pods
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
    if rollout_manager.manager(server["spec"]):
        found = _of_manager(client, server)
        if found:
            return next(filter(is_ready, found), None) or next(filter(has_ready_containers, found), None)
    selector = _text(names.selector(name))
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


def _of_manager(client: Client, server: Object) -> list[Object]:
    """Return the Pods of the Rollout, or of the primary Deployment of Flagger; none before these exist."""
    owner = _manager_owner(client, server)
    if owner is None:
        return []
    namespace, selector = server["metadata"]["namespace"], _text(managed.pod_selector(server))
    sets_of = controlled_by(client.list("apps/v1", "ReplicaSet", namespace, labelSelector=selector))
    pods_of = controlled_by(client.list("v1", "Pod", namespace, labelSelector=selector))
    return remaining(pod for replica_set in sets_of(owner) for pod in pods_of(replica_set))


def _manager_owner(client: Client, server: Object) -> t.Optional[Object]:
    """Return the object whose ReplicaSets have the Pods."""
    namespace, name = server["metadata"]["namespace"], server["metadata"]["name"]
    kind = rollout_manager.manager(server["spec"])
    if kind == rollout_manager.ARGO:
        found = client.find("argoproj.io/v1alpha1", "Rollout", namespace, name)
        return found if found is not None and managed.refers(kind, found, name) else None
    found = client.find("apps/v1", "Deployment", namespace, managed.primary(name))
    controller = controller_of(found) if found is not None else None
    return found if (controller or {}).get("kind") == "Canary" and (controller or {}).get("name") == name else None


def _text(labels: t.Mapping[str, str]) -> str:
    return ",".join(f"{key}={value}" for key, value in labels.items())
