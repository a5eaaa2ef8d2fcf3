# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Turn the markup of Ansible's documentation in changelog fragments into reStructuredText.

antsibull-changelog reads fragments as reStructuredText: it would write C(x) and O(a.b.c#module:x) as they are.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "changelogs" / "fragments"
# The name of an option or of a return value stands after its plugin.
_CODE = re.compile(r"\b(?:C|E|O|RV|V)\((?:[\w.]+#\w+:(?:main:)?)?([^()]*(?:\([^()]*\)[^()]*)*)\)")
_PLUGIN = re.compile(r"\bM\(([\w.]+)\)")


def converted(text: str) -> str:
    """Return the text of a fragment without markup of Ansible."""
    return _PLUGIN.sub(r"``\1``", _CODE.sub(r"``\1``", text))


def convert(fragment: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
    """Return a fragment with converted texts."""
    return {
        section: converted(texts) if isinstance(texts, str) else [converted(text) for text in texts]
        for section, texts in fragment.items()
    }


def main() -> None:
    """Convert all fragments in place. Comments are lost: the changelog is made of them right afterwards."""
    for path in sorted(FOLDER.glob("*.yml")):
        made = convert(yaml.safe_load(path.read_text(encoding="utf-8")))
        path.write_text(yaml.safe_dump(made, width=150, sort_keys=False, allow_unicode=True), encoding="utf-8")


if __name__ == "__main__":
    main()
