# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A neighbor opens thousands of connections to the operator and does not finish a request on any of them."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mcp_operator.process.endpoints import health_pages
from mcp_operator.process.health import Health
from mcp_operator.process.http_server import HttpServer, Limits
from mcp_operator.settings.operator_settings import ListenAddress

from support.clock import eventually
from support.http import get

# Of the liveness probe in the chart: its timeout, and the seconds after which failures in a row restart the container.
PROBE_TIMEOUT, RESTART = 5.0, 60.0
# Probes while the connections are held.
PROBES = 20


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def server() -> Iterator[HttpServer]:
    made = HttpServer(ListenAddress("127.0.0.1", 0), health_pages(Health()))
    yield made
    made.close()


def test_half_open_connections_cost_no_threads_and_health_is_answered(
    server: HttpServer, flood: Callable[..., None]
) -> None:
    url = f"http://127.0.0.1:{server.port}/healthz"
    limits, threads, files = Limits(), threading.active_count(), open_files()
    flood(server.port)
    # A busy machine may need a moment for so many connections at once.
    eventually(lambda: get(url, timeout=PROBE_TIMEOUT)[0], RESTART)
    seconds: list[float] = []
    most_threads = most_files = 0
    for _ in range(PROBES):
        began = time.monotonic()
        assert get(url, timeout=PROBE_TIMEOUT) == (200, "ok\n")
        seconds.append(time.monotonic() - began)
        most_threads = max(most_threads, threading.active_count())
        most_files = max(most_files, open_files())
    print(f"slowest probe {max(seconds):.2f} s, {most_threads} threads, {most_files - files} connections")
    assert statistics.median(seconds) < 1.0
    assert most_threads <= threads + limits.threads
    assert most_files <= files + limits.connections + 10
