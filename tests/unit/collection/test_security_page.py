# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The threat model names the test of each attack."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ATTACKERS = {
    path.name.partition("_")[0].upper(): path for path in (ROOT / "tests" / "security").iterdir() if path.name[0] == "t"
}
ROW = re.compile(r"^\| (T\d) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ROWS = ROW.findall(PAGE[PAGE.index("## Attacks and their tests") :])


def linked(cell: str) -> list[Path]:
    return [(ROOT / "docs" / link).resolve() for link in re.findall(r"\]\(([^)]+)\)", cell)]


@pytest.mark.parametrize(("attacker", "attack", "_result", "tests"), ROWS, ids=lambda cell: cell[:40])
def test_each_attack_names_a_test_of_its_attacker(attacker: str, attack: str, _result: str, tests: str) -> None:
    found = linked(tests)
    assert found, attack
    assert all(path.is_file() and "def test_" in path.read_text(encoding="utf-8") for path in found)
    folder = ATTACKERS[attacker]
    inside = [path for path in found if path.is_relative_to(ROOT / "tests" / "security")]
    assert all(path.is_relative_to(folder) for path in inside)


def test_the_page_names_every_attack() -> None:
    named = {path for *_cells, tests in ROWS for path in linked(tests)}
    written = set((ROOT / "tests" / "security").rglob("test_*.py"))
    assert written - named == set(), "name it in the table of docs/security.md"
