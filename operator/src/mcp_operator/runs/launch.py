# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""How the supervisor of a run is started, and what the operator has of it."""

from __future__ import annotations

import subprocess
import sys
import typing as t
from pathlib import Path

PACKAGES = str(Path(__file__).resolve().parents[2])
_START = "import sys; sys.path.insert(0, sys.argv[1]); from mcp_operator.runs.supervisor import main; main()"


class Process(t.Protocol):
    """What `subprocess.Popen` has, as far as a run needs it."""

    pid: int
    returncode: t.Any
    stdin: t.Any
    stdout: t.Any

    def send_signal(self, sig: int) -> None:
        """Send a signal, if it is still there."""

    def wait(self, timeout: float | None = None) -> t.Any:
        """Wait for its end.

        :raises subprocess.TimeoutExpired: it did not come.
        """


# Starts a supervisor in an environment. It waits for its order on standard input.
Launch = t.Callable[[dict[str, str]], Process]


def spawn(environment: dict[str, str]) -> Process:
    """Start a new interpreter."""
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", _START, PACKAGES],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
