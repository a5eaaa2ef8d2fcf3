# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A hook of mkdocs: links from a page to files outside of ``docs/`` become links to the repository."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# The target of a link in Markdown that begins with ../, and its anchor.
LINK = re.compile(r"(\]\()((?:\.\./)+[^)\s#]*)(#[^)\s]*)?(?=\))")


def on_page_markdown(markdown: str, /, *, page: Any, config: Any, **_others: Any) -> str:
    """Return the text of a page with other links.

    :raises FileNotFoundError: a link leads to a file that does not exist, with which the build ends.
    """
    folder = posixpath.join("docs", posixpath.dirname(page.file.src_uri))
    return LINK.sub(lambda found: found[1] + target(folder, found[2], found[3] or "", config.repo_url), markdown)


def target(folder: str, link: str, anchor: str, repository: str) -> str:
    """Return where a link leads from a page in a folder of the repository."""
    path = posixpath.normpath(posixpath.join(folder, link))
    if path.startswith("docs/"):
        return link + anchor
    if path.startswith("..") or not (ROOT / path).exists():
        raise FileNotFoundError(f"{folder}: {link} leads to {path}, which does not exist")
    kind = "tree" if (ROOT / path).is_dir() else "blob"
    return f"{repository.rstrip('/')}/{kind}/main/{path}{anchor}"
