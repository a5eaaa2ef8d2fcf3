# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What clients of a strict server notice of all that happens to it; prints Markdown.

    .venv/bin/python tests/bench/rollouts.py

Official Python clients call a tool of two real Pods through the Service, while the server is updated well and badly,
scaled, and its operator killed. The second table is of a server that keeps sessions, and of Pods that are killed
without a chance to end.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
sys.path[:0] = [str(ROOT / ".cache" / "collections"), str(TESTS), str(TESTS / "servers")]

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch  # noqa: E402 - after the paths
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client  # noqa: E402
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.pods import is_ready  # noqa: E402

from support import cluster  # noqa: E402
from support.official_clients import Clients  # noqa: E402
from support.operator import NAMESPACE, SERVERS, WATCHED, Operator, installed  # noqa: E402

GO, BROKEN = "localhost/mcp-servers/go-sdk:1.8.0", "localhost/mcp-servers/broken:1"
STRICT = {"strictMode": True, "deadlineSeconds": 15}
# How long each thing is watched after it is over, seconds.
_AFTER = 3.0
Spec = dict[str, Any]


class Server:
    """One MCPServer of these measurements."""

    def __init__(self, client: Client, name: str, spec: Spec) -> None:
        self.client, self.name, self.spec = client, name, spec
        self.path = f"{SERVERS}/{WATCHED}/mcpservers/{name}"

    def apply(self, **changes: Any) -> None:
        """Apply the specification with changes; they are not kept."""
        body = {
            "apiVersion": "mcp.mcp-operator.io/v1",
            "kind": "MCPServer",
            "metadata": {"name": self.name, "namespace": WATCHED},
            "spec": {**self.spec, **changes},
        }
        query = {"fieldManager": "bench", "force": "true"}
        self.client.request("PATCH", self.path, what="apply", body=ApplyPatch(body), query=query)

    def settled(self, replicas: int) -> None:
        """Wait until the newest generation runs and is validated, by so many Pods and no more."""

        def check() -> bool:
            found = self.client.request("GET", self.path, what="look")
            status = found.get("status") or {}
            wanted = ("Running", "Validated", replicas, replicas, found["metadata"]["generation"])
            state = (status.get("validation") or {}).get("state")
            counts = (status.get("replicas"), status.get("readyReplicas"), status.get("observedGeneration"))
            return wanted == (status.get("phase"), state, *counts) and len(self.pods()) == replicas

        cluster.until(f"{self.name} is settled", check, 180)

    def rolled_back(self) -> None:
        """Wait until the last template that passed serves again, alone."""

        def check() -> bool:
            conditions = (self.client.request("GET", self.path, what="look").get("status") or {}).get(
                "conditions"
            ) or []
            return any(entry.get("reason") == "RolledBack" for entry in conditions) and len(self.pods()) == 2

        cluster.until(f"{self.name} is rolled back", check, 180)

    def pods(self) -> list[dict[str, Any]]:
        """Return its Pods, those that are about to end too."""
        return list(self.client.list("v1", "Pod", WATCHED, labelSelector=f"app={self.name}"))

    def delete_pod(self, grace: int) -> None:
        """Delete one of its Pods."""
        name = next(pod["metadata"]["name"] for pod in self.pods() if is_ready(pod))
        path = f"/api/v1/namespaces/{WATCHED}/pods/{name}"
        self.client.request("DELETE", path, what="delete a Pod", body={"gracePeriodSeconds": grace})


@contextlib.contextmanager
def served(server: Server, url: Callable[[], str], clients: int, rate: float, calls: int = 0) -> Iterator[Clients]:
    """Have a server, and clients that call it.

    :param url: returns the URL for clients once it can be called.
    """
    server.apply()
    calling: Clients | None = None
    try:
        server.settled(int(server.spec["replicas"]))
        calling = Clients(url(), clients, rate, calls)
        calling.ready()
        calling.happens("nothing")
        time.sleep(10)
        yield calling
    finally:
        if calling is not None:
            calling.close()
        server.client.request("DELETE", server.path, what="delete an MCPServer")


def url_of(server: Server) -> str:
    """Return the URL of the Service."""
    return f"http://{server.client.get('v1', 'Service', WATCHED, server.name)['spec']['clusterIP']}:8080/mcp"


def replaced(server: Server, **changes: Any) -> None:
    """Change the template, and wait until only Pods of it are left."""
    before = {pod["metadata"]["uid"] for pod in server.pods()}
    server.apply(**changes)
    server.settled(2)
    cluster.until("only new Pods are left", lambda: not before & {pod["metadata"]["uid"] for pod in server.pods()})


def failed(server: Server, **changes: Any) -> None:
    """Change the template for a bad one, wait until it is rolled back, and take the change back."""
    server.apply(**changes)
    server.rolled_back()
    server.apply()
    server.settled(2)


def killed(operator: Operator) -> None:
    """Kill the operator without a chance to end, and wait until it leads again."""
    for name in operator.pods():
        path = f"/api/v1/namespaces/{NAMESPACE}/pods/{name}"
        operator.client.request("DELETE", path, what="kill the operator", body={"gracePeriodSeconds": 0})
    operator.runs()


def scaled(server: Server, replicas: int) -> None:
    """Change the number of Pods."""
    server.apply(replicas=replicas)
    server.settled(replicas)


def events(server: Server, operator: Operator) -> dict[str, Callable[[], None]]:
    """Return what happens to the stateless server."""
    lacks = {**STRICT, "requiredCapabilities": ["telepathy"]}
    return {
        "good update": lambda: replaced(server, environment=[{"name": "ROUND", "value": "2"}]),
        "and back": lambda: replaced(server),
        "bad update: does not start": lambda: failed(server, image="localhost/mcp-servers/none:1"),
        "bad update: no MCP": lambda: failed(server, image=BROKEN, args=["html"]),
        "bad update: lacks a required capability": lambda: failed(server, validation=lacks),
        "bad update: hangs": lambda: failed(server, image=BROKEN, args=["silent"]),
        "scale from 2 to 4": lambda: scaled(server, 4),
        "scale from 4 to 2": lambda: scaled(server, 2),
        "operator killed": lambda: killed(operator),
        "a Pod deleted gracefully": lambda: (server.delete_pod(30), server.settled(2))[1],
    }


def forced(server: Server) -> dict[str, Callable[[], None]]:
    """Return what happens to the server that keeps sessions."""
    return {
        "good update": lambda: replaced(server, environment=[{"name": "ROUND", "value": "2"}]),
        "a Pod deleted gracefully": lambda: (server.delete_pod(30), server.settled(2))[1],
        "a Pod killed": lambda: (server.delete_pod(0), server.settled(2))[1],
    }


def watch(calling: Clients, happening: dict[str, Callable[[], None]]) -> dict[str, dict[str, Any]]:
    """Let one thing happen after the other, and return what the clients met with."""
    for what, do in happening.items():
        calling.happens(what)
        began = time.monotonic()
        do()
        # A Pod that has left its Service still answers for some seconds.
        time.sleep(_AFTER)
        print(f"{what}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return calling.met()


def table(title: str, met: dict[str, dict[str, Any]]) -> None:
    """Print what was met with."""
    print(f"\n{title} (load average {os.getloadavg()[0]:.1f})\n")
    print("| event | calls | retried | failures | longest gap, s |\n|---|---|---|---|---|")
    for what, found in met.items():
        counts = f"{found['calls']} | {found['retried']} | {len(found['failures'])}"
        print(f"| {what} | {counts} | {found['longest_gap']:.2f} |")
    for what, found in met.items():
        for failure in sorted(set(found["failures"])):
            print(f"\n{what}: {failure}")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=10)
    parser.add_argument("--rate", type=float, default=60, help="calls a second of all of them together")
    options = parser.parse_args()
    client = Client({"kubeconfig": cluster.kubeconfig()})
    cluster.load_images("go-sdk", "broken")
    spec = {"image": GO, "args": ["--stateless"], "replicas": 2, "validation": STRICT}
    with installed(client) as operator:
        free = Server(client, "bench-free", spec)
        with served(free, lambda: url_of(free), options.clients, options.rate) as calling:
            table("A stateless server", watch(calling, events(free, operator)))
        kept = Server(client, "bench-sessions", {**spec, "args": []})
        with served(kept, lambda: url_of(kept), options.clients, options.rate) as calling:
            table("A server that keeps sessions", watch(calling, forced(kept)))


if __name__ == "__main__":
    main()
