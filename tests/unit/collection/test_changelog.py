# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The changelog sorts the texts of fragments, so what belongs together has to begin alike."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
FRAGMENTS = sorted((ROOT / "changelogs" / "fragments").glob("*.yml"))
# The first word of a text that names what it is about would be sorted by its markup.
MARKUP = ("`", "C(", "M(", "O(", "RV(")


def texts() -> list[tuple[str, str]]:
    """Return the name of the fragment and the text of each change that users see."""
    found = []
    for path in FRAGMENTS:
        fragment = yaml.safe_load(path.read_text(encoding="utf-8"))
        for section, entries in fragment.items():
            if section not in ("release_summary", "trivial"):
                found += [(path.name, text) for text in entries]
    return found


def test_every_text_begins_with_what_it_is_about() -> None:
    wrong = [f"{name}: {text[:60]}" for name, text in texts() if " - " not in text or text.startswith(MARKUP)]
    assert wrong == [], "write PART - TEXT., such as: operator - validates Pods again after an hour."


def test_a_part_has_one_spelling() -> None:
    spellings: dict[str, set[str]] = defaultdict(set)
    for _, text in texts():
        part = text.partition(" - ")[0]
        spellings[part.casefold()].add(part)
    assert [sorted(found) for found in spellings.values() if len(found) > 1] == []


def test_no_text_is_there_twice() -> None:
    seen = [text for _, text in texts()]
    assert sorted({text for text in seen if seen.count(text) > 1}) == []


def test_texts_are_sentences() -> None:
    assert [f"{name}: {text[-60:]}" for name, text in texts() if not text.endswith((".", ".)"))] == []
