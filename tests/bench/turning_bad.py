# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How soon a strict server that breaks MCP gets no new connection, and twenty rollouts at once; prints Markdown.

.venv/bin/python tests/bench/turning_bad.py
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from typing import Any

import kubernetes.client
import kubernetes.stream
from rollouts import BROKEN, GO, Client, Server, cluster, shared

from support.operator import SERVERS, WATCHED

PROBE = {"periodSeconds": 10, "failureThreshold": 3}
ENV = [{"name": "ROUND", "value": "2"}]
_LIMIT = 120.0


def serving(client: Client, name: str) -> set[str]:
    """Return the Pods to which a Service sends new connections."""
    path = f"/apis/discovery.k8s.io/v1/namespaces/{WATCHED}/endpointslices"
    query = {"labelSelector": f"kubernetes.io/service-name={name}"}
    slices = client.request("GET", path, what="list EndpointSlices", query=query)["items"]
    return {
        entry["targetRef"]["name"]
        for found in slices
        for entry in found.get("endpoints") or []
        if entry["conditions"].get("ready")
    }


def switch(client: Client, pod: str, mode: str) -> None:
    """Let the switchable server answer in another way."""
    api = kubernetes.client.CoreV1Api(kubernetes.client.ApiClient(client.configuration))
    command = ["/server", "switch", mode]
    call = api.connect_get_namespaced_pod_exec
    kubernetes.stream.stream(call, pod, WATCHED, command=command, stdout=True, stderr=True)


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
    cluster.load_images("go-sdk", "broken")
    with shared(client, os.environ.get("MCP_TEST_CLUSTER", "default")):
        print(f"Load average {os.getloadavg()[0]:.1f}\n\n| | median, s | most, s |\n|---|---|---|", flush=True)
        turning_bad(client, options.times)
        rollouts(client, options.rollouts)


if __name__ == "__main__":
    main()
