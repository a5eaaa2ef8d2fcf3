# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Clients of the probe that come one after another, each call over a connection of its own: URL SECONDS CALLS.

A program of its own, since only what runs inside the cluster's network reaches a Service. Prints as JSON how many
clients there were, which Pods each of them met, how many lost their session, and what else went wrong.
"""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import time
from urllib.parse import urlsplit

import requests

from support.cluster import until

from .client import RefusedError, Streamable

_PACE = 0.05
_LOST = "HTTP 404"


def visit(url: str, calls: int) -> list[str]:
    """Return the names of the Pods that answered one client."""
    client = Streamable(url, 30.0)
    client.open()
    met = []
    for _ in range(calls):
        client.http.close()  # the next call is another connection, which may lead elsewhere
        met.append(client.tool("environment", {"name": "HOSTNAME"}))
    client.close()
    return met


def answers(url: str) -> bool:
    """Tell whether the Service leads anywhere: kube-proxy needs a moment for a new one."""
    place = urlsplit(url)
    with contextlib.suppress(OSError), socket.create_connection((str(place.hostname), place.port or 80), 1):
        return True
    return False


def main(url: str, seconds: str, calls: str) -> None:
    until("the Service leads somewhere", lambda: answers(url))
    over = time.monotonic() + float(seconds)
    pods, failed, count, lost = [], [], 0, 0
    while not count or time.monotonic() < over:
        count += 1
        try:
            pods.append(visit(url, int(calls)))
        except (RefusedError, requests.RequestException) as problem:
            # The protocol's word for a session that went with its Pod: the client begins another.
            if str(problem).startswith(_LOST):
                lost += 1
            else:
                failed.append(f"{type(problem).__name__}: {problem}")
        time.sleep(_PACE)
    print(json.dumps({"clients": count, "pods": pods, "lost": lost, "failed": failed}))


if __name__ == "__main__":
    main(*sys.argv[1:])
