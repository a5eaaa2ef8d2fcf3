# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The checks that need no cluster: lint and unit tests side by side.

``check.py lint`` and ``check.py unit`` run one half. ``check.py slow-lint`` is ansible-lint, which takes as much
processor time as all unit tests, and the checks of plugins' documentation and of the changelog: ``make lint`` and
``make test`` run it, ``make check`` does not.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from steps import BIN, COLLECTIONS, OURS, PYTEST, ROOT, Background, Outcome, Step, finish, run_in_the_open

# Folders of scripts that import their neighbours by plain name.
SCRIPTS = [ROOT / "tests" / name for name in ("tools", "cluster", "servers")]
PACKAGES = ["mcp_operator", "mcp_cluster", "imagebuilder", "oracle", "releasing", "zoo"]

DOC_REFERENCES = "--validate-collection-refs=all"
RUFF = ["--quiet", "--output-format", "concise", "--cache-dir", ".cache/ruff", "."]
IMPORTABLE = {"PYTHONPATH": os.pathsep.join([str(COLLECTIONS), str(ROOT / "operator" / "src")])}


def tool(name: str) -> str:
    """Return the path of one of the locked tools."""
    return str(BIN / name)


def mypy_steps() -> list[Step]:
    """Return the type checks.

    There are two because mypy checks for one version of Python: plugins also run with old ones.
    """
    modules = [path.stem for path in sorted(SCRIPTS[0].glob("*.py"))]
    names = [*(f"--package={name}" for name in PACKAGES), *(f"--module={name}" for name in modules)]
    roots = os.pathsep.join(map(str, [ROOT / "operator" / "src", *SCRIPTS]))
    return [
        Step("mypy plugins", [tool("mypy"), str(OURS / "plugins")]),
        Step("mypy operator, scripts", [tool("mypy"), "--python-version", "3.12", *names], env={"MYPYPATH": roots}),
    ]


def lint_steps() -> list[Step]:
    """Return the checks of style, types, layers, licences and texts; the slowest first."""
    return [
        *mypy_steps(),
        Step("yamllint", [sys.executable, str(SCRIPTS[0] / "yaml_lint.py")]),
        # Its default, libmagic, takes twice the time for the same result.
        Step("reuse", [tool("reuse"), "lint", "--lines"], env={"REUSE_ENCODING_MODULE": "charset_normalizer"}),
        Step(
            "import-linter",
            [tool("lint-imports"), "--config", str(ROOT / "pyproject.toml"), "--cache-dir", ".cache/import-linter"],
            env=IMPORTABLE,
        ),
        Step("ruff check", [tool("ruff"), "check", *RUFF]),
        Step("ruff format", [tool("ruff"), "format", "--check", *RUFF]),
    ]


def slow_lint_steps() -> list[Step]:
    """Return the checks that take long and whose verdict rarely changes."""
    return [
        Step("ansible-lint", [tool("ansible-lint"), "--nocolor", "-q"]),
        # Beside the unit tests it takes 15 s; other tests read the documentation of plugins, too.
        Step(
            "antsibull-docs",
            [tool("antsibull-docs"), "lint-collection-docs", "--plugin-docs", "--skip-rstcheck", DOC_REFERENCES, "."],
        ),
        # It starts Sphinx for each entry.
        Step("antsibull-changelog", [tool("antsibull-changelog"), "lint"]),
        # It also reads the scenarios that no test runs.
        Step("molecule", [tool("molecule"), "list"], env={"MOLECULE_GLOB": "molecule/*/molecule.yml"}),
    ]


def unit_steps() -> list[Step]:
    """Return the unit tests as two processes, each with a part of the files.

    xdist would collect all tests twice and send three messages for each test, which is a sixth of all processor time.
    """
    steps = []
    for number, files in enumerate(parts(sorted((ROOT / "tests" / "unit").rglob("test_*.py"))), start=1):
        # Each has a cache of its own, since they end at the same time.
        options = ["--durations=10", "-o", f"cache_dir=.cache/pytest-{number}"]
        command = [*PYTEST, *options, *(str(file.relative_to(ROOT)) for file in files)]
        steps.append(Step(f"unit tests, part {number}", command, tail=12))
    return steps


def parts(files: list[Path], count: int = 2) -> list[list[Path]]:
    """Share files out so that the parts take about the same time, for which their sizes stand."""
    found: list[list[Path]] = [[] for _ in range(count)]
    sizes = [0] * count
    for file in sorted(files, key=lambda file: -file.stat().st_size):
        smallest = sizes.index(min(sizes))
        found[smallest].append(file)
        sizes[smallest] += file.stat().st_size
    return [sorted(part) for part in found]


def thorough_unit_step() -> Step:
    """Return all unit tests with many more examples: some tests take a minute, so no two parts would be equal."""
    # Tests of one file share what is expensive to make, so they run in one process.
    workers = ["-n", "2", "--dist", "loadfile", "--durations=10"]
    return Step("unit tests", [*PYTEST, *workers, "--hypothesis-profile=thorough", "-m", "", "tests/unit"])


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", help="lint, slow-lint, unit; lint and unit by default")
    parser.add_argument("--thorough", action="store_true", help="try properties with many more examples, and all tests")
    options = parser.parse_args()
    chosen = options.parts or ["lint", "unit"]
    if unknown := set(chosen) - {"lint", "slow-lint", "unit"}:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    start = time.monotonic()
    quiet = [*(slow_lint_steps() if "slow-lint" in chosen else []), *(lint_steps() if "lint" in chosen else [])]
    unit = ([thorough_unit_step()] if options.thorough else unit_steps()) if "unit" in chosen else []
    if unit:
        # Lint fills the gaps of the unit tests, and both cores when the first part has ended.
        quiet = [replace(step, command=["nice", "-n", "10", *step.command]) for step in quiet]
    outcomes: list[Outcome] = []
    with Background(quiet, workers=2) as lint, Background(unit[1:]) as other_parts:
        outcomes += [run_in_the_open(step) for step in unit[:1]]
        outcomes += [*other_parts.reports(), *lint.reports()]
    finish(outcomes, start)


if __name__ == "__main__":
    main()
