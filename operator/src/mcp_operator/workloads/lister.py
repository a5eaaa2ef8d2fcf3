# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Finds the Deployment, the Pods and the validation Jobs of an MCPServer in the store, by their controllers."""

from __future__ import annotations

import typing as t

from .._vendor._workload import managed, names, rollout_manager
from .._vendor._workload.ownership import controller_of, is_owned_by
from .._vendor._workload.pod_selector import SelectedPods, remaining, select_pods
from ..cluster.store import Key, Object, Store

_INDEX = "controller"


class SourceIds(t.NamedTuple):
    """The ids of the sources of MCPServers and of what belongs to them."""

    servers: str
    deployments: str
    network_policies: str
    certificates: str
    replica_sets: str
    pods: str
    jobs: str
    rollouts: str
    canaries: str


class WorkloadLister:
    """Lists workloads from the store."""

    def __init__(self, store: Store, ids: SourceIds) -> None:
        self._store = store
        self._ids = ids
        self._managers = {rollout_manager.ARGO: ids.rollouts, rollout_manager.FLAGGER: ids.canaries}
        # Objects with the name of their MCPServer.
        self._named = {ids.deployments, ids.network_policies, ids.certificates, ids.rollouts, ids.canaries}
        store.add_index(_INDEX, self._controllers)

    def concerned(self, key: Key, item: Object) -> Key | None:
        """Return the MCPServer that an object may belong to, by its name or its labels."""
        if key.watch == self._ids.servers:
            return key
        labels = item["metadata"].get("labels") or {}
        if key.watch == self._ids.deployments and names.CANARY_LABEL in labels:
            return Key(self._ids.servers, key.namespace, labels.get(names.INSTANCE_LABEL, ""))
        if key.watch in self._named:
            return Key(self._ids.servers, key.namespace, key.name)
        if key.watch in (self._ids.replica_sets, self._ids.pods, self._ids.jobs):
            validation = labels.get(names.MANAGED_BY_LABEL) == names.VALIDATION
            name, instance = labels.get(next(iter(names.selector(""))), ""), labels.get(names.INSTANCE_LABEL, "")
            # Flagger changes the label of the Pods that serve.
            own = validation or name == managed.primary(instance)
            return Key(self._ids.servers, key.namespace, instance if own else name)
        return None

    def servers(self) -> list[Key]:
        """Return all MCPServers."""
        return self._store.keys(self._ids.servers)

    def server(self, key: Key) -> Object | None:
        """Return an MCPServer."""
        return self._store.get(key)

    def deployment(self, key: Key, server: Object) -> Object | None:
        """Return an MCPServer's Deployment."""
        found = self._store.get(Key(self._ids.deployments, key.namespace, key.name))
        return found if found is not None and is_owned_by(found, server) else None

    def canary(self, key: Key, server: Object) -> Object | None:
        """Return the Deployment of an MCPServer's canary."""
        found = self._store.get(Key(self._ids.deployments, key.namespace, names.canary(key.name)))
        if found is None or names.CANARY_LABEL not in (found["metadata"].get("labels") or {}):
            return None
        return found if is_owned_by(found, server) else None

    def network_policy(self, key: Key, server: Object) -> Object | None:
        """Return an MCPServer's NetworkPolicy."""
        found = self._store.get(Key(self._ids.network_policies, key.namespace, key.name))
        return found if found is not None and is_owned_by(found, server) else None

    def certificate(self, key: Key, server: Object) -> Object | None:
        """Return an MCPServer's Certificate of cert-manager."""
        found = self._store.get(Key(self._ids.certificates, key.namespace, key.name))
        return found if found is not None and is_owned_by(found, server) else None

    def pods(self, deployment: Object) -> SelectedPods:
        """Return the Pods of a Deployment."""
        return select_pods(
            deployment,
            lambda owner: self._controlled(owner, self._ids.replica_sets),
            lambda owner: self._controlled(owner, self._ids.pods),
        )

    def rollout_manager(self, key: Key, kind: str) -> Object | None:
        """Return the Rollout or the Canary with the name of an MCPServer.

        :param kind: what `rollout_manager.manager` returns.
        """
        return self._store.get(Key(self._managers[kind], key.namespace, key.name))

    def replica_sets(self, owner: Object) -> list[Object]:
        """Return the ReplicaSets that an object controls."""
        return self._controlled(owner, self._ids.replica_sets)

    def replica_sets_named(self, key: Key, deployment: str) -> list[Object]:
        """Return the ReplicaSets of a Deployment that is not in the store.

        :param deployment: its name, in the namespace of the MCPServer.
        """
        return self._found(_deployment(key.namespace, deployment), self._ids.replica_sets)

    def pods_of(self, replica_set: Object) -> list[Object]:
        """Return the Pods of a ReplicaSet that are not being deleted, sorted by name."""
        return remaining(self._controlled(replica_set, self._ids.pods))

    def jobs(self, server: Object) -> list[tuple[Object, list[Object]]]:
        """Return the validation Jobs of an MCPServer and the Pods of each."""
        return [(job, self._controlled(job, self._ids.pods)) for job in self._controlled(server, self._ids.jobs)]

    def _controlled(self, owner: Object, source: str) -> list[Object]:
        return self._found(str(owner["metadata"].get("uid")), source)

    def _found(self, value: str, source: str) -> list[Object]:
        keys = self._store.find(_INDEX, value)
        found = (self._store.get(key) for key in keys if key.watch == source)
        return [item for item in found if item is not None]

    def _controllers(self, key: Key, item: Object) -> t.Iterable[str]:
        if key.watch not in (self._ids.replica_sets, self._ids.pods, self._ids.jobs):
            return ()
        controller = controller_of(item)
        if not controller:
            return ()
        found = [str(controller.get("uid"))]
        if key.watch == self._ids.replica_sets and controller.get("kind") == "Deployment":
            found.append(_deployment(key.namespace, str(controller.get("name"))))
        return found


def _deployment(namespace: str, name: str) -> str:
    return f"{namespace}/{name}"
