# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A leader keeps its Lease while a neighbor holds half-open connections; tests/security/t4_network has the details."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from support import cluster

FLOOD = cluster.ROOT / "tests" / "security" / "t4_network" / "flood.py"
CONNECTIONS = 3_000
# Threads that an operator starts later, for pages and runs.
LATER = 20
# Consecutive equal counts after which a new leader has started its workers.
SAME = 10
# Seconds after which a leader that cannot renew its Lease has lost it.
LEASE = 15.0


def threads(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Threads:"))


def started(pid: int) -> int:
    """Return how many threads a new leader has once it has started its workers."""
    counts: list[int] = []

    def is_steady() -> bool:
        counts.append(threads(pid))
        return counts[-SAME:] == [counts[-1]] * SAME

    cluster.until("its workers have started", is_steady)
    return counts[-1]


@pytest.mark.test_all
def test_the_leader_stays_the_leader(start, servers) -> None:
    operator = start()
    cluster.until("it leads", operator.leading)
    before = started(operator.popen.pid)
    command = [sys.executable, str(FLOOD), str(operator.port), str(CONNECTIONS), "GET /healthz HTTP/1.1\r\nHost: "]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as attacker:
        assert attacker.stdout is not None
        assert attacker.stdout.readline() == "open\n"
        end = time.monotonic() + LEASE
        most = 0
        while time.monotonic() < end:
            cluster.until("health is answered", operator.ready)
            most = max(most, threads(operator.popen.pid))
        cluster.until("it still leads", operator.leading, 5)
        attacker.communicate("")
    print(f"{before} threads before, {most} during the attack")
    assert most <= before + LATER
    assert "does not lead any more" not in operator.said()
    assert operator.popen.poll() is None
