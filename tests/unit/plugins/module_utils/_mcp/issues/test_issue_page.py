# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import sys
from pathlib import Path

from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.issues.catalogue import ISSUE_KINDS

TOOLS = Path(__file__).resolve().parents[5] / "tools"


def test_the_page_of_issues_is_up_to_date(root: Path) -> None:
    sys.path.insert(0, str(TOOLS))
    import issue_page

    written = (root / "docs" / "validation-issues.md").read_text(encoding="utf-8")
    assert written == issue_page.page(), "run tests/tools/issue_page.py"
    assert all(f"`{code}` |" in written for code in ISSUE_KINDS)
