# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Whether the memory of an operator grows while a fleet is validated again and again; prints Markdown.

    .venv/bin/python tests/bench/soak.py --servers 2000 --hours 24 --speed 60

No cluster takes part, and time passes faster for the operator. Each Pod is probed every ten minutes, and each hour one
of a hundred containers is restarted. A probe is lost if a container has none for two intervals. Other programs delay
the operator by as much more as its time is faster.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import statistics
import threading
import time
from typing import Any, cast

import simulate
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer
from mcp_operator._vendor._kube.client import Client
from mcp_operator.cluster.source import Source
from mcp_operator.cluster.store import Key, Store
from mcp_operator.status.controller import ProbeSettings, StatusController
from mcp_operator.watches.definition import Watch
from mcp_operator.workloads.sources import watched

WATCH = Watch(group="mcp.mcp-operator.io", version="v1", kind="MCPServer", role="none", manage_status=False)
INTERVAL = 600.0
# A probe is due after 0.9 to 1.1 intervals. Without one for twice as long, one was left out.
LATEST = 2 * INTERVAL
HOUR = 3600.0
SAMPLES_IN_HOUR = 4
# Every hundredth container is restarted each hour.
RESTARTED = 0.01
TOOLS = [{"name": f"tool_number_{index}", "description": "x" * 200} for index in range(12)]
REPORT = json.dumps(
    {
        **dict.fromkeys(("compliant", "connected"), True),
        **dict.fromkeys(("requires_auth", "session"), False),
        "transport": "streamable-http",
        "path": "/mcp",
        "protocol_version": "2025-11-25",
        "supported_versions": ["2025-11-25"],
        "capabilities": ["tools"],
        "server_info": {"name": "simulated", "version": "1"},
        "tools": {"count": len(TOOLS), "names": [tool["name"] for tool in TOOLS], "truncated": False},
        "issues": [],
    }
)


class FastClock:
    """The clock of the machine, some times as fast."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._began, self._epoch = time.monotonic(), time.time()

    def now(self) -> float:
        return (time.monotonic() - self._began) * self._speed

    def epoch(self) -> float:
        return self._epoch + self.now()

    def wait_until(self, condition: threading.Condition, moment: float | None) -> None:
        seconds = None if moment is None else (moment - self.now()) / self._speed
        if seconds is None or seconds > 0:
            condition.wait(seconds)


class Cluster:
    """The API server, the Pods and their servers, as the operator sees them."""

    def __init__(self, clock: FastClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._version = 1_000_000_000
        self.store = Store()
        self.writes = self.events = self.probes = self.restarts = 0
        # When each container was probed last, or began to be ready.
        self.probed: dict[str, float] = {}
        self.latest = 0.0
        probes, client = ProbeSettings(probe=self.probe), cast("Client", self)
        self.controller = StatusController(
            WATCH, self.store, client, may_write=lambda: True, probes=probes, clock=clock
        )
        self._sources: dict[str, Source] = {source.gvk.kind: source for source in self.controller.sources}
        self._sources["MCPServer"] = watched(WATCH)
        self._pods: list[dict[str, Any]] = []

    def add(self, items: list[dict[str, Any]]) -> None:
        for item in items:
            self._put(item)
            if item["kind"] == "Pod":
                self._pods.append(item)
                self.probed[item["status"]["containerStatuses"][0]["containerID"]] = 0.0

    def start(self) -> None:
        """Start the operator; from now on its servers wait for probes."""
        self.probed = dict.fromkeys(self.probed, self._clock.now())
        self.controller.start()

    def restart(self) -> None:
        """Restart the container of one Pod: it has another ID."""
        pod = random.choice(self._pods)
        container = pod["status"]["containerStatuses"][0]
        with self._lock:
            del self.probed[container["containerID"]]
            self.restarts += 1
            container["restartCount"] += 1
            container["containerID"] = f"containerd://{self.restarts:064x}-restarted"
            self.probed[container["containerID"]] = self._clock.now()
        self._put(pod)

    def lost(self) -> int:
        """Return how many containers wait for a probe for too long."""
        now = self._clock.now()
        with self._lock:
            return sum(now - when > LATEST for when in self.probed.values())

    # --- what the operator calls ---

    def probe(self, request: Any) -> dict[str, Any]:
        with self._lock:
            self.probes += 1
            now, name = self._clock.now(), request.container.container_id
            if name in self.probed:
                self.latest = max(self.latest, now - self.probed[name])
                self.probed[name] = now
        found: dict[str, Any] = json.loads(REPORT)
        return found

    def apply(self, manifest: dict[str, Any], **_more: Any) -> dict[str, Any]:
        key = Key(WATCH.id, manifest["metadata"]["namespace"], manifest["metadata"]["name"])
        with self._lock:
            self.writes += 1
        server = dict(self.store.get(key) or {})
        server["status"] = copy.deepcopy(manifest["status"])
        server["metadata"] = {**server["metadata"], "resourceVersion": self._next_version()}
        self.store.put(key, server)
        return server

    def create(self, manifest: dict[str, Any], **_more: Any) -> dict[str, Any]:
        return manifest

    def request(self, _method: str, _path: str, **_more: Any) -> dict[str, Any]:
        with self._lock:
            self.events += 1
        return {"metadata": {}}

    def _put(self, item: dict[str, Any]) -> None:
        source = self._sources.get(item["kind"])
        if source is not None:
            received = json.loads(json.dumps(item))
            received["metadata"]["resourceVersion"] = self._next_version()
            value = source.keep(received)
            assert value is not None
            self.store.put(Key(source.id, value["metadata"]["namespace"], value["metadata"]["name"]), value)

    def _next_version(self) -> str:
        with self._lock:
            self._version += 1
            return str(self._version)


def main() -> None:
    """Let the time pass."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--servers", type=int, default=2000)
    parser.add_argument("--hours", type=float, default=24.0, help="of the operator's time (default 24)")
    parser.add_argument("--speed", type=float, default=60.0, help="how much faster it passes (default 60)")
    options = parser.parse_args()
    clock = FastClock(options.speed)
    cluster = Cluster(clock)
    renderer = Renderer(str(simulate.ROOT / "roles" / "mcpserver" / "templates"))
    for number in range(options.servers):
        cluster.add(simulate.objects(renderer, number))
    cluster.start()
    began, cpu = clock.now(), time.process_time()
    samples: list[tuple[float, float]] = []
    lost = 0
    restarts = (began + HOUR / (RESTARTED * options.servers) * index for index in range(1, 1 << 30))
    restart, sample = next(restarts), began
    print(
        "| hour | MiB | probes | status writes | Events | restarts | waiting too long |\n|---|---|---|---|---|---|---|"
    )
    while (now := clock.now()) < began + options.hours * HOUR:
        if now >= restart:
            cluster.restart()
            restart = next(restarts)
        if now >= sample:
            sample += HOUR / SAMPLES_IN_HOUR
            hour, lost = (now - began) / HOUR, lost + cluster.lost()
            samples.append((hour, simulate.pss()))
            counts = f"{cluster.probes:,} | {cluster.writes:,} | {cluster.events:,} | {cluster.restarts}"
            print(f"| {hour:.2f} | {samples[-1][1]:.1f} | {counts} | {lost} |", flush=True)
        time.sleep(max(0.0, min(restart, sample) - clock.now()) / options.speed)
    used = time.process_time() - cpu
    # All containers have been validated again after the first hour.
    settled = [one for one in samples if one[0] >= min(1.0, options.hours / 2)]
    slope = statistics.linear_regression(*zip(*settled, strict=True)).slope
    print(
        f"\n{options.servers:,} MCPServers for {options.hours:g} h at {options.speed:g} x: {cluster.probes:,} probes, "
        f"the longest wait for one {cluster.latest:.0f} s, {lost} lost; memory grows by {slope:.2f} MiB an hour; "
        f"{used:.0f} CPU s"
    )
    cluster.controller.stop()


if __name__ == "__main__":
    main()
