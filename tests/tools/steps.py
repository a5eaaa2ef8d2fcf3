# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Run commands one after the other or side by side, and print how they ended."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
COLLECTIONS = CACHE / "collections"
OURS = COLLECTIONS / "ansible_collections" / "mcp" / "kubernetes"
BIN = ROOT / ".venv" / "bin"
PYTEST = [sys.executable, "-m", "pytest", "-q"]
MACHINE_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mcp-kubernetes"


@dataclass(frozen=True)
class Step:
    """One command: the name to print, what to run, and where.

    :param tail: how many of the last lines of its output are printed even if it succeeds.
    """

    name: str
    command: list[str]
    cwd: Path = ROOT
    env: dict[str, str] = field(default_factory=dict)
    tail: int = 0


@dataclass(frozen=True)
class Outcome:
    """How a step ended."""

    step: Step
    seconds: float
    returncode: int
    output: str


def environment(extra: dict[str, str]) -> dict[str, str]:
    """Return the environment of a step: the locked tools first on PATH, our collections, nothing in the user's home.

    Python writes bytecode, whatever the caller's environment says: without it, each process that runs tests compiles
    all of them again, which takes 3 s.
    """
    own = {
        "PYTHONDONTWRITEBYTECODE": "",
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_HOME": str(CACHE / "ansible"),
    }
    return {**os.environ, **own, **extra}


def run_quietly(step: Step) -> Outcome:
    """Run a step and keep its output."""
    start = time.monotonic()
    done = subprocess.run(
        step.command,
        cwd=step.cwd,
        env=environment(step.env),
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    return Outcome(step, time.monotonic() - start, done.returncode, done.stdout)


class Background:
    """Steps that run beside others; their lines are printed when they are collected.

    :param workers: how many run at once; the rest waits in the given order.
    """

    def __init__(self, steps: list[Step], *, workers: int = 1) -> None:
        self._pool = ThreadPoolExecutor(workers)
        self._futures = [self._pool.submit(run_quietly, step) for step in steps]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def reports(self) -> list[Outcome]:
        """Wait for all steps; print one line for each, and the output of those that failed."""
        outcomes = []
        for future in self._futures:
            outcomes.append(future.result())
            report(outcomes[-1])
        return outcomes


def run_in_the_open(step: Step) -> Outcome:
    """Run a step and show its output while it runs."""
    print(f">> {step.name}", flush=True)
    start = time.monotonic()
    done = subprocess.run(step.command, cwd=step.cwd, env=environment(step.env), check=False, stdin=subprocess.DEVNULL)
    outcome = Outcome(step, time.monotonic() - start, done.returncode, "")
    report(outcome)
    return outcome


def report(outcome: Outcome) -> None:
    """Print one line for a step, and the output of one that failed."""
    word = "ok" if outcome.returncode == 0 else "FAILED"
    print(f"{word:>6}  {outcome.step.name} ({outcome.seconds:.1f} s)", flush=True)
    lines = outcome.output.rstrip().splitlines()
    if lines and outcome.returncode == 0:
        lines = lines[len(lines) - min(outcome.step.tail, len(lines)) :]
    if lines:
        print("\n".join(lines), flush=True)


def finish(outcomes: list[Outcome], start: float, *, noun: str = "Checks") -> None:
    """Print the closing lines and exit: 1 if a step failed, else 0."""
    failed = [outcome.step.name for outcome in outcomes if outcome.returncode != 0]
    if failed:
        print(f"Failed: {', '.join(failed)}")
    print(f"Took {time.monotonic() - start:.0f} s")
    print(f"{noun}: {len(outcomes) - len(failed)} passed, {len(failed)} failed", flush=True)
    sys.exit(1 if failed else 0)
