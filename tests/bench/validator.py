# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How fast one server is validated: ``python tests/bench/validator.py`` prints figures.

The servers run in another process, and so does the official Python client, which does the same: handshake and lists.
"""

from __future__ import annotations

import argparse
import importlib
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".cache" / "collections"), str(ROOT / "tests" / "servers")]


def serve(pipe: Any) -> None:
    """Open one correct server of each kind, tell the ports, and wait."""
    from zoo.fake_server import FakeServer
    from zoo.run import Zoo
    from zoo.servers import LegacySse, Stateless, Streamable

    kinds = {
        "streamable-http, JSON": Streamable,
        "streamable-http, SSE": lambda: Streamable(mode="sse"),
        "streamable-http, 2026-07-28": Stateless,
        "sse": lambda: LegacySse(one_client=False),
    }
    fake_servers = [FakeServer(name, keeper) for name, keeper in kinds.items()]
    with tempfile.TemporaryDirectory() as folder, Zoo(fake_servers, Path(folder)) as zoo:
        pipe.send(zoo.ports)
        pipe.recv()


def official(url: str, transport: str, runs: int) -> float:
    """Return the median milliseconds of the official Python client."""
    from oracle import environment

    command = [
        str(environment.python()),
        str(ROOT / "tests" / "bench" / "official_client.py"),
        url,
        transport,
        str(runs),
    ]
    paths = {**os.environ, "PYTHONPATH": str(environment.HERE)}
    done = subprocess.run(command, env=paths, check=True, capture_output=True, text=True)
    return statistics.median(json.loads(done.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    arguments = parser.parse_args()
    validator = importlib.import_module("ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api")

    def validate(port: int, path: str) -> None:
        report = validator.validate(validator.Target(url=f"http://127.0.0.1:{port}{path}"))
        assert report.compliant, report.issues

    here, there = multiprocessing.Pipe()
    servers = multiprocessing.get_context("spawn").Process(target=serve, args=(there,))
    servers.start()
    ports = here.recv()
    for name, port in ports.items():
        path, walls, began = "/sse" if name == "sse" else "/mcp", [], time.process_time()
        for _number in range(arguments.runs):
            start = time.perf_counter()
            validate(port, path)
            walls.append((time.perf_counter() - start) * 1000)
        cpu = (time.process_time() - began) * 1000 / arguments.runs
        line = f"{name:28} median {statistics.median(walls):6.2f} ms, CPU {cpu:5.2f} ms ({arguments.runs} runs)"
        if "2026" not in name:  # that client is of the line that shakes hands
            theirs = official(f"http://127.0.0.1:{port}{path}", name.partition(",")[0], min(arguments.runs, 50))
            line += f"; official client {theirs:6.2f} ms, {statistics.median(walls) / theirs:.2f} of it"
        print(line, flush=True)
    here.send(None)
    servers.join()


if __name__ == "__main__":
    main()
