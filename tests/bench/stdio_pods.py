# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the bridge costs in real Pods, and what a server's death costs behind it; prints Markdown.

    .venv/bin/python tests/bench/stdio_pods.py

Deploys published servers natively and behind the bridge, measures them one after another by their Pods' addresses, and
deletes the namespace.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import statistics
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import requests
from stdio_servers import SERVERS, Client, deployed, inside, load, ready_pod, restarts, url_of

from support import cluster
from support.bridging.client import RefusedError, Streamable

GROUPS = Path("/sys/fs/cgroup")
MIB = 1024 * 1024
SESSIONS = 5
PROBLEMS = (RefusedError, requests.RequestException)
Pods = dict[str, dict[str, Any]]


def figures(walls: list[float]) -> str:
    """Return the median and the 95th percentile."""
    return f"{statistics.median(walls):.2f} | {statistics.quantiles(walls, n=20)[-1]:.2f}"


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
            client.tool(*SERVERS[name].call)
            if turn >= 5:
                walls[name].append((time.perf_counter() - began) * 1000)
    for client in clients.values():
        client.close()
    return {name: figures(seen) for name, seen in walls.items()}


def used(pod: dict[str, Any]) -> tuple[int, float]:
    """Return the bytes that a Pod works with, as the kubelet counts them, and the CPU seconds that it has had.

    By its control group, so its node must be this machine: the kubelet tells what was some time ago.
    """
    second = not (GROUPS / "memory").is_dir()
    memory, cpu = (_group(GROUPS if second else GROUPS / name, pod) for name in ("memory", "cpuacct"))
    stat = dict(line.split() for line in (memory / "memory.stat").read_text(encoding="ascii").splitlines())
    if second:
        seconds = int((cpu / "cpu.stat").read_text(encoding="ascii").split()[1]) / 1e6
        return int((memory / "memory.current").read_text(encoding="ascii")) - int(stat["inactive_file"]), seconds
    held = int((memory / "memory.usage_in_bytes").read_text(encoding="ascii")) - int(stat["total_inactive_file"])
    return held, int((cpu / "cpuacct.usage").read_text(encoding="ascii")) / 1e9


def _group(root: Path, pod: dict[str, Any]) -> Path:
    return next(root.glob(f"**/*pod{pod['metadata']['uid']}*"))


def settled(pod: dict[str, Any]) -> tuple[int, float]:
    """Return the same when the Pod has done what it does beside: it ends processes, or starts a spare."""
    last = [used(pod)[1]]

    def quiet() -> tuple[int, float] | None:
        time.sleep(1)
        memory, cpu = used(pod)
        done = cpu - last[0] < 0.02
        last[0] = cpu
        return (memory, cpu) if done else None

    return cluster.until("the Pod is idle", quiet, 90)


def sessions(name: str, pod: dict[str, Any]) -> str:
    """Return how long some sessions took to begin, one after another; what a Pod holds without one and what each idle
    one adds, in MiB; and what the start of one costs in CPU seconds."""
    url = url_of(pod)

    def tells(what: str) -> bool:
        return bool(requests.get(f"{url}/healthz", timeout=5).json()[what])

    if not SERVERS[name].native:
        # What clients without sessions share ends after a minute.
        cluster.until("the end of that process", lambda: not tells("public"), 90)
    before, cpu = settled(pod)
    users = [Streamable(url, 120.0) for _ in range(SESSIONS)]
    walls = []
    for user in users:
        began = time.perf_counter()
        user.open()
        walls.append((time.perf_counter() - began) * 1000)
        user.request("tools/list")
        if SERVERS[name].way == "spare":
            cluster.until("another spare", lambda: tells("spare"), 90)
            settled(pod)  # it has started, too
    after, cpu_then = settled(pod)
    for user in users:
        user.close()
    added = (after - before) / MIB / SESSIONS
    return (
        f"{statistics.median(walls):.0f} | {max(walls):.0f} | {before / MIB:.0f} | {added:.1f} | "
        f"{(cpu_then - cpu) / SESSIONS:.2f}"
    )


def burst(pod: dict[str, Any], clients: int) -> str:
    """Return how long the sessions of clients that come at once took to begin, in seconds."""
    walls: list[float] = []

    def work() -> None:
        user = Streamable(url_of(pod), 120.0)
        began = time.perf_counter()
        user.open()
        walls.append(time.perf_counter() - began)
        user.close()

    _together([work] * clients)
    return f"{min(walls):.2f} | {statistics.median(walls):.2f} | {max(walls):.2f}"


def killed(client: Client, namespace: str, name: str, seconds: float = 20.0) -> str:
    """Kill the server of one of four clients that call without a pause; return what that cost."""
    pod = ready_pod(client, namespace, name)
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

    _together([lambda number=number: work(number) for number in range(4)])
    again = restarts(ready_pod(client, namespace, name)) - before
    touched = sum(bool(failures) for failures in bad)
    failed = sum(len(failures) for failures in bad)
    return f"{sum(good)} | {failed} | {touched} of 4 | {max(back):.2f} | {again}"


def _together(works: Iterable[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def calls(pods: Pods) -> None:
    print(f"\n| server | call, ms: median | p95 |  ({load()})\n|---|---|---|")
    for _kind, names in itertools.groupby(pods, key=lambda name: name.split("-", maxsplit=1)[0]):
        for name, found in latencies({name: url_of(pods[name]) for name in names}).items():
            print(f"| {name} | {found} |", flush=True)


def costs(pods: Pods) -> None:
    columns = "begin, ms: median | longest | MiB without a session | for each idle one | CPU s of a start"
    print(f"\n| server | {columns} |  ({load()})")
    print("|---|---|---|---|---|---|")
    for name, pod in pods.items():
        print(f"| {name} | {sessions(name, pod)} |", flush=True)


def crowds(pods: Pods) -> None:
    print(f"\n| four clients at once | begin, s: first | median | last |  ({load()})\n|---|---|---|---|")
    for name, pod in pods.items():
        print(f"| {name} | {burst(pod, 4)} |", flush=True)


def deaths(client: Client, namespace: str) -> None:
    print(
        f"\n| killed under load | calls good | failed | clients touched | seconds to recover | restarts |  ({load()})"
    )
    print("|---|---|---|---|---|---|")
    for name in ("probe-session", "probe-spare", "probe-shared"):
        print(f"| {name} | {killed(client, namespace, name)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="part of a server's name")
    parser.add_argument("--measure", nargs="*", default=["calls", "costs", "crowds", "deaths"])
    wanted = parser.parse_args()
    names = [name for name in SERVERS if wanted.only in name]
    with deployed(*names) as (client, namespace):
        pods = {name: ready_pod(client, namespace, name) for name in names}
        for measure in wanted.measure:
            match measure:
                case "calls":
                    calls(pods)
                case "costs":
                    costs(pods)
                case "crowds":
                    crowds(pods)
                case "deaths":
                    deaths(client, namespace)


if __name__ == "__main__" and inside():
    main()
