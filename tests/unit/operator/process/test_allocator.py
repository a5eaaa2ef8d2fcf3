# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
PROGRAM = """
import threading
from pathlib import Path
from mcp_operator.process.allocator import return_large_blocks

def resident():
    return int(Path("/proc/self/status").read_text().partition("VmRSS:")[2].split()[0]) // 1024

return_large_blocks()
before, ready, ended = resident(), threading.Barrier(17), threading.Event()

def use():
    for size in (8, 4):
        block = bytearray(b"x" * (size << 20))
        small = [bytes(1000) for _ in range(100)]
        del block
    ready.wait()
    ended.wait()

threads = [threading.Thread(target=use) for _ in range(16)]
[thread.start() for thread in threads]
ready.wait()
print(resident() - before)
ended.set()
"""


def test_threads_keep_no_large_blocks() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={"PYTHONPATH": str(ROOT / "operator" / "src")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert int(done.stdout) < 24
