# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Tests that fail now and then, and the list of those that are known to."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from steps import ROOT

LIST = ROOT / "tests" / "known_flakes.toml"
# A listed test has to be repaired within this time: afterwards it fails the run again.
EXCUSED_FOR = dt.timedelta(days=30)


@dataclass(frozen=True)
class Flake:
    """A test that passed only at the second try, and why that fails the run; empty where it is excused."""

    test: str
    problem: str


def failed_tests(cache: Path) -> set[str]:
    """Return the tests that pytest remembers as failed in a cache folder."""
    path = cache / "v" / "cache" / "lastfailed"
    return set(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else set()


def known(path: Path = LIST) -> dict[str, dt.date]:
    """Return the listed tests and the date from which each is listed.

    :raises ValueError: an entry lacks its test, its date or its reason.
    """
    found: dict[str, dt.date] = {}
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("flake", []):
        test, since, reason = entry.get("test"), entry.get("since"), entry.get("reason")
        if not (test and isinstance(since, dt.date) and reason):
            raise ValueError(f"{path.name}: an entry needs a test, a date and a reason: {entry}")
        found[test] = since
    return found


def judge(passed_late: set[str], listed: dict[str, dt.date], today: dt.date) -> list[Flake]:
    """Return what to say about tests that passed only at the second try."""
    found = []
    for test in sorted(passed_late):
        if test not in listed:
            problem = f"it is not in tests/{LIST.name}"
        elif today - listed[test] > EXCUSED_FOR:
            problem = f"it has been in tests/{LIST.name} for more than {EXCUSED_FOR.days} days"
        else:
            problem = ""
        found.append(Flake(test, problem))
    return found
