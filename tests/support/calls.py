# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Clients that call Services over and over by new connections, and what they met with."""

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
from pathlib import Path
from typing import Any, NamedTuple

import requests

from support.bridging.client import RefusedError, Streamable

ROOT = Path(__file__).resolve().parents[2]
_BEGINS = "calling\n"
_PROBLEMS = (RefusedError, requests.RequestException)


class Manner(NamedTuple):
    """How a client calls.

    :param pause: seconds between two calls.
    :param timeout: seconds to wait for an answer.
    :param tries: how often a call that fails is made, each time by a new connection.
    :param ends: whether it ends its sessions.
    """

    pause: float
    timeout: float
    tries: int
    ends: bool


# A Pod without a preStop hook ends before kube-proxy has heard of it, which gathers changes for a second, and on a busy
# machine takes several to carry them out.
_RETRY_AFTER = 2.0
BUSY = Manner(pause=0.05, timeout=3.0, tries=4, ends=False)
# A busy machine answers late, and sessions that do not end fill a server that is called for a long time.
STEADY = Manner(pause=0.5, timeout=30.0, tries=1, ends=True)


def one(url: str, manner: Manner) -> None:
    """Make a handshake by a connection of its own, as a client does that comes anew."""
    client = Streamable(url, manner.timeout)
    # Certificates of tests have no name for the address of a Service.
    client.tls = {"verify": False} if url.startswith("https:") else {}
    with client.http:
        client.open()
        if manner.ends and "Mcp-Session-Id" in client.headers:
            client.http.delete(client.url, headers=client.headers, timeout=manner.timeout)


def call(url: str, manner: Manner, stop: threading.Event) -> dict[str, Any]:
    """Call until told to stop."""
    calls, retried = 0, 0
    failures: list[str] = []
    trouble = ""
    while not stop.is_set():
        calls += 1
        for number in range(manner.tries):
            try:
                one(url, manner)
                break
            except _PROBLEMS as exc:
                retried += 1
                trouble = f"{time.strftime('%H:%M:%S')} {type(exc).__name__}: {exc}"[:200]
                if number + 1 < manner.tries:
                    time.sleep(_RETRY_AFTER)
        else:
            failures.append(trouble)
        stop.wait(manner.pause)
    return {"calls": calls, "retried": retried, "failures": failures}


@contextmanager
def calling(url: str, *, clients: int = 1) -> Iterator[dict[str, Any]]:
    """Call a URL; afterwards, what is yielded says how it went. The program is calling when this yields.

    :param clients: how many call at once.
    """
    met: dict[str, Any] = {}
    with _calling({str(number): url for number in range(clients)}, BUSY) as found:
        yield met
    for name in ("calls", "retried"):
        met[name] = sum(each[name] for each in found.values())
    met["failures"] = [failure for each in found.values() for failure in each["failures"]]


@contextmanager
def steadily(urls: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Call several URLs by one client each, which repeats no call; afterwards, what is yielded says how it went.

    :param urls: URLs by name.
    """
    with _calling(urls, STEADY) as found:
        yield found


@contextmanager
def _calling(urls: Mapping[str, str], manner: Manner) -> Iterator[dict[str, Any]]:
    """Call from where Services can be reached; afterwards, what is yielded has the results by name."""
    argv = [sys.executable, "tests/cluster", "run", "--", sys.executable, "-P", "-m", "support.calls"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    given = [json.dumps(dict(urls)), json.dumps(manner)]
    found: dict[str, Any] = {}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([*argv, *given], cwd=ROOT, env=env, text=True, **pipes) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == _BEGINS
            yield found
            output, _none = process.communicate(timeout=120)
            found.update(json.loads(output))
        finally:
            process.kill()


def main(urls: str, manner: str) -> None:
    """Call until standard input ends, and print what was met with, by name."""
    sys.stdout.write(_BEGINS)
    sys.stdout.flush()
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    wanted, how = json.loads(urls), Manner(*json.loads(manner))
    with ThreadPoolExecutor(len(wanted)) as pool:
        results = list(pool.map(lambda url: call(url, how, stop), wanted.values()))
    print(json.dumps(dict(zip(wanted, results, strict=True))))


if __name__ == "__main__":
    main(*sys.argv[1:])
