# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""ARCHITECTURE.md names only paths that exist, and keeps to its size."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
BASES = (ROOT, ROOT / "plugins" / "module_utils", ROOT / "operator" / "src" / "mcp_operator")
# What looks like a path and is none: resources of the API and methods of MCP.
OTHERS = {"server/discover"}


def paths() -> list[str]:
    """Return every path in the page: code with a slash in it, or with the ending of a file."""
    found = re.findall(r"`([\w./-]+)`", PAGE)
    return [name for name in found if ("/" in name or re.search(r"\.(py|yaml|yml|md|j2|toml)$", name))]


def test_every_path_exists() -> None:
    named = [name for name in paths() if name not in OTHERS]
    assert len(named) > 100
    generated = {"install.yaml"}  # the short name of roles/operator/files/install.yaml
    missing = [name for name in named if name not in generated and not any((base / name).exists() for base in BASES)]
    assert not missing


def test_every_package_of_the_operator_is_described() -> None:
    code = ROOT / "operator" / "src" / "mcp_operator"
    packages = {path.name for path in code.iterdir() if (path / "__init__.py").exists()}
    assert not [name for name in packages - {"_vendor"} if f"`{name}/`" not in PAGE]


def test_walkthroughs_have_ten_steps_and_the_glossary_thirty_terms_at_most() -> None:
    walks = re.split(r"^### ", PAGE.partition("## Walkthroughs")[2].partition("## Glossary")[0], flags=re.MULTILINE)
    assert [len(re.findall(r"^\d+\. ", walk, re.MULTILINE)) for walk in walks[1:]] == [10, 10, 10]
    rows = re.findall(r"^\| ", PAGE.partition("## Glossary")[2], re.MULTILINE)
    assert len(rows) - 1 <= 30
