# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Finds the Deployment, the Pods and the validation Jobs of an MCPServer in the store, by their controllers."""

from __future__ import annotations

import typing as t

from .._vendor._workload import names
from .._vendor._workload.ownership import controller_of, is_owned_by
from .._vendor._workload.pod_selector import SelectedPods, select_pods
from ..cluster.store import Key, Object, Store

_INDEX = "controller"


class WorkloadLister:
    """Lists workloads from the store.

    :param servers: the id of the source of MCPServers; likewise for the others.
    """

    def __init__(
        self,
        store: Store,
        *,
        servers: str,
        deployments: str,
        network_policies: str,
        replica_sets: str,
        pods: str,
        jobs: str,
    ) -> None:
        self._store = store
        self._servers = servers
        self._deployments = deployments
        self._network_policies = network_policies
        self._replica_sets = replica_sets
        self._pods = pods
        self._jobs = jobs
        store.add_index(_INDEX, self._controllers)

    def concerned(self, key: Key, item: Object) -> Key | None:
        """Return the MCPServer that an object may belong to, by its name or its labels."""
        if key.watch == self._servers:
            return key
        if key.watch in (self._deployments, self._network_policies):
            return Key(self._servers, key.namespace, key.name)
        if key.watch in (self._replica_sets, self._pods, self._jobs):
            labels = item["metadata"].get("labels") or {}
            validation = labels.get(names.MANAGED_BY_LABEL) == names.VALIDATION
            label = names.INSTANCE_LABEL if validation else next(iter(names.selector("")))
            return Key(self._servers, key.namespace, labels.get(label, ""))
        return None

    def servers(self) -> list[Key]:
        """Return all MCPServers."""
        return self._store.keys(self._servers)

    def server(self, key: Key) -> Object | None:
        """Return an MCPServer."""
        return self._store.get(key)

    def deployment(self, key: Key, server: Object) -> Object | None:
        """Return an MCPServer's Deployment."""
        found = self._store.get(Key(self._deployments, key.namespace, key.name))
        return found if found is not None and is_owned_by(found, server) else None

    def network_policy(self, key: Key, server: Object) -> Object | None:
        """Return an MCPServer's NetworkPolicy."""
        found = self._store.get(Key(self._network_policies, key.namespace, key.name))
        return found if found is not None and is_owned_by(found, server) else None

    def pods(self, deployment: Object) -> SelectedPods:
        """Return the Pods of a Deployment."""
        return select_pods(
            deployment,
            lambda owner: self._controlled(owner, self._replica_sets),
            lambda owner: self._controlled(owner, self._pods),
        )

    def jobs(self, server: Object) -> list[tuple[Object, list[Object]]]:
        """Return the validation Jobs of an MCPServer and the Pods of each."""
        return [(job, self._controlled(job, self._pods)) for job in self._controlled(server, self._jobs)]

    def _controlled(self, owner: Object, source: str) -> list[Object]:
        keys = self._store.find(_INDEX, str(owner["metadata"].get("uid")))
        found = (self._store.get(key) for key in keys if key.watch == source)
        return [item for item in found if item is not None]

    def _controllers(self, key: Key, item: Object) -> t.Iterable[str]:
        if key.watch not in (self._replica_sets, self._pods, self._jobs):
            return ()
        controller = controller_of(item)
        return (str(controller.get("uid")),) if controller else ()
