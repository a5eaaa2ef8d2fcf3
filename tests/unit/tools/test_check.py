# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The two parts of the unit tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Import the tool as it is when it is run: its folder first on the path."""
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "tools"))
    import check as tool

    return tool


def test_every_file_is_in_one_part(check: ModuleType) -> None:
    files = [word for step in check.unit_steps() for word in step.command if word.endswith(".py")]
    found = {str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "unit").rglob("test_*.py")}
    assert (set(files), len(files)) == (found, len(found))


def test_no_test_has_another_name(check: ModuleType) -> None:
    assert not list((ROOT / "tests" / "unit").rglob("*_test.py")), "pytest would collect it without the parts"


def test_parts_are_of_the_same_size(check: ModuleType, tmp_path: Path) -> None:
    files = [tmp_path / f"{size}.py" for size in (50, 30, 20, 10)]
    for file in files:
        file.write_text("x" * int(file.stem), encoding="utf-8")
    sizes = [sorted(int(file.stem) for file in part) for part in check.parts(files)]
    assert sizes == [[10, 50], [20, 30]]
