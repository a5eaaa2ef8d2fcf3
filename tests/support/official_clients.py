# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Official Python clients that call a tool of a Service over and over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from oracle import environment

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"


class Clients:
    """Official clients, as another process where Services can be reached.

    :param rate: calls a second of all of them together.
    :param calls: calls of each session; 0 for sessions that do not end.
    """

    def __init__(self, url: str, clients: int, rate: float, calls: int = 0) -> None:
        program = str(TESTS / "bench" / "official_calls.py")
        words = [str(environment.python()), program, url, str(clients), str(rate), str(calls)]
        self._process = subprocess.Popen(
            [sys.executable, "tests/cluster", "run", "--", *words],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(TESTS / "servers" / "oracle")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> None:
        """Wait until each has had an answer."""
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def happens(self, what: str) -> None:
        """Name what happens from now on."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()

    def met(self) -> dict[str, dict[str, Any]]:
        """Let them end, and return calls, retries and failures by what happened."""
        output, _none = self._process.communicate(timeout=60)
        found: dict[str, dict[str, Any]] = json.loads(output)
        return found

    def close(self) -> None:
        """End them."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
