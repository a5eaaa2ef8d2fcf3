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
import time

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
        Step("yamllint", [tool("yamllint"), "--strict", "."]),
        Step("reuse", [tool("reuse"), "lint", "--lines"]),
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


def unit_step(*options: str) -> Step:
    """Return the unit tests."""
    # Tests of one file share what is expensive to make, so they run in one process.
    return Step("unit tests", [*PYTEST, "-n", "2", "--dist", "loadfile", "--durations=10", *options, "tests/unit"])


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
    outcomes: list[Outcome] = []
    # Alone, lint has both cores; beside the unit tests it takes what they leave.
    with Background(quiet, workers=1 if "unit" in chosen else 2) as background:
        if "unit" in chosen:
            profile = ["--hypothesis-profile=thorough", "-m", ""] if options.thorough else []
            outcomes.append(run_in_the_open(unit_step(*profile)))
        outcomes += background.reports()
    finish(outcomes, start)


if __name__ == "__main__":
    main()
