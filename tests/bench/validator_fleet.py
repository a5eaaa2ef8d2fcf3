# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How fast many servers are validated in one task: ``python tests/bench/validator_fleet.py`` prints figures.

Each size runs in a process of its own, so that its memory can be told; the servers, each on its own port, in another.
"""

from __future__ import annotations

import argparse
import importlib
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".cache" / "collections"), str(ROOT / "tests" / "servers")]

HOST = "127.0.0.1"
SILENT_TIMEOUT = 5.0


def serve(pipe: Any, count: int) -> None:
    """Open correct servers and silent ones, tell the ports, and wait."""
    from zoo.fake_server import FakeServer
    from zoo.fake_servers.all import FAKE_SERVERS
    from zoo.run import Zoo
    from zoo.servers import Streamable

    silent = next(fake_server.raw for fake_server in FAKE_SERVERS if fake_server.name == "never-answers")
    fake_servers = [FakeServer(f"good-{number}", lambda: Streamable(mode="sse")) for number in range(count)]
    fake_servers += [FakeServer(f"silent-{number}", raw=silent) for number in range(count // 10)]
    with tempfile.TemporaryDirectory() as folder, Zoo(fake_servers, Path(folder)) as zoo:
        pipe.send([zoo.ports[fake_server.name] for fake_server in fake_servers])
        pipe.recv()


def validate(pipe: Any, good: list[int], silent: list[int], concurrency: int) -> None:
    """Validate all, and tell when the last good one was done, when all were, and the memory that it took."""
    package = "ansible_collections.mcp.kubernetes.plugins.module_utils._mcp"
    fleet, options = importlib.import_module(f"{package}.api"), importlib.import_module(f"{package}.options")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    every = len(good) // max(1, len(silent)) if silent else 0
    ports = []
    for number, port in enumerate(good):  # the silent ones among the others
        ports.append((port, False))
        if every and number % every == 0 and number // every < len(silent):
            ports.append((silent[number // every], True))
    how = options.Options(timeout=SILENT_TIMEOUT, request_timeout=SILENT_TIMEOUT) if silent else options.Options()
    start = time.perf_counter()
    jobs = [(options.Target(url=f"http://{HOST}:{port}/mcp"), how) for port, _quiet in ports]
    reports = fleet.validate_all(jobs, concurrency)
    took = time.perf_counter() - start
    assert [not report.compliant for report in reports] == [quiet for _port, quiet in ports]
    slowest = max(report.duration for report, (_port, quiet) in zip(reports, ports, strict=True) if not quiet)
    pipe.send((took, slowest, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before))


def measure(good: list[int], silent: list[int], concurrency: int) -> None:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=validate, args=(there, good, silent, concurrency))
    process.start()
    took, slowest, grown = here.recv()
    process.join()
    quiet = f" and {len(silent)} that never answer (deadline {SILENT_TIMEOUT:g} s)" if silent else ""
    print(
        f"{len(good)} servers{quiet}, {concurrency} at a time: {took:.1f} s, {took * 1000 / len(good):.1f} ms each, "
        f"the slowest good one {slowest:.2f} s, {grown / 1024:.0f} MiB more memory",
        flush=True,
    )


def in_a_playbook(ports: list[int], concurrency: int) -> None:
    """Measure a whole run of ansible-playbook with one task."""
    task = {
        "mcp.kubernetes.mcp_validate": {
            "targets": [{"url": f"http://{HOST}:{port}/mcp"} for port in ports],
            "concurrency": concurrency,
        },
        "register": "fleet",
    }
    with tempfile.TemporaryDirectory() as folder:
        playbook = Path(folder) / "fleet.json"
        check = {"ansible.builtin.assert": {"that": ["fleet.compliant", f"fleet.reports | length == {len(ports)}"]}}
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task, check]}]))
        environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "collections")}
        command = [str(Path(sys.executable).with_name("ansible-playbook")), str(playbook)]
        start = time.perf_counter()
        subprocess.run(command, env=environment, check=True, capture_output=True)
        took = time.perf_counter() - start
    print(f"{len(ports)} servers in one task, {concurrency} at a time: {took:.1f} s for all of ansible-playbook")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 1000, 2000])
    parser.add_argument("--concurrency", type=int, default=64)
    arguments = parser.parse_args()
    most = max(arguments.sizes)
    # A listening socket and a connection or two for each server.
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(limit[1], 4 * most + 1000), limit[1]))
    here, there = multiprocessing.Pipe()
    servers = multiprocessing.get_context("spawn").Process(target=serve, args=(there, most))
    servers.start()
    ports = here.recv()
    good, silent = ports[:most], ports[most:]
    for size in arguments.sizes:
        measure(good[:size], [], arguments.concurrency)
    size = arguments.sizes[0]
    measure(good[: size - size // 10], silent[: size // 10], arguments.concurrency)
    in_a_playbook(good[:size], arguments.concurrency)
    here.send(None)
    servers.join()


if __name__ == "__main__":
    main()
