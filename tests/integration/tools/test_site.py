# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The documentation becomes a site whose links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.readme import ROOT

PAGES = sorted((ROOT / "docs").rglob("*.md"))


@pytest.mark.test_all
def test_the_site_has_all_pages_and_no_link_that_leads_nowhere(tmp_path: Path) -> None:
    """The settings are strict: mkdocs fails for each link and heading that does not exist."""
    command = [sys.executable, str(ROOT / "tests" / "tools" / "site.py"), "build", "--site-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    for page in PAGES:
        made = tmp_path / page.relative_to(ROOT / "docs").with_suffix(".html")
        assert made.with_name(made.name.replace("README", "index")).exists(), page
    first = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "/blob/main/README.md#quick-start" in first
    # Nothing is loaded from elsewhere.
    assert not re.search(r'<(?:script|link)[^>]+(?:src|href)="https?://[^"]+\.(?:js|css)', first)
