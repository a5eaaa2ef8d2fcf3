# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""One validation stays below 64 MiB, whatever the server sends; measured in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from zoo.fake_server import FakeServer
from zoo.fake_servers.all import FAKE_SERVERS
from zoo.run import HOST, Zoo
from zoo.servers import LegacySse, Streamable

LIMIT_KIB = 64 * 1024
# The high-water mark of the process's own memory; ru_maxrss would show its parent's.
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[2])
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.api import Options, Target, validate

def high_water():
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

before = high_water()
validate(Target(host=sys.argv[3], port=int(sys.argv[1])), Options(timeout=20.0))
print(high_water() - before)
"""
JUST_UNDER = 249_000
LONG_NAME, SLOW = "one long name beside an emoji", pytest.mark.test_all


def pages(item: Any, count: int) -> Any:
    """Return as many pages as are asked for, each full of the item."""

    def page(params: Any) -> Any:
        start = int(params.get("cursor", "0"))
        return {"tools": [item] * count, "nextCursor": str(start + 1)}

    return lambda: Streamable(results={"tools/list": page})


HOSTILE = {
    "many empty objects": pages({}, JUST_UNDER // 2),
    "many names": pages({"name": "x" * 300, "inputSchema": {"type": "object"}}, 5000),
    LONG_NAME: pages({"name": "\U0001f600" + "x" * 3_900_000, "inputSchema": {"type": "object"}}, 1),
    "the same on an event stream": lambda: LegacySse(
        results={"tools/list": {"tools": [{"name": "x" * 3_900_000, "inputSchema": {"type": "object"}}]}}
    ),
}
FROM_THE_ZOO = [
    "gzip-bomb",
    "chunk-bomb",
    "huge-body",
    "endless-event",
    "comment-flood",
    "endless-headers",
    "json-too-wide",
]


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="only Linux shows the high-water mark")
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=SLOW) if name == LONG_NAME else name for name in (*HOSTILE, *FROM_THE_ZOO)]
)
def test_memory_is_bounded(name: str, tmp_path: Path, root: Path) -> None:
    known = {fake_server.name: fake_server for fake_server in FAKE_SERVERS}
    fake_server = known.get(name) or FakeServer(name, HOSTILE[name])
    with Zoo([fake_server], tmp_path) as zoo:
        arguments = [str(zoo.ports[name]), str(root / ".cache" / "collections"), HOST]
        done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], check=True, capture_output=True, text=True)
    grown = json.loads(done.stdout)
    assert 0 < grown < LIMIT_KIB, f"{grown} KiB"
