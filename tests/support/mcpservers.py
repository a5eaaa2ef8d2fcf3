# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""MCPServers without Pods, and whether what is made of them is what they ask for."""

from __future__ import annotations

import time
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiInvalid, ApiNotFound, KubeError
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.resources import object_path

from support import cluster

KINDS = [("v1", "ServiceAccount"), ("v1", "Service"), ("apps/v1", "Deployment")]
MINE = "app.kubernetes.io/managed-by=mcp-operator"
KEY = ("mcp.mcp-operator.io/v1", "MCPServer")


def body(name: str, namespace: str, **spec: Any) -> dict[str, Any]:
    """Return a manifest. A server of no replicas costs the cluster nothing, and is otherwise like any other."""
    return {
        "apiVersion": KEY[0],
        "kind": KEY[1],
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"image": "registry.example.com/server:0", "replicas": 0, **spec},
    }


class Servers:
    """The MCPServers of one namespace. Writes are repeated until the API server takes them."""

    def __init__(self, client: Client, namespace: str) -> None:
        self.client = client
        self.namespace = namespace

    def apply(self, name: str, **spec: Any) -> None:
        self._insist(lambda: self.client.apply(body(name, self.namespace, **spec), field_manager="tests"))

    def delete(self, name: str) -> None:
        self._insist(lambda: self.client.delete(*KEY, self.namespace, name))

    def child(self, kind: tuple[str, str], name: str) -> dict[str, Any] | None:
        return self.client.find(*kind, self.namespace, name)

    def path(self, kind: tuple[str, str], name: str) -> str:
        return object_path(*kind, self.namespace, name)

    def wrong(self, *, but: frozenset[str] = frozenset()) -> list[str]:
        """Return what is not as it is to be, also what is still there of MCPServers that are gone.

        :param but: names of MCPServers that do not count.
        """
        try:
            servers = {item["metadata"]["name"]: item for item in self.client.list(*KEY, self.namespace)}
            found: list[str] = []
            for kind in KINDS:
                items = list(self.client.list(*kind, self.namespace, labelSelector=MINE))
                there = {item["metadata"]["name"]: item for item in items}
                found += [f"{kind[1]} {name} is left" for name in there if name not in servers]
                for name, server in servers.items():
                    if name not in but and not _made_of(there.get(name), server):
                        found.append(f"{kind[1]} {name}")
        except KubeError as exc:
            return [str(exc)]
        return found

    def right(self, seconds: float = 90, *, but: frozenset[str] = frozenset()) -> None:
        """Wait until nothing is wrong; see :meth:`wrong`."""
        try:
            cluster.until("all is right", lambda: not self.wrong(but=but), seconds)
        except AssertionError as exc:
            raise AssertionError(f"{exc}: {self.wrong(but=but)[:5]}") from None

    def ready(self) -> int:
        """Return how many MCPServers say that they are ready."""
        statuses = [item.get("status") or {} for item in self.client.list(*KEY, self.namespace)]
        conditions = [entry for status in statuses for entry in status.get("conditions") or []]
        return sum((entry["type"], entry["status"]) == ("Ready", "True") for entry in conditions)

    def noted(self) -> int:
        """Return in how many MCPServers it is noted what was reconciled."""
        listed = self.client.list(*KEY, self.namespace)
        return sum("reconciliationRecord" in (item.get("status") or {}) for item in listed)

    def versions(self) -> dict[str, str]:
        """Return the resourceVersion of everything that the operator might have written to."""
        found = {}
        for kind in [*KINDS, KEY]:
            for item in self.client.list(*kind, self.namespace):
                found[f"{kind[1]}/{item['metadata']['name']}"] = item["metadata"]["resourceVersion"]
        return found

    def _insist(self, write: Any) -> None:
        deadline = time.monotonic() + 90
        while True:
            try:
                write()
            except (ApiInvalid, ApiNotFound):
                raise
            except KubeError:
                assert time.monotonic() < deadline, "the API server does not come back"
                time.sleep(0.2)
            else:
                return


def _made_of(child: dict[str, Any] | None, server: dict[str, Any]) -> bool:
    if child is None:
        return False
    owners = [owner["uid"] for owner in child["metadata"].get("ownerReferences") or []]
    if owners != [server["metadata"]["uid"]]:
        return False
    if "template" not in child.get("spec", {}):
        return True
    (container,) = child["spec"]["template"]["spec"]["containers"]
    given = {entry["name"]: entry.get("value", "") for entry in server["spec"].get("environment") or []}
    made = {entry["name"]: entry.get("value", "") for entry in container["env"]}
    return container["image"] == server["spec"]["image"] and given.items() <= made.items()
