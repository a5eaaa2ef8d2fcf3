# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How much later than its containers a Pod of a strict MCPServer is ready, and whose time that is."""

from __future__ import annotations

import os
import statistics
import threading
import time
from typing import Any

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from fleet import Item, collection, for_all, namespace, server
from watching import Watch

PODS = "/api/v1/namespaces/{}/pods"
GATE = "mcp.mcp-operator.io/validated"
# What each Pod goes through; the first is no condition.
RUNNING = "running"
STEPS = (RUNNING, "ContainersReady", GATE, "Ready")
_TIMEOUT = 120.0


class Moments:
    """When each Pod's container began to run, and each condition became true, as a watch from outside sees it."""

    def __init__(self, client: Client, name: str) -> None:
        self.seen: dict[str, dict[str, float]] = {}
        self._changed = threading.Condition()
        self._watch = Watch(client, PODS.format(name), self._pod)

    def close(self) -> None:
        self._watch.close()

    def wait(self, count: int) -> None:
        """Wait until so many Pods are ready.

        :raises TimeoutError: they are not.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._ready() >= count, _TIMEOUT):
                raise TimeoutError(f"{self._ready()} of {count} Pods are ready after {_TIMEOUT:.0f} s")

    def _ready(self) -> int:
        return sum("Ready" in steps for steps in self.seen.values())

    def _pod(self, kind: str, item: Item) -> None:
        now = time.monotonic()
        if kind == "DELETED":
            return
        status = item.get("status") or {}
        conditions = status.get("conditions") or []
        runs = any("running" in (entry.get("state") or {}) for entry in status.get("containerStatuses") or [])
        with self._changed:
            steps = self.seen.setdefault(item["metadata"]["name"], {})
            if runs:
                steps.setdefault(RUNNING, now)
            for entry in conditions:
                if entry["type"] in STEPS and entry["status"] == "True":
                    steps.setdefault(entry["type"], now)
            self._changed.notify_all()


def of_gates(client: Client, count: int) -> dict[str, Any]:
    """Create strict MCPServers with a Pod each, all at once, and return medians and the worst, in seconds."""
    with namespace(client, f"gates-{os.getpid()}-{count}-{int(time.time())}") as name:
        moments = Moments(client, name)
        try:
            servers = [server(name, number, real=True) for number in range(count)]
            for one in servers:
                one["spec"]["validation"] = {"strictMode": True}
            start = time.monotonic()
            for_all(lambda one: client.request("POST", collection(name), what="create an MCPServer", body=one), servers)
            moments.wait(count)
        finally:
            moments.close()
        pods = [steps for steps in moments.seen.values() if set(STEPS) <= steps.keys()]
    later = [steps["Ready"] - steps["ContainersReady"] for steps in pods]
    return {
        "pods": len(pods),
        "ready_s": round(max(steps["Ready"] for steps in pods) - start, 2),
        "later_median_s": round(statistics.median(later), 3),
        "later_most_s": round(max(later), 3),
        "gate_after_running_median_s": round(statistics.median(steps[GATE] - steps[RUNNING] for steps in pods), 3),
        "gate_before_containers": sum(steps[GATE] <= steps["ContainersReady"] for steps in pods),
        "load": round(os.getloadavg()[0], 1),
    }
