# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Open every page of the documentation's site in Chromium, on a desktop and on a phone, and print the problems as JSON.

``site_in_browser.py SITE PICTURES``. It needs Playwright, see ``requirements/browser.in``, and the Chromium of the
machine or of Playwright. Some pages become pictures.
"""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
PICTURES = ("index", "quick-start", "how-to/monitor", "how-to/validate", "reference/mcpserver", "validation-issues")
# Wider than the window, and not in an element that scrolls.
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
BROKEN_IMAGES = "[...document.images].filter(image => !image.naturalWidth).map(image => image.src)"
QUERY = "strict mode"
# The index is loaded; what is typed before is not searched.
READY = "!document.querySelector('.md-search-result__meta').textContent.includes('Initializing')"
BAD = 400  # the first HTTP status of an error
LONGEST = 90_000  # milliseconds, on a busy machine
VERSION = "0.1"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """Log nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve the site on loopback as one of its versions, as mike writes them. The search does not work from files."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, VERSION).symlink_to(site.resolve())
        versions = [{"version": VERSION, "title": VERSION, "aliases": ["latest"]}]
        Path(folder, "versions.json").write_text(json.dumps(versions), encoding="utf-8")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/{VERSION}"
        finally:
            server.shutdown()


def watched(page: Page, url: str) -> list[str]:
    """Return the list to which the problems of a page are added."""
    problems: list[str] = []
    host = url.removesuffix(VERSION)
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "response", lambda answer: problems.append(f"{answer.status}: {answer.url}") if answer.status >= BAD else None
    )
    page.on(
        "request", lambda request: None if request.url.startswith((host, "data:")) else problems.append(request.url)
    )
    return problems


def open_pages(browser: Browser, url: str, site: Path, size: str, pictures: Path) -> dict[str, list[str]]:
    """Open each page in a window and return the problems by page."""
    found = {}
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(LONGEST)
    problems = watched(page, url)
    # The page for wrong addresses has links from the root of the host.
    for path in sorted(set(site.rglob("*.html")) - {site / "404.html"}):
        name = path.relative_to(site).with_suffix("").as_posix()
        problems.clear()
        page.goto(f"{url}/{name}.html", wait_until="load")
        wide = page.evaluate(OVERFLOW)
        problems += [f"{wide} pixels wider than the window"] if wide > 0 else []
        problems += [f"no image: {source}" for source in page.evaluate(BROKEN_IMAGES)]
        if problems:
            found[name] = list(problems)
        if name in PICTURES:
            page.screenshot(path=pictures / f"{name.replace('/', '-')}-{size}.png")
    page.close()
    return found


def search(browser: Browser, url: str, pictures: Path) -> list[str]:
    """Return the pages that the search finds."""
    page = browser.new_page(viewport={"width": SIZES["desktop"][0], "height": SIZES["desktop"][1]})
    page.set_default_timeout(LONGEST)
    page.goto(f"{url}/index.html")
    page.wait_for_function(READY)
    # The page reads the field when a key is released.
    page.locator("input[name=query]").press_sequentially(QUERY)
    page.wait_for_selector(".md-search-result__item a")
    found = page.eval_on_selector_all(".md-search-result__item a", "links => links.map(link => link.href)")
    page.screenshot(path=pictures / "search-desktop.png")
    page.close()
    return [str(link).removeprefix(url) for link in found]


def main() -> None:
    """Print the problems of each size, and what the search finds."""
    site, pictures = Path(sys.argv[1]), Path(sys.argv[2])
    pictures.mkdir(parents=True, exist_ok=True)
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr, check=True)
    with sync_playwright() as playwright, served(site) as url:
        # The sandbox of Chromium does not start as root.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        report: dict[str, Any] = {size: open_pages(browser, url, site, size, pictures) for size in SIZES}
        report["search"] = search(browser, url, pictures)
        browser.close()
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
