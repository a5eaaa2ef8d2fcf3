# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Testbeds of other versions of Kubernetes do not stay behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
VERSION = "1.33"


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Import the tool as it is when it is run: its folder first on the path."""
    monkeypatch.syspath_prepend(str(TOOLS))
    import kubernetes_versions

    return kubernetes_versions


@pytest.fixture
def done(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is done, in its order. Nothing is really run; commands and tests end well."""
    made: list[str] = []

    def cluster(command: str, version: str) -> int:
        made.append(f"{command} {version}")
        return 0

    def run_in_the_open(step: object) -> object:
        made.append("tests")
        return tool.Outcome(step, 1, 0, "")

    monkeypatch.setattr(tool, "cluster", cluster)
    monkeypatch.setattr(tool, "run_in_the_open", run_in_the_open)
    return made


def test_a_testbed_is_taken_down_after_the_tests(tool: ModuleType, done: list[str]) -> None:
    assert tool.run(VERSION).returncode == 0
    assert done == [f"up {VERSION}", "tests", f"down {VERSION}"]


def test_a_testbed_that_does_not_come_up_is_taken_down(
    tool: ModuleType, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cluster(command: str, version: str) -> int:
        done.append(f"{command} {version}")
        return 3 if command == "up" else 0

    monkeypatch.setattr(tool, "cluster", cluster)
    assert tool.run(VERSION).returncode == 3
    assert done == [f"up {VERSION}", f"down {VERSION}"]


def test_a_testbed_is_taken_down_after_an_interruption(
    tool: ModuleType, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cluster(command: str, version: str) -> int:
        done.append(f"{command} {version}")
        if command == "up":
            raise KeyboardInterrupt
        return 0

    monkeypatch.setattr(tool, "cluster", cluster)
    with pytest.raises(KeyboardInterrupt):
        tool.run(VERSION)
    assert done == [f"up {VERSION}", f"down {VERSION}"]
