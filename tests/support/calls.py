# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A client that calls a Service over and over by new connections, and what it met with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from support.bridging.client import RefusedError, Streamable

ROOT = Path(__file__).resolve().parents[2]
PAUSE = 0.05
# A Pod without a preStop hook ends before kube-proxy has heard of it, which gathers changes for a second, and on a busy
# machine takes several to carry them out.
RETRY_AFTER, TRIES = 2.0, 4
TIMEOUT = 3.0
_BEGINS = "calling\n"
PROBLEMS = (RefusedError, requests.RequestException)


def one(url: str) -> None:
    """Make a handshake by a connection of its own, as a client does that comes anew."""
    client = Streamable(url, TIMEOUT)
    # Certificates of tests have no name for the address of a Service.
    client.tls = {"verify": False} if url.startswith("https:") else {}
    with client.http:
        client.open()


def call(url: str, stop: threading.Event) -> dict[str, Any]:
    """Call until told to stop; one that fails is tried again some times, by new connections."""
    calls, retried = 0, 0
    failures: list[str] = []
    trouble = ""
    while not stop.is_set():
        calls += 1
        for number in range(TRIES):
            try:
                one(url)
                break
            except PROBLEMS as exc:
                retried += 1
                trouble = f"{type(exc).__name__}: {exc}"[:200]
                if number + 1 < TRIES:
                    time.sleep(RETRY_AFTER)
        else:
            failures.append(trouble)
        time.sleep(PAUSE)
    return {"calls": calls, "retried": retried, "failures": failures}


@contextmanager
def calling(url: str, *, clients: int = 1) -> Iterator[dict[str, Any]]:
    """Call from where Services can be reached; afterwards what is yielded says how it went.

    The program is calling when this yields.

    :param clients: how many call at once.
    """
    argv = [
        sys.executable,
        "tests/cluster",
        "run",
        "--",
        sys.executable,
        "-P",
        "-m",
        "support.calls",
        url,
        str(clients),
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    found: dict[str, Any] = {}
    process = subprocess.Popen(argv, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == _BEGINS
        yield found
        output, _none = process.communicate(timeout=60)
        found.update(json.loads(output))
    finally:
        process.kill()
        process.wait()


def main(url: str, clients: str) -> None:
    """Call until standard input ends, and print what was met with."""
    sys.stdout.write(_BEGINS)
    sys.stdout.flush()
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    with ThreadPoolExecutor(int(clients)) as pool:
        found = list(pool.map(lambda _number: call(url, stop), range(int(clients))))
    counts = {name: sum(one[name] for one in found) for name in ("calls", "retried")}
    print(json.dumps({**counts, "failures": [failure for one in found for failure in one["failures"]]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
