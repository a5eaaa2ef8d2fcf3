# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A test that passes only at the second try, as `make test` sees it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
TESTS = """
from pathlib import Path

def test_passes():
    pass

def test_fails_once():
    marker = Path(__file__).with_name("marker")
    there = marker.exists()
    marker.touch()
    assert there
"""


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run a folder of tests as a part of `make test`; return its exit code."""
    monkeypatch.syspath_prepend(str(TOOLS))
    import run_tests

    monkeypatch.setattr(run_tests, "REPORTS", tmp_path / "reports")
    folder = tmp_path / "folder"
    folder.mkdir()

    def run(text, listed):
        (folder / "test_it.py").write_text(text)
        monkeypatch.setattr(run_tests, "known", lambda: listed)
        [outcome] = run_tests.run(run_tests.tests_of(str(folder), everything=False, beside=[]))
        return outcome.returncode

    return run


def test_it_is_named_and_fails_the_run(run, capfd):
    assert run(TESTS, {}) == 1
    said = capfd.readouterr().out
    assert "Passed only at the second try: test_it.py::test_fails_once (it is not in tests/known_flakes.toml)" in said
    assert "test_passes" not in said


@pytest.mark.test_all
def test_a_known_flake_is_named_and_fails_nothing(run, capfd):
    today = dt.datetime.now(tz=dt.UTC).date()
    assert run(TESTS, {"test_it.py::test_fails_once": today}) == 0
    assert "test_fails_once (a known flake)" in capfd.readouterr().out


@pytest.mark.test_all
def test_a_test_that_fails_twice_fails_the_run(run, capfd):
    assert run("def test_fails():\n    assert False\n", {}) == 1
    assert "Passed only" not in capfd.readouterr().out


@pytest.mark.test_all
def test_tests_that_pass_run_once(run, capfd):
    assert run("def test_passes():\n    pass\n", {}) == 0
    assert "once more" not in capfd.readouterr().out
