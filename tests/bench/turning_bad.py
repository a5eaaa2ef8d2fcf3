# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How soon a strict server that breaks MCP, or restarts, gets no new connection; twenty rollouts; prints Markdown.

.venv/bin/python tests/bench/turning_bad.py
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import time
from typing import Any

from rollouts import BROKEN, GO, Client, Server, cluster, installed
from watching import Watch

from support.gates import GATE, run, serving, switch
from support.operator import SERVERS, WATCHED

PROBE = {"periodSeconds": 10, "failureThreshold": 3}
ENV = [{"name": "ROUND", "value": "2"}]
PYTHON = "localhost/mcp-servers/fastmcp:3.4.10"
# Asks the server, which is the first process, to end; the kubelet starts another container.
END = ["/opt/venv/bin/python", "-c", "import os, signal; os.kill(1, signal.SIGTERM)"]
_LIMIT = 120.0


class Restart:
    """What a Pod says of itself, from before its container ends until it is ready with another one that is proved."""

    def __init__(self, client: Client, pod: dict[str, Any]) -> None:
        self._pod = pod["metadata"]["name"]
        self._old = pod["status"]["containerStatuses"][0]["containerID"]
        self._seen: list[tuple[float, str, bool, bool]] = []
        self._watch = Watch(client, f"/api/v1/namespaces/{WATCHED}/pods", self._take)

    def _take(self, _kind: str, item: dict[str, Any]) -> None:
        if item["metadata"]["name"] != self._pod:
            return
        status = item["status"]
        container = status["containerStatuses"][0].get("containerID") or self._old
        conditions = {entry["type"]: entry for entry in status["conditions"]}
        gate = conditions.get(GATE) or {}
        proved = gate.get("status") == "True" and container in str(gate.get("message"))
        self._seen.append((time.monotonic(), container, conditions["Ready"]["status"] == "True", proved))

    def wait(self) -> tuple[float, float]:
        """Return the seconds in which it was ready with a container that is not proved, and until it is ready again."""

        def over() -> bool:
            return any(container != self._old and ready and proved for _now, container, ready, proved in self._seen)

        cluster.until("it is ready again", over, _LIMIT)
        self._watch.close()
        began = next(now for now, container, _ready, _proved in self._seen if container != self._old)
        end = next(now for now, container, ready, proved in self._seen if container != self._old and ready and proved)
        window = sum(
            later[0] - now
            for (now, container, ready, proved), later in itertools.pairwise(self._seen)
            if container != self._old and ready and not proved
        )
        return window, end - began


def restarting(client: Client, times: int) -> None:
    """Let the container of a proved Pod end, and see for how long the Pod is ready with one that is not proved."""
    server = Server(client, "bench-restart", {"image": PYTHON, "validation": {"strictMode": True}})
    server.apply()
    windows, ready = [], []
    try:
        server.settled(1)
        for _time in range(times):
            [pod] = server.pods()
            seen = Restart(client, pod)
            run(client, pod["metadata"]["name"], END)
            window, again = seen.wait()
            windows.append(window)
            ready.append(again)
            server.settled(1)
    finally:
        client.request("DELETE", server.path, what="delete an MCPServer")
    what = "container restarted: ready with one that is not proved"
    print(f"| {what} | {statistics.median(windows):.2f} | {max(windows):.2f} |")
    print(f"| and from the new container to ready and proved | {statistics.median(ready):.1f} | {max(ready):.1f} |")


def taken(what: str, check: Any) -> float:
    """Return the seconds until something is so."""
    began = time.monotonic()
    cluster.until(what, check, _LIMIT)
    return time.monotonic() - began


def turning_bad(client: Client, times: int) -> None:
    """Let one of two Pods turn bad and well again."""
    validation = {"strictMode": True, "probe": PROBE}
    server = Server(
        client, "bench-bad", {"image": BROKEN, "args": ["switchable"], "replicas": 2, "validation": validation}
    )
    server.apply()
    try:
        server.settled(2)
        away, back = [], []
        for _time in range(times):
            pod = min(serving(client, server.name))
            switch(client, pod, "html")
            away.append(taken("it is out", lambda pod=pod: pod not in serving(client, server.name)))
            switch(client, pod, "good")
            back.append(taken("it is back", lambda pod=pod: pod in serving(client, server.name)))
    finally:
        client.request("DELETE", server.path, what="delete an MCPServer")
    print(f"| turned bad, until out of the EndpointSlice | {statistics.median(away):.1f} | {max(away):.1f} |")
    print(f"| well again, until back in it | {statistics.median(back):.1f} | {max(back):.1f} |")


def rollouts(client: Client, count: int) -> None:
    """Update many strict servers at once, and look all the time whether each of them serves."""
    spec = {"image": GO, "validation": {"strictMode": True}}
    servers = [Server(client, f"bench-{number}", spec) for number in range(count)]
    try:
        for server in servers:
            server.apply()
        for server in servers:
            server.settled(1)
        least = {server.name: 1 for server in servers}
        began = time.monotonic()
        for server in servers:
            server.apply(environment=ENV)
        left = {server.name: server for server in servers}
        done: list[float] = []
        while left and time.monotonic() - began < _LIMIT:
            listed = {
                one["metadata"]["name"]: one
                for one in client.request("GET", f"{SERVERS}/{WATCHED}/mcpservers", what="look")["items"]
            }
            for name in list(left):
                least[name] = min(least[name], len(serving(client, name)))
                status, meta = listed[name].get("status") or {}, listed[name]["metadata"]
                validated = (status.get("validation") or {}).get("validatedGeneration") == meta["generation"]
                if status.get("phase") == "Running" and validated:
                    done.append(time.monotonic() - began)
                    del left[name]
    finally:
        for server in servers:
            client.request("DELETE", server.path, what="delete an MCPServer")
    what = f"{count} strict servers updated at once, until validated anew"
    print(f"| {what} | {statistics.median(done):.1f} | {max(done):.1f} |")
    print(f"\nNot updated: {len(left)}. Fewest Pods that served, of any of them at any time: {min(least.values())}.")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--rollouts", type=int, default=20)
    options = parser.parse_args()
    client = Client({"kubeconfig": cluster.kubeconfig()})
    cluster.load_images("go-sdk", "broken", "fastmcp")
    with installed(client):
        print(f"Load average {os.getloadavg()[0]:.1f}\n\n| | median, s | most, s |\n|---|---|---|", flush=True)
        restarting(client, options.times)
        turning_bad(client, options.times)
        rollouts(client, options.rollouts)


if __name__ == "__main__":
    main()
