# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What clients notice of the canary of an exposed server, through a real Gateway; prints Markdown.

    .venv/bin/python tests/bench/canary.py

Official Python clients call a tool through Contour and Envoy, while a good version and bad ones are tried. The second
table has the shares that the sidecars of the canary counted, by weight.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import functools
import http.client
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families
from rollouts import BROKEN, GO, Client, Server, cluster, installed, served

from support import gateway
from support.official_clients import Clients

sys.path.insert(0, str(cluster.ROOT / "tests" / "cluster"))

from mcp_cluster import addresses
from mcp_cluster.machine.netns import NetworkNamespace
from mcp_cluster.providers import DEFAULT_TESTBED

PORT = 3001
STEPS = [{"weight": 10, "pause": "20s"}, {"weight": 25, "pause": "20s"}, {"weight": 50, "pause": "20s"}]
SPEC: dict[str, Any] = {
    "image": GO,
    "args": ["--stateless"],
    "replicas": 2,
    "environment": [{"name": "PORT", "value": str(PORT)}],
    "transport": {"type": "http", "config": {"http": {"port": PORT}}},
    "metrics": {"enabled": True, "names": "otel"},
    "validation": {"strictMode": True, "deadlineSeconds": 60},
    "rollout": {"strategy": "canary", "steps": STEPS, "analysis": {}},
}
# Title, and what differs from SPEC. The Gateway loses sessions, so without requests there is nothing to analyze.
SERVERS: dict[str, tuple[str, dict[str, Any]]] = {
    "sessions": (
        "A server with one Pod that keeps sessions",
        {"args": [], "replicas": 1, "rollout": {"strategy": "canary", "steps": STEPS}},
    ),
    "stateless": ("A stateless server with two Pods", {}),
}
_PROGRAM = """
import time
from fastmcp import FastMCP
server = FastMCP("clock", version="2.0.0")
@server.tool
def now(zone: str = "UTC") -> str:
    {body}
server.run(transport="http", host="0.0.0.0", port={port}, path="/mcp", stateless_http=True, show_banner=False)
"""
_FASTMCP = "localhost/mcp-servers/fastmcp:3.4.10"
_COUNT = "mcp_server_operation_duration_seconds_count"
_CANARY = "mcp.mcp-operator.io/canary"
_LIMIT = 300.0
Counts = collections.Counter[str]


def python(body: str) -> dict[str, Any]:
    """Return the fields of a version whose tool does something else."""
    program = _PROGRAM.format(body=body, port=PORT)
    return {"image": _FASTMCP, "command": ["/opt/venv/bin/python", "-c"], "args": [program]}


def counted(address: str) -> Counts | None:
    """Return the calls and the handshakes that the sidecar of a Pod has counted; None if it does not answer."""
    found = Counts()
    try:
        connection = http.client.HTTPConnection(address, 9090, timeout=2)
        place = NetworkNamespace(os.environ.get("MCP_TEST_CLUSTER") or DEFAULT_TESTBED)
        connection.sock = place.connect((address, 9090), 2)
        with contextlib.closing(connection):
            connection.request("GET", "/metrics")
            answer = connection.getresponse()
            text = answer.read().decode()
    except (OSError, http.client.HTTPException):
        return None
    if answer.status != http.HTTPStatus.OK:
        return None
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == _COUNT:
                found[sample.labels["mcp_method_name"]] += int(sample.value)
    return found


class Watcher:
    """Follows a canary: its phases, and what the sidecars of both sides count while a weight applies."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._before = _rollout(server).get("canaryRevision")
        self.has_begun = False
        self._began = time.monotonic()
        self.moments: dict[str, float] = {}
        self.shares: dict[int, dict[bool, Counts]] = {}
        self._last: tuple[int, dict[str, Counts]] = (-1, {})
        self._done = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Follow it no longer."""
        self._done.set()
        self._thread.join()
        self.check()

    def check(self) -> bool:
        """Return True while it is followed.

        :raises Exception: what has ended the thread that follows it.
        """
        if self._error is not None:
            raise self._error
        return True

    def _run(self) -> None:
        try:
            self._follow()
        except Exception as exc:  # raised again by the main thread
            self._error = exc

    def _follow(self) -> None:
        while not self._done.wait(0.5):
            rollout = _rollout(self._server)
            self.has_begun |= rollout.get("canaryRevision") not in (None, self._before)
            if not self.has_begun:
                continue
            weight = rollout.get("trafficWeight") or 0
            now = time.monotonic() - self._began
            self.moments.setdefault("tried", now)
            self.moments.setdefault(str(rollout.get("phase")), now)
            if weight:
                self.moments.setdefault("weighted", now)
            self._count(weight)

    def _count(self, weight: int) -> None:
        sides = {pod["metadata"]["name"]: _CANARY in pod["metadata"]["labels"] for pod in self._server.pods()}
        addresses_of = {pod["metadata"]["name"]: pod["status"].get("podIP") for pod in self._server.pods()}
        known, before = self._last
        kept = before if weight == known else {}
        read = {name: self._read(name, addresses_of[name], kept) for name in sides if addresses_of.get(name)}
        now = {name: counts for name, counts in read.items() if counts is not None}
        self._last = (weight, now)
        # The Gateway applies a weight a moment later: the first interval of a weight belongs to none.
        if not weight or weight != known:
            return
        shares = self.shares.setdefault(weight, {False: Counts(), True: Counts()})
        for name, counts in now.items():
            if name in before:
                shares[sides[name]].update(counts - before[name])

    @staticmethod
    def _read(name: str, address: str, kept: dict[str, Counts]) -> Counts | None:
        """Return what a sidecar has counted, or what it had when it last answered at this weight."""
        counts = counted(address)
        return kept.get(name) if counts is None else counts


def exposed(client: Client, name: str, **changes: Any) -> Server:
    """Return a server with a route."""
    return Server(client, name, {**SPEC, "expose": {"parentRefs": [gateway.PARENT], "path": f"/{name}"}, **changes})


def url_of(server: Server) -> str:
    """Return the URL of the route, once it leads to the server."""
    cluster.until("it is reachable", lambda: _condition(server, "Reachable") == "True", 120)
    return f"http://{addresses.GATEWAY}/{server.name}"


def _condition(server: Server, kind: str) -> str:
    status = server.client.request("GET", server.path, what="look").get("status") or {}
    return next((one["status"] for one in status.get("conditions") or [] if one["type"] == kind), "")


def _rollout(server: Server) -> dict[str, Any]:
    status = server.client.request("GET", server.path, what="look").get("status") or {}
    return dict(status.get("rollout") or {})


def tried(server: Server, calling: Clients, what: str, end: str, **changes: Any) -> Watcher:
    """Apply a version, and wait until its canary has ended."""
    calling.happens(what)
    watcher = Watcher(server)
    server.apply(**changes)
    cluster.until(f"{what}: it is tried", lambda: watcher.check() and watcher.has_begun, _LIMIT)
    cluster.until(f"{what}: {end}", lambda: watcher.check() and end in watcher.moments, _LIMIT)
    watcher.close()
    time.sleep(8)
    print(f"{what}: {watcher.moments}", file=sys.stderr, flush=True)
    return watcher


def report(met: dict[str, dict[str, Any]], watchers: dict[str, Watcher], ends: dict[str, str]) -> None:
    """Print both tables."""
    print(
        "\n| version | calls | repeated | failed | longest gap, s | tried until aborted, s | of these with requests |"
    )
    print("|---|---|---|---|---|---|---|")
    for what, found in met.items():
        moments = watchers[what].moments if what in watchers else {}
        aborted = moments.get("Aborted") if ends.get(what) == "Aborted" else None
        counts = f"{found['calls']} | {found['retried']} | {len(found['failures'])} | {found['longest_gap']:.2f}"
        seconds = [_between(moments.get(name), aborted) for name in ("tried", "weighted")]
        print(f"| {what or 'start'} | {counts} | {' | '.join(seconds)} |")
        for failure in sorted(set(found["failures"])):
            print(f"{what}: {failure}", file=sys.stderr)
    print("\n| version | weight | share of calls | share of new sessions | calls | new sessions |")
    print("|---|---|---|---|---|---|")
    for what, watcher in watchers.items():
        for weight, sides in sorted(watcher.shares.items()):
            sums = [sides[False][name] + sides[True][name] for name in ("tools/call", "initialize")]
            shares = [
                f"{100 * sides[True][name] / total:.1f}%" if total else ""
                for name, total in zip(("tools/call", "initialize"), sums, strict=True)
            ]
            print(f"| {what} | {weight} | {shares[0]} | {shares[1]} | {sums[0]} | {sums[1]} |")


def _between(begin: float | None, end: float | None) -> str:
    return "" if begin is None or end is None else f"{end - begin:.1f}"


def versions(name: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return how the canary of each version of a server ends, and what the version changes."""
    second = [*SPEC["environment"], {"name": "VERSION", "value": "2"}]
    no_server: dict[str, Any] = {"image": BROKEN, "args": ["html"]}
    in_use = {
        "bad: its tool fails": ("Aborted", python("raise RuntimeError('no time')")),
        "bad: its tool takes a second": ("Aborted", python("time.sleep(1); return 'now'")),
    }
    return {
        "bad: no MCP server": ("Aborted", no_server),
        # A canary that gets no requests shows nothing of them.
        **(in_use if name == "stateless" else {}),
        "good": ("Stable", {"environment": second}),
    }


def measure(client: Client, name: str, options: argparse.Namespace) -> None:
    """Try all versions of a server, and print both tables."""
    title, changes = SERVERS[name]
    server, wanted = exposed(client, f"bench-{name}", **changes), versions(name)
    ends = {what: end for what, (end, _new) in wanted.items()}
    load = os.getloadavg()[0]
    url = functools.partial(url_of, server)
    with served(server, url, options.clients, options.rate, options.calls) as calling:
        watchers = {what: tried(server, calling, what, end, **new) for what, (end, new) in wanted.items()}
        print(f"\n{title}; load average {load:.1f} to {os.getloadavg()[0]:.1f}")
        report(calling.met(), watchers, ends)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--servers", nargs="*", choices=list(SERVERS), default=list(SERVERS))
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rate", type=float, default=20, help="calls a second of all of them together")
    parser.add_argument("--calls", type=int, default=5, help="calls of each session")
    options = parser.parse_args()
    client = Client({"kubeconfig": cluster.kubeconfig()})
    cluster.load_images("go-sdk", "broken", "fastmcp", "mcp-stdio-bridge")
    with installed(client), gateway.served(client), tempfile.TemporaryDirectory() as folder:
        gateway.permit(client, Path(folder))
        for name in options.servers:
            measure(client, name, options)


if __name__ == "__main__":
    main()
