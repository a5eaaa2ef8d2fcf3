# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What several processes share is made by the first and removed by the last, and none waits for the end of another."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from support.in_common import in_common

with in_common(sys.argv[1], lambda: print("made", flush=True), lambda: print("removed", flush=True)):
    print("inside", flush=True)
    sys.stdin.readline()
print("left", flush=True)
"""


def start(root: Path, name: str) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": str(root / "tests")}
    command = [sys.executable, "-c", PROGRAM, name]
    return subprocess.Popen(command, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_two_are_within_at_once_and_the_last_one_removes(root):
    name = f"of-a-test-{os.getpid()}"
    first, second = start(root, name), start(root, name)
    assert [first.stdout.readline(), first.stdout.readline()] == ["made\n", "inside\n"]
    assert [second.stdout.readline(), second.stdout.readline()] == ["made\n", "inside\n"]
    assert first.communicate("\n", timeout=30)[0] == "left\n"
    assert second.communicate("\n", timeout=30)[0] == "removed\nleft\n"


def test_one_that_was_killed_does_not_count(root):
    name = f"of-another-test-{os.getpid()}"
    killed, last = start(root, name), start(root, name)
    for process in (killed, last):
        process.stdout.readline(), process.stdout.readline()
    killed.kill()
    killed.communicate(timeout=30)
    assert last.communicate("\n", timeout=30)[0] == "removed\nleft\n"
