# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""When each MCPServer was created, applied, available and validated, as a watch from outside sees it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import urllib3
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from fleet import API, Item

DEPLOYMENTS, SERVERS = "/apis/apps/v1{}/deployments", f"/apis/{API}{{}}/mcpservers"
SERVICES = "/api/v1/namespaces/{}/services"


class Watch:
    """Follows one collection and keeps its newest objects, from the moment it is made until it is closed."""

    def __init__(self, client: Client, path: str, told: Callable[[str, Item], None]) -> None:
        self._client, self._path, self._told = client, path, told
        self._closed = threading.Event()
        self._begin()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        self._stream.shutdown()
        self._thread.join(5)
        self._stream.close()

    def _begin(self) -> None:
        listed = self._client.request("GET", self._path, what=f"list {self._path}")
        query = {"watch": "true", "resourceVersion": listed["metadata"]["resourceVersion"]}
        self._stream = self._client.open(self._path, what=f"watch {self._path}", query=query, timeout=3600)
        for item in listed["items"]:
            self._told("ADDED", item)

    def _follow(self) -> None:
        while not self._closed.is_set():
            self._read()
            # The API server ends the watch of whoever reads too slowly, and large fleets make this one slow.
            if not self._closed.is_set():
                self._begin()

    def _read(self) -> None:
        rest = b""
        try:
            for part in self._stream.stream(65536):
                *lines, rest = (rest + part).split(b"\n")
                for line in lines:
                    event = json.loads(line)
                    self._told(event["type"], event["object"])
        except (urllib3.exceptions.HTTPError, OSError, ValueError):
            return  # it was ended


class Timeline:
    """The moments of a fleet, each by the MCPServer's name.

    :param namespace: None for all, in which no two MCPServers may have the same name.
    :param image: of the fleet that is waited for: an earlier one's Deployment is available too.
    """

    def __init__(self, client: Client, namespace: str | None, image: str) -> None:
        self.image = image
        self.created: dict[str, float] = {}
        self.applied: dict[str, float] = {}
        self.available: dict[str, float] = {}
        self.validated: dict[str, float] = {}
        self.writes: dict[str, int] = {}
        self._changed = threading.Condition()
        within = f"/namespaces/{namespace}" if namespace else ""
        self._watches = [
            Watch(client, DEPLOYMENTS.format(within), self._deployment),
            Watch(client, SERVERS.format(within), self._server),
        ]

    def close(self) -> None:
        for watch in self._watches:
            watch.close()

    def wait(self, moments: dict[str, float], count: int, timeout: float) -> bool:
        """Wait until so many MCPServers have come so far; whether they have."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while len(moments) < count:
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
        return True

    def _deployment(self, kind: str, item: Item) -> None:
        name, now = item["metadata"]["name"], time.monotonic()
        if kind == "DELETED" or item["spec"]["template"]["spec"]["containers"][0]["image"] != self.image:
            return
        with self._changed:
            self.applied.setdefault(name, now)
            if _is_available(item):
                self.available.setdefault(name, now)
            self._changed.notify_all()

    def _server(self, kind: str, item: Item) -> None:
        name, now = item["metadata"]["name"], time.monotonic()
        if kind == "DELETED" or item["spec"]["image"] != self.image:
            return
        validation = (item.get("status") or {}).get("validation") or {}
        with self._changed:
            self.writes[name] = self.writes.get(name, -1) + 1
            is_of_this = validation.get("validatedGeneration") == item["metadata"]["generation"]
            if validation.get("state") == "Validated" and is_of_this:
                self.validated.setdefault(name, now)
            self._changed.notify_all()


def _is_available(deployment: dict[str, Any]) -> bool:
    status, wanted = deployment.get("status") or {}, deployment["spec"]["replicas"]
    observed = status.get("observedGeneration") == deployment["metadata"]["generation"]
    return bool(observed) and all(status.get(f"{kind}eplicas") == wanted for kind in ("updatedR", "availableR", "r"))
