# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Runs a command of a build: with a deadline, a log, and a word now and then for who waits."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import BuildError
from .progress import say

DEADLINE = 1200.0
WORD_EVERY = 15.0
SHOWN_LINES = 25


@dataclass(frozen=True)
class Runner:
    """Runs commands that log to one file and keep the cache's lock while they live."""

    log: Path
    lock: int

    def run(
        self,
        command: Sequence[str],
        *,
        step: str,
        seconds: int = 0,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> str:
        """Run a command and return its standard output.

        :param step: what it does, for people.
        :param seconds: how long it is expected to take; short steps say nothing while they run.
        """
        with self.log.open("a+", encoding="utf-8", errors="replace") as log:
            log.write(f"\n+ {' '.join(command)}\n")
            log.flush()
            with subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                errors="replace",
                env={**os.environ, **(environment or {})},
                cwd=folder,
                pass_fds=(self.lock,),
                start_new_session=True,
            ) as process:
                try:
                    output = _wait(process, step, seconds)
                finally:
                    _end(process)
            log.write(output)
        if process.returncode != 0:
            raise BuildError(
                f"{step}: failed with exit status {process.returncode}. "
                f"The last lines of {self.log}:\n{self._last_lines()}"
            )
        return output

    def _last_lines(self) -> str:
        with self.log.open(encoding="utf-8", errors="replace") as log:
            return "".join(deque(log, maxlen=SHOWN_LINES)).rstrip()


def _wait(process: subprocess.Popen[str], step: str, seconds: int) -> str:
    started = time.monotonic()
    while True:
        try:
            return process.communicate(timeout=WORD_EVERY)[0]
        except subprocess.TimeoutExpired:
            passed = time.monotonic() - started
            if passed > DEADLINE:
                raise BuildError(f"{step}: not done after {DEADLINE / 60:.0f} minutes, given up.") from None
            expected = f" of about {seconds} s" if seconds else ""
            say(f"{step}: {passed:.0f} s{expected}")


def _end(process: subprocess.Popen[str]) -> None:
    """End the command with all that it started, also when the wait was interrupted."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
