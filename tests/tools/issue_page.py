# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Write docs/validation-issues.md from the validator's catalogue of issues."""

from __future__ import annotations

import importlib
import sys

from steps import COLLECTIONS, ROOT

PAGE = ROOT / "docs" / "validation-issues.md"
PACKAGE = "ansible_collections.mcp.kubernetes.plugins.module_utils._mcp"
HEAD = """<!--
SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
SPDX-License-Identifier: Apache-2.0

Written by tests/tools/issue_page.py from the validator's catalogue; do not edit.
-->

# Issues that the validator reports

Each issue has a stable code, a level, a message that says what was observed, the requirement of the specification, and
what you can do. A server complies if it has no issue of level **error**. A **warning** is a violation that most clients
tolerate; with `strict`, warnings count as errors, except for [texts](validation-texts.md). An **info** is not a defect.
"""


def page() -> str:
    """Return the page."""
    sys.path.insert(0, str(COLLECTIONS))
    parts = [HEAD]
    for title, kinds in importlib.import_module(f"{PACKAGE}.issues.catalogue").SECTIONS.items():
        rows = [
            f'| <a id="{kind.code.lower()}"></a>`{kind.code}` | {kind.level} | {kind.spec} | {kind.action} |'
            for kind in kinds
        ]
        parts.append(
            "\n".join(
                [f"\n## {title}\n", "| code | level | specification | what to do |", "|---|---|---|---|", *rows, ""]
            )
        )
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
