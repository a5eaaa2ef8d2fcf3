# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
TODAY = dt.date(2026, 11, 28)


@pytest.fixture
def flakes(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Import the tool as it is when it is run: its folder first on the path."""
    monkeypatch.syspath_prepend(str(TOOLS))
    import flakes as tool

    return tool


def test_a_test_that_is_not_listed_is_a_problem(flakes: ModuleType) -> None:
    [found] = flakes.judge({"tests/e2e/test_a.py::test_b"}, {}, TODAY)
    assert (found.test, found.problem) == ("tests/e2e/test_a.py::test_b", "it is not in tests/known_flakes.toml")


@pytest.mark.parametrize(("days", "excused"), [(0, True), (30, True), (31, False)])
def test_an_entry_counts_for_thirty_days(flakes: ModuleType, days: int, excused: bool) -> None:
    [found] = flakes.judge({"a"}, {"a": TODAY - dt.timedelta(days)}, TODAY)
    assert (found.problem == "") is excused


def test_a_list_is_read(flakes: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "flakes.toml"
    path.write_text('[[flake]]\ntest = "a"\nsince = 2026-11-28\nreason = "slow disk"\n')
    assert flakes.known(path) == {"a": TODAY}


@pytest.mark.parametrize(
    "entry",
    ['test = "a"\nsince = 2026-11-28', 'test = "a"\nreason = "x"', 'test = "a"\nsince = "today"\nreason = "x"'],
)
def test_an_entry_needs_a_test_a_date_and_a_reason(flakes: ModuleType, tmp_path: Path, entry: str) -> None:
    path = tmp_path / "flakes.toml"
    path.write_text(f"[[flake]]\n{entry}\n")
    with pytest.raises(ValueError, match="needs a test, a date and a reason"):
        flakes.known(path)


def test_the_list_of_this_repository_is_short_and_right(flakes: ModuleType) -> None:
    assert len(flakes.known()) <= 5


def test_the_slowest_tests_of_several_reports(flakes: ModuleType, tmp_path: Path) -> None:
    import slowest

    for name, seconds in (("a", "1.5"), ("b", "20.0")):
        case = f'<testcase classname="tests.{name}" name="t" time="{seconds}"/>'
        (tmp_path / f"{name}.xml").write_text(f"<testsuites><testsuite>{case}</testsuite></testsuites>")
    reports = [tmp_path / "a.xml", tmp_path / "b.xml", tmp_path / "missing.xml"]
    assert slowest.slowest(reports) == [(20.0, "tests.b::t"), (1.5, "tests.a::t")]
    assert slowest.slowest(reports, count=1) == [(20.0, "tests.b::t")]


def test_the_seconds_of_slow_files_that_are_there(flakes: ModuleType, tmp_path: Path) -> None:
    import slowest

    times = {"tests.a": ("1.5", "9.9"), "tests.b.TestB": ("20.0", "0.4"), "tests.c": ("3.0",), "tests.gone": ("50.0",)}
    cases = [f'<testcase classname="{name}" name="t" time="{seconds}"/>' for name in times for seconds in times[name]]
    report = tmp_path / "report.xml"
    report.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    (tmp_path / "tests").mkdir()
    for name in ("a", "b", "c"):
        (tmp_path / "tests" / f"{name}.py").touch()
    found = slowest.seconds_of_files([report], root=tmp_path)
    assert list(found.items()) == [("tests/b.py", 20), ("tests/a.py", 11)]


def test_slow_files_that_are_listed_are_there(root: Path) -> None:
    listed = tomllib.loads((root / "tests" / "slow_files.toml").read_text(encoding="utf-8"))
    assert [file for file in listed if not (root / file).is_file()] == []
