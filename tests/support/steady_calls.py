# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""One client for each of several Services, which calls all the time and repeats no call."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from support.bridging.client import Streamable
from support.calls import PROBLEMS, ROOT

PAUSE = 0.5
# A busy machine answers late.
TIMEOUT = 30.0
_BEGINS = "calling\n"


def one(url: str) -> None:
    """Make a handshake over a new connection, and end the session."""
    client = Streamable(url, TIMEOUT)
    with client.http:
        client.open()
        if "Mcp-Session-Id" in client.headers:
            client.http.delete(client.url, headers=client.headers, timeout=TIMEOUT)


def call(url: str, stop: threading.Event) -> dict[str, Any]:
    """Call until told to stop."""
    calls = 0
    failures: list[str] = []
    while not stop.is_set():
        calls += 1
        try:
            one(url)
        except PROBLEMS as exc:
            failures.append(f"{time.strftime('%H:%M:%S')} {type(exc).__name__}: {exc}"[:200])
        stop.wait(PAUSE)
    return {"calls": calls, "failures": failures}


@contextmanager
def calling(urls: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Call from where Services can be reached; afterwards, what is yielded has the number of calls and the failures.

    :param urls: URLs by name.
    """
    argv = [sys.executable, "tests/cluster", "run", "--", sys.executable, "-P", "-m", "support.steady_calls"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    found: dict[str, Any] = {}
    process = subprocess.Popen(
        [*argv, json.dumps(dict(urls))], cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == _BEGINS
        yield found
        output, _none = process.communicate(timeout=120)
        found.update(json.loads(output))
    finally:
        process.kill()
        process.wait()


def main(urls: str) -> None:
    """Call until standard input ends, and print the results by name."""
    sys.stdout.write(_BEGINS)
    sys.stdout.flush()
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    wanted = json.loads(urls)
    with ThreadPoolExecutor(len(wanted)) as pool:
        results = list(pool.map(lambda url: call(url, stop), wanted.values()))
    print(json.dumps(dict(zip(wanted, results, strict=True))))


if __name__ == "__main__":
    main(sys.argv[1])
