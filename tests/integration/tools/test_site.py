# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The documentation becomes a site whose links lead somewhere, and which a browser shows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.own_testbed import packages
from support.readme import ROOT

PAGES = sorted((ROOT / "docs").rglob("*.md"))


# mkdocs and Playwright are installed on first use. Chromium is Debian's package, or that of Playwright.
pytestmark = pytest.mark.test_all
TOOLS = ROOT / "tests" / "tools"
PICTURES = ROOT / "build" / "site-pictures"
PNG = b"\x89PNG"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site. The settings are strict: mkdocs fails for each link and heading that does not exist."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, str(TOOLS / "site.py"), "build", "--site-dir", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_site_has_all_pages_and_loads_nothing_from_elsewhere(site: Path) -> None:
    for page in PAGES:
        made = site / page.relative_to(ROOT / "docs").with_suffix(".html")
        assert made.with_name(made.name.replace("README", "index")).exists(), page
    first = (site / "index.html").read_text(encoding="utf-8")
    assert "/blob/main/README.md#quick-start" in first
    assert not re.search(r'<(?:script|link)[^>]+(?:src|href)="https?://[^"]+\.(?:js|css)', first)


def test_a_browser_shows_every_page_on_a_desktop_and_on_a_phone(site: Path) -> None:
    """Some of the pages are in ``build/site-pictures`` afterwards, to be looked at."""
    if not packages.unsupported():
        packages.ensure_browser()
    program = "import cores; print(cores.installed('browser', 'browser'))"
    found = subprocess.run([sys.executable, "-c", program], cwd=TOOLS, stdout=subprocess.PIPE, text=True, check=True)
    python = Path(found.stdout.splitlines()[-1], "python")
    command = [str(python), str(TOOLS / "site_in_browser.py"), str(site), str(PICTURES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["desktop"] == {}
    assert report["phone"] == {}
    assert report["search"][0].startswith("/how-to/strict-mode.html")
    pictures = sorted(PICTURES.glob("*.png"))
    assert len(pictures) == 13
    assert all(picture.read_bytes().startswith(PNG) for picture in pictures)
