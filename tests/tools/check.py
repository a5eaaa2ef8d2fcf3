# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The checks that need no cluster: ``check.py`` runs all, ``check.py lint`` or ``check.py unit`` one half."""

from __future__ import annotations

import argparse
import os
import sys
import time

from steps import BIN, COLLECTIONS, OURS, ROOT, Outcome, Step, finish, run_in_the_open, run_side_by_side

# Rooms of scripts that import their neighbours by plain name; each is type-checked by itself.
SCRIPT_ROOMS = ["tests/tools", "tests/cluster", "tests/servers"]

DOC_REFERENCES = "--validate-collection-refs=all"
RUFF = ["--quiet", "--output-format", "concise", "--cache-dir", ".cache/ruff", "."]
IMPORTABLE = {"PYTHONPATH": os.pathsep.join([str(COLLECTIONS), str(ROOT / "operator" / "src")])}


def tool(name: str) -> str:
    """Return the path of one of the locked tools."""
    return str(BIN / name)


def lint_steps() -> list[Step]:
    """Return the checks of style, types, layers, licences and texts; the slowest first."""
    return [
        Step("ansible-lint", [tool("ansible-lint"), "--nocolor", "-q"]),
        Step(
            "antsibull-docs",
            [tool("antsibull-docs"), "lint-collection-docs", "--plugin-docs", "--skip-rstcheck", DOC_REFERENCES, "."],
        ),
        Step("mypy plugins", [tool("mypy"), str(OURS / "plugins")]),
        *[
            Step(f"mypy {room}", [tool("mypy"), "--python-version", "3.12", room], env={"MYPYPATH": str(ROOT / room)})
            for room in SCRIPT_ROOMS
        ],
        Step(
            "mypy operator",
            [tool("mypy"), "--python-version", "3.12", "-p", "mcp_operator"],
            env={"MYPYPATH": str(ROOT / "operator" / "src")},
        ),
        Step("reuse", [tool("reuse"), "lint", "--lines"]),
        Step(
            "import-linter",
            [tool("lint-imports"), "--config", str(ROOT / "pyproject.toml"), "--cache-dir", ".cache/import-linter"],
            env=IMPORTABLE,
        ),
        # It reads, and judges, the scenarios that no test runs too.
        Step("molecule", [tool("molecule"), "list"], env={"MOLECULE_GLOB": "molecule/*/molecule.yml"}),
        Step("antsibull-changelog", [tool("antsibull-changelog"), "lint"]),
        Step("yamllint", [tool("yamllint"), "--strict", "."]),
        Step("ruff check", [tool("ruff"), "check", *RUFF]),
        Step("ruff format", [tool("ruff"), "format", "--check", *RUFF]),
    ]


def unit_step() -> Step:
    """Return the unit tests."""
    return Step("unit tests", [sys.executable, "-m", "pytest", "-q", "-n", "2", "tests/unit"])


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=["lint", "unit"], help="only this half")
    part = parser.parse_args().part
    start = time.monotonic()
    outcomes: list[Outcome] = []
    if part != "unit":
        outcomes += run_side_by_side(lint_steps())
    if part != "lint":
        outcomes.append(run_in_the_open(unit_step()))
    finish(outcomes, start)


if __name__ == "__main__":
    main()
