# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Starting the supervisor process of a run."""

from __future__ import annotations

import subprocess
import sys
import typing as t
from pathlib import Path

PACKAGES = str(Path(__file__).resolve().parents[2])
_START = "import sys; sys.path.insert(0, sys.argv[1]); from mcp_operator.runs.supervisor import main; main()"


class Process(t.Protocol):
    """The part of `subprocess.Popen` that a run needs."""

    pid: int
    returncode: t.Any
    stdin: t.Any
    stdout: t.Any

    def send_signal(self, sig: int) -> None:
        """Send a signal; does nothing after the process has ended."""

    def wait(self, timeout: float | None = None) -> t.Any:
        """Wait for the process to end.

        :param timeout: seconds; None to wait without a limit.
        :raises subprocess.TimeoutExpired: it has not ended in time.
        """


# Starts a supervisor with an environment. The supervisor reads its order from standard input.
Launch = t.Callable[[dict[str, str]], Process]


def spawn(environment: dict[str, str]) -> Process:
    """Start a supervisor in a new Python interpreter."""
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", _START, PACKAGES],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
