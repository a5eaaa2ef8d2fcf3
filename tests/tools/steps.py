# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Run commands one after the other or side by side, and tell a person how they went."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
COLLECTIONS = CACHE / "collections"
OURS = COLLECTIONS / "ansible_collections" / "mcp" / "kubernetes"
BIN = ROOT / ".venv" / "bin"
MACHINE_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mcp-kubernetes"


@dataclass(frozen=True)
class Step:
    """One command: its name for people, what to run, and where."""

    name: str
    command: list[str]
    cwd: Path = ROOT
    env: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a step ended."""

    step: Step
    seconds: float
    returncode: int
    output: str


def environment(extra: dict[str, str]) -> dict[str, str]:
    """Return the environment of a step: our tools first on PATH, our collections, nothing in the user's home."""
    own = {
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_HOME": str(CACHE / "ansible"),
    }
    return {**os.environ, **own, **extra}


def run_quietly(step: Step) -> Outcome:
    """Run a step and keep what it says."""
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


def run_side_by_side(steps: list[Step], workers: int = 2) -> list[Outcome]:
    """Run steps that do not need each other; print one line for each, and all that a failed one said."""
    with ThreadPoolExecutor(workers) as pool:
        outcomes = []
        for outcome in pool.map(run_quietly, steps):
            report(outcome)
            outcomes.append(outcome)
    return outcomes


def run_in_the_open(step: Step) -> Outcome:
    """Run a step whose progress is worth watching."""
    print(f">> {step.name}", flush=True)
    start = time.monotonic()
    done = subprocess.run(step.command, cwd=step.cwd, env=environment(step.env), check=False, stdin=subprocess.DEVNULL)
    outcome = Outcome(step, time.monotonic() - start, done.returncode, "")
    report(outcome)
    return outcome


def report(outcome: Outcome) -> None:
    """Print one line for a step."""
    word = "ok" if outcome.returncode == 0 else "FAILED"
    print(f"{word:>6}  {outcome.step.name} ({outcome.seconds:.1f} s)", flush=True)
    if outcome.returncode != 0 and outcome.output:
        print(outcome.output.rstrip(), flush=True)


def finish(outcomes: list[Outcome], start: float, *, noun: str = "Checks") -> None:
    """Print the closing line that people and continuous integration read, and exit accordingly."""
    failed = [outcome.step.name for outcome in outcomes if outcome.returncode != 0]
    if failed:
        print(f"Failed: {', '.join(failed)}")
    print(f"Took {time.monotonic() - start:.0f} s")
    print(f"{noun}: {len(outcomes) - len(failed)} passed, {len(failed)} failed", flush=True)
    sys.exit(1 if failed else 0)
