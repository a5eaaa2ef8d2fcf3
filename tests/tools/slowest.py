# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The tests that took longest, from the reports that pytest writes for other programs.

``slowest.py`` writes tests/slow_files.toml, by which tests/conftest.py begins with the longest files, from the reports
of the last ``make test``.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SLOW_FILES = ROOT / "tests" / "slow_files.toml"
HEAD = """\
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Seconds of the slow files of tests, written by tests/tools/slowest.py.
"""
COUNT = 10
LEAST_SECONDS = 10


def slowest(reports: list[Path], count: int = COUNT) -> list[tuple[float, str]]:
    """Return seconds and names of the slowest tests, the time of their fixtures included; the slowest first.

    :param reports: files that ``pytest --junit-xml`` wrote; one that is missing is left out.
    :param count: how many; all if it is negative.
    """
    found = []
    for report in reports:
        if report.exists():
            cases = ET.parse(report).iter("testcase")
            found += [(float(case.get("time", 0)), f"{case.get('classname')}::{case.get('name')}") for case in cases]
    return sorted(found, reverse=True)[: None if count < 0 else count]


def print_slowest(reports: list[Path]) -> None:
    """Print the slowest tests, a line each."""
    found = slowest(reports)
    if found:
        print(f"The {len(found)} slowest tests:")
    for seconds, name in found:
        print(f"{seconds:8.1f} s  {name}")


def seconds_of_files(reports: list[Path], root: Path = ROOT) -> dict[str, int]:
    """Return the seconds of each file that takes long, the slowest first; one that is no longer there is left out."""
    found: dict[str, float] = defaultdict(float)
    for seconds, name in slowest(reports, count=-1):
        module = name.partition("::")[0].split(".")
        while module and not (root / "/".join(module)).with_suffix(".py").is_file():
            module.pop()  # the class of a test
        found["/".join(module) + ".py"] += seconds
    found.pop(".py", None)  # of files that are gone
    longest = sorted(found.items(), key=lambda entry: -entry[1])
    return {file: round(seconds) for file, seconds in longest if seconds >= LEAST_SECONDS}


def main() -> None:
    """Write the list of slow files."""
    reports = sorted((ROOT / ".cache" / "test").glob("*.xml"))
    rows = [f'"{file}" = {seconds}\n' for file, seconds in seconds_of_files(reports).items()]
    if not rows:
        raise SystemExit("There are no reports: run `make test` first.")
    SLOW_FILES.write_text(f"{HEAD}{''.join(rows)}", encoding="utf-8")


if __name__ == "__main__":
    main()
