# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The tests that took longest, from the reports that pytest writes for other programs."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

COUNT = 10


def slowest(reports: list[Path], count: int = COUNT) -> list[tuple[float, str]]:
    """Return seconds and names of the slowest tests, the time of their fixtures included; the slowest first.

    :param reports: files that ``pytest --junit-xml`` wrote; one that is missing is left out.
    """
    found = []
    for report in reports:
        if report.exists():
            cases = ET.parse(report).iter("testcase")
            found += [(float(case.get("time", 0)), f"{case.get('classname')}::{case.get('name')}") for case in cases]
    return sorted(found, reverse=True)[:count]


def print_slowest(reports: list[Path]) -> None:
    """Print the slowest tests, a line each."""
    found = slowest(reports)
    if found:
        print(f"The {len(found)} slowest tests:")
    for seconds, name in found:
        print(f"{seconds:8.1f} s  {name}")
