# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Hooks of mkdocs.

Links from a page to files outside of ``docs/`` become links to the repository. Pages are found by their headings, and
instructions before records.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# The target of a link in Markdown that begins with ../, and its anchor.
LINK = re.compile(r"(\]\()((?:\.\./)+[^)\s#]*)(#[^)\s]*)?(?=\))")
# The comment that states the licence.
COMMENT = re.compile(r"\A\s*<!--.*?-->\s*", re.DOTALL)
# How much a page weighs in the search, by the beginning of its path; 1 by default. Tables of results are left out.
WEIGHTS = {"how-to/": 4.0, "quick-start": 4.0, "troubleshooting": 3.0, "decisions/": 0.3, "performance": 0.3}
NOT_SEARCHED = ("judged-servers.md", "conformance-suite.md")


def on_page_markdown(markdown: str, /, *, page: Any, config: Any, **_others: Any) -> str:
    """Return the text of a page with other links.

    :raises FileNotFoundError: a link leads to a file that does not exist, with which the build ends.
    """
    folder = posixpath.join("docs", posixpath.dirname(page.file.src_uri))
    page.meta["search"] = search_settings(page.file.src_uri)
    # mkdocs takes the title from the heading only if nothing is before it.
    text = COMMENT.sub("", markdown)
    return LINK.sub(lambda found: found[1] + target(folder, found[2], found[3] or "", config.repo_url), text)


def search_settings(path: str) -> dict[str, Any]:
    """Return the settings of the search for a page, as Material for MkDocs reads them from its front matter."""
    if path in NOT_SEARCHED:
        return {"exclude": True}
    return {"boost": next((weight for start, weight in WEIGHTS.items() if path.startswith(start)), 1.0)}


def target(folder: str, link: str, anchor: str, repository: str) -> str:
    """Return where a link leads from a page in a folder of the repository."""
    path = posixpath.normpath(posixpath.join(folder, link))
    if path.startswith("docs/"):
        return link + anchor
    if path.startswith("..") or not (ROOT / path).exists():
        raise FileNotFoundError(f"{folder}: {link} leads to {path}, which does not exist")
    kind = "tree" if (ROOT / path).is_dir() else "blob"
    return f"{repository.rstrip('/')}/{kind}/main/{path}{anchor}"
