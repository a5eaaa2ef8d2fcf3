# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Draw the dashboards into ``docs/images`` from a run in the tests' cluster: ``make dashboard-pictures``.

The operator runs a small fleet for some minutes, which a real Prometheus scrapes: servers become ready, one fails, one
is updated to a program that is no MCP server and back, two are scaled, and clients call tools.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import cores
import yaml
from steps import COLLECTIONS, ROOT

sys.path[:0] = [str(COLLECTIONS), str(ROOT / "tests"), str(ROOT / "operator" / "src")]

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch  # noqa: E402
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client  # noqa: E402

from support import cluster, metrics  # noqa: E402
from support.bridging.client import RefusedError, Streamable  # noqa: E402
from support.forward import forward  # noqa: E402
from support.operator import NAMESPACE, SERVERS, Operator, alone, delete_namespace, make_namespace  # noqa: E402
from support.prometheus import panels, prometheus  # noqa: E402

TEAMS = ("team-a", "team-b")
GO = "localhost/mcp-servers/go-sdk:1.8.0"
FASTMCP = "localhost/mcp-servers/fastmcp:3.4.10"
BROKEN = "localhost/mcp-servers/broken:1"
# Of the sidecar: calls of clients, and metrics.
SERVED_PORT, METRICS_PORT = 8080, 9090
# The servers with a sidecar and the names of their metrics, and the server of the dashboard "MCP server".
CALLED = {"search": "otel", "tickets": "compatible"}
SHOWN = "wiki"
MINUTES = 7.0
PICTURES = ROOT / "docs" / "images"


def manifests() -> dict[tuple[str, str], dict[str, Any]]:
    """Return the specs by namespace and name."""
    http = {"type": "http", "config": {"http": {"port": 3001}}}
    called = {"image": GO, "environment": [{"name": "PORT", "value": "3001"}], "transport": http}
    return {
        ("team-a", SHOWN): {"image": GO},
        ("team-a", "notes"): {"image": FASTMCP},
        ("team-b", "maps"): spec_of("everything-sse-2025-3-19"),
        ("team-b", "vault"): {"image": BROKEN, "args": ["auth"]},
        ("team-b", "mail"): {"image": BROKEN, "args": ["html"]},
        **{
            ("team-a", name): {**called, "metrics": {"enabled": True, "names": names}} for name, names in CALLED.items()
        },
    }


def spec_of(name: str) -> dict[str, Any]:
    """Return the spec of a manifest of the tests."""
    path = ROOT / "tests" / "servers" / "manifests" / f"{name}.yaml"
    spec: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["spec"]
    return spec


class Fleet:
    """The MCPServers of the run."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def apply(self, namespace: str, name: str, spec: dict[str, Any]) -> None:
        meta = {"name": name, "namespace": namespace}
        body = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": meta, "spec": spec}
        path = f"{SERVERS}/{namespace}/mcpservers/{name}"
        query = {"fieldManager": "pictures", "force": "true"}
        self.client.request("PATCH", path, what="apply", body=ApplyPatch(body), query=query)

    def state(self, namespace: str, name: str) -> str:
        found = cluster.found(self.client, f"{SERVERS}/{namespace}/mcpservers/{name}") or {}
        validation = found.get("status", {}).get("validation") or {}
        return str(validation.get("state"))

    def pod(self, name: str) -> dict[str, Any]:
        [pod] = self.client.list("v1", "Pod", TEAMS[0], labelSelector=f"app={name}")
        return pod

    def sidecars(self) -> list[dict[str, Any]]:
        """Return what Prometheus scrapes, with the labels that the chart's PodMonitor sets."""
        found = []
        for name in CALLED:
            pod = self.pod(name)
            labels = {"namespace": TEAMS[0], "pod": pod["metadata"]["name"], "app_kubernetes_io_instance": name}
            found.append({"targets": [f"{pod['status']['podIP']}:{METRICS_PORT}"], "labels": labels})
        return found


@contextlib.contextmanager
def clients(fleet: Fleet) -> Iterator[None]:
    """Call a tool of each server with a sidecar twice a second, and now and then one that fails."""
    done = threading.Event()

    def call(name: str) -> None:
        pod = fleet.pod(name)["metadata"]["name"]
        with forward(fleet.client, TEAMS[0], pod, SERVED_PORT) as address:
            client = Streamable(f"http://{address}")
            client.open()
            number = 0
            while not done.wait(0.5):
                number += 1
                with contextlib.suppress(RefusedError):
                    client.request("tools/list") if number % 5 == 0 else None
                    client.tool("now", {"zone": "UTC" if number % 8 else "No/Where"})

    threads = [threading.Thread(target=call, args=(name,), daemon=True) for name in CALLED]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join(20)


def scenario(fleet: Fleet, start: float) -> None:
    """Change the fleet, at minutes after the start."""
    specs = manifests()
    wiki, notes = specs["team-a", SHOWN], specs["team-a", "notes"]
    steps: list[tuple[float, str, str, dict[str, Any]]] = [
        *((0.3, namespace, name, spec) for (namespace, name), spec in specs.items() if name not in CALLED),
        (2.0, "team-a", SHOWN, {**wiki, "replicas": 3}),
        (3.2, "team-a", SHOWN, {"image": BROKEN, "args": ["html"], "replicas": 3}),
        (4.6, "team-a", SHOWN, {**wiki, "replicas": 3}),
        (5.4, "team-a", "notes", {**notes, "replicas": 2}),
    ]
    for minute, namespace, name, spec in steps:
        time.sleep(max(0.0, start + minute * 60 - time.monotonic()))
        print(f"{time.monotonic() - start:5.0f} s: {namespace}/{name}", flush=True)
        fleet.apply(namespace, name, spec)
    time.sleep(max(0.0, start + MINUTES * 60 - time.monotonic()))


def answers(client: Client) -> dict[str, Any]:
    """Run the operator and the fleet, and return what the panels show at the end."""
    fleet, specs = Fleet(client), manifests()
    operator = Operator(client)
    operator.install(",".join(TEAMS))
    [pod] = operator.pods()
    address = client.get("v1", "Pod", NAMESPACE, pod)["status"]["podIP"]
    for name in CALLED:
        fleet.apply(TEAMS[0], name, specs[TEAMS[0], name])
    for name in CALLED:
        cluster.until(f"{name} is validated", lambda name=name: fleet.state(TEAMS[0], name) == "Validated", 180)
    with (
        metrics.reader(client) as token,
        prometheus(f"{address}:{metrics.PORT}", token, fleet.sidecars()),
        clients(fleet),
    ):
        scenario(fleet, time.monotonic())
        shown = panels(SHOWN, MINUTES) or {}
        # The dashboard of traffic is about all servers.
        shown["mcp-traffic"] = (panels(".*", MINUTES) or {})["mcp-traffic"]
    return shown


def main() -> None:
    """Run, and draw."""
    client = Client({"kubeconfig": cluster.kubeconfig()})
    cluster.load_images()
    cluster.load_images("mcp-stdio-bridge")
    file = ROOT / "build" / "dashboards.json"
    file.parent.mkdir(exist_ok=True)
    with alone():
        for team in TEAMS:
            make_namespace(client, team)
        try:
            file.write_text(json.dumps(answers(client)), encoding="utf-8")
        finally:
            for team in TEAMS:
                delete_namespace(client, team)
            Operator(client).uninstall()
    python = cores.installed("bench", "bench") / "python"
    subprocess.run([str(python), str(ROOT / "tests" / "tools" / "pictures.py"), str(file), str(PICTURES)], check=True)


if __name__ == "__main__":
    main()
