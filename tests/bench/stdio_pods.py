# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the bridge costs in real Pods, and what a server's death costs behind it; prints Markdown.

    python3 tests/cluster run .venv/bin/python tests/bench/stdio_pods.py

Deploys published servers natively and behind the bridge, measures them one after another by their Pods' addresses, and
deletes the namespace.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".cache" / "collections"), str(ROOT / "tests")]

import requests  # noqa: E402 - after the paths
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client  # noqa: E402
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.pods import is_ready, restarts  # noqa: E402

from support import cluster, stdio  # noqa: E402
from support.bridging.client import RefusedError, Streamable  # noqa: E402
from support.playbooks import Playbooks  # noqa: E402

# For the playbook.
os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(ROOT / ".cache" / "collections")
os.environ["ANSIBLE_HOME"] = str(ROOT / ".cache" / "ansible")
FOLDER = ROOT / "tests" / "servers" / "manifests"
MIB = 1024 * 1024
SESSIONS = 5
PROBLEMS = (RefusedError, requests.RequestException)
# name -> the manifest it is made of, its mode, a call
SERVERS: dict[str, tuple[Path, str | None, tuple[str, dict[str, Any]]]] = {
    "clock-native": (FOLDER / "go-sdk.yaml", None, ("now", {})),
    "clock-session": (FOLDER / "stdio" / "clock.yaml", "session", ("now", {})),
    "clock-shared": (FOLDER / "stdio" / "clock.yaml", "shared", ("now", {})),
    "everything-native": (FOLDER / "everything-http.yaml", None, ("echo", {"message": "x"})),
    "everything-session": (FOLDER / "stdio" / "everything.yaml", "session", ("echo", {"message": "x"})),
    "everything-shared": (FOLDER / "stdio" / "everything.yaml", "shared", ("echo", {"message": "x"})),
    "time-session": (FOLDER / "stdio" / "time.yaml", "session", ("get_current_time", {"timezone": "UTC"})),
    "probe-session": (FOLDER / "stdio" / "broken" / "dies.yaml", "session", ("echo", {"text": "x"})),
    "probe-shared": (FOLDER / "stdio" / "broken" / "dies.yaml", "shared", ("echo", {"text": "x"})),
}


def manifests(folder: Path) -> None:
    for name, (source, mode, _call) in SERVERS.items():
        manifest = yaml.safe_load(source.read_text(encoding="utf-8"))
        manifest["metadata"]["name"] = name
        manifest["spec"]["resources"] = {"requests": {"cpu": "10m"}, "limits": {"memory": "2Gi"}}
        if mode:
            manifest["spec"]["transport"].setdefault("config", {}).setdefault("stdio", {}).update(
                mode=mode, maxSessions=32
            )
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")


def pod_of(client: Client, namespace: str, name: str) -> dict[str, Any]:
    def find() -> dict[str, Any] | None:
        found = client.list("v1", "Pod", namespace, labelSelector=f"app={name}")
        return next((pod for pod in found if is_ready(pod)), None)

    return cluster.until(f"a ready Pod of {name}", find, 120)


def url_of(pod: dict[str, Any]) -> str:
    return f"http://{pod['status']['podIP']}:8080"


def latencies(urls: dict[str, str], calls: int = 200) -> dict[str, str]:
    """Return the median and the 95th percentile of a call, in ms, of servers that are called in turn.

    What else the machine does then hits all of them alike.
    """
    clients = {name: Streamable(url, 60.0) for name, url in urls.items()}
    walls: dict[str, list[float]] = {name: [] for name in urls}
    for client in clients.values():
        client.open()
    for turn in range(calls + 5):
        for name, client in clients.items():
            began = time.perf_counter()
            client.tool(*SERVERS[name][2])
            if turn >= 5:
                walls[name].append((time.perf_counter() - began) * 1000)
    for client in clients.values():
        client.close()
    return {
        name: f"{statistics.median(seen):.2f} | {statistics.quantiles(seen, n=20)[-1]:.2f}"
        for name, seen in walls.items()
    }


def memory(client: Client, pod: dict[str, Any]) -> int:
    """Return the bytes that a Pod works with, as the kubelet tells."""
    path = f"/api/v1/nodes/{pod['spec']['nodeName']}/proxy/stats/summary"
    uid = pod["metadata"]["uid"]
    # Asked so, the kubelet looks now; else it tells what it saw some time ago.
    now = {"only_cpu_and_memory": "true"}
    for found in client.request("GET", path, what="read the kubelet's statistics", query=now)["pods"]:
        if found["podRef"]["uid"] == uid:
            return sum(
                int((container.get("memory") or {}).get("workingSetBytes") or 0) for container in found["containers"]
            )
    return 0


def per_session(client: Client, pod: dict[str, Any]) -> str:
    """Return what the Pod holds without a session, and what each of some idle ones adds."""
    before = memory(client, pod)
    users = [Streamable(url_of(pod), 60.0) for _ in range(SESSIONS)]
    for user in users:
        user.open()
        user.request("tools/list")
    after = memory(client, pod)
    for user in users:
        user.close()
    return f"{before / MIB:.0f} | {(after - before) / MIB / SESSIONS:.1f}"


def killed(client: Client, namespace: str, name: str, seconds: float = 20.0) -> str:
    """Kill the server of one of four clients that call without a pause; return what that cost."""
    pod = pod_of(client, namespace, name)
    before = restarts(pod)
    url, over = url_of(pod), time.monotonic() + seconds
    good: list[int] = [0] * 4
    bad: list[list[float]] = [[] for _ in range(4)]
    back: list[float] = [0.0] * 4

    def work(number: int) -> None:
        user: Streamable | None = None
        while time.monotonic() < over:
            try:
                if user is None:
                    user = Streamable(url, 10.0)
                    user.open()
                user.tool("echo", {"text": "x"})
                good[number] += 1
                if bad[number] and not back[number]:
                    back[number] = time.monotonic() - bad[number][0]
            except PROBLEMS:
                # A client begins another session when it is told that there is none.
                bad[number].append(time.monotonic())
                user = None
                time.sleep(0.05)
            if number == 0 and user is not None and not bad[0] and time.monotonic() > over - seconds + 5:
                with contextlib.suppress(*PROBLEMS):
                    user.tool("die")
                bad[0].append(time.monotonic())
                user = None

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    again = restarts(pod_of(client, namespace, name)) - before
    touched = sum(bool(failures) for failures in bad)
    failed = sum(len(failures) for failures in bad)
    return f"{sum(good)} | {failed} | {touched} of 4 | {max(back):.2f} | {again}"


def measure(client: Client, namespace: str) -> None:
    print("| server | call, ms, median | p95 | memory without a session, MiB | for each idle session, MiB |")
    print("|---|---|---|---|---|")
    pods = {name: pod_of(client, namespace, name) for name in SERVERS}
    for _kind, names in itertools.groupby(SERVERS, key=lambda name: name.split("-", maxsplit=1)[0]):
        for name, figures in latencies({name: url_of(pods[name]) for name in names}).items():
            print(f"| {name} | {figures} | {per_session(client, pods[name])} |", flush=True)
    print(
        "\n| killed under load | calls that succeeded | that failed | clients touched | seconds to recover | restarts |"
    )
    print("|---|---|---|---|---|---|")
    for name in ("probe-session", "probe-shared"):
        print(f"| {name} | {killed(client, namespace, name)} |", flush=True)


def main() -> None:
    kubeconfig = os.environ["KUBECONFIG"]
    client = Client({"kubeconfig": kubeconfig})
    cluster.load_images(*stdio.IMAGES, "go-sdk", "everything-http")
    with (
        cluster.namespace(client) as name,
        stdio.packages(client, name),
        tempfile.TemporaryDirectory() as folder,
    ):
        stdio.probe(client, name)
        manifests(Path(folder))
        options = {"mcp_manifests": folder, "mcp_namespace": name, "mcp_wait_timeout": 200}
        run = Playbooks(kubeconfig).run("deploy", **options)
        if run.code:
            sys.exit(run.output)
        measure(client, name)


if __name__ == "__main__":
    main()
