# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Links of the documentation's site to files of the repository."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

from site_links import on_page_markdown, search_settings  # noqa: E402

CONFIG = SimpleNamespace(repo_url="https://git.example.com/mcp/kubernetes/")


def written(text: str, page: str = "how-to/validate.md") -> str:
    return on_page_markdown(text, page=SimpleNamespace(file=SimpleNamespace(src_uri=page), meta={}), config=CONFIG)


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("../../README.md#try-it", "https://git.example.com/mcp/kubernetes/blob/main/README.md#try-it"),
        ("../../examples/ci", "https://git.example.com/mcp/kubernetes/tree/main/examples/ci"),
        ("../runbooks/McpOperatorDown.md", "../runbooks/McpOperatorDown.md"),
        ("stdio.md#x", "stdio.md#x"),
    ],
)
def test_links_out_of_the_documentation_lead_to_the_repository(link: str, target: str) -> None:
    assert written(f"See [this]({link}).") == f"See [this]({target})."


@pytest.mark.parametrize("link", ["../../no-such-file.md", "../../../etc/passwd"])
def test_a_link_to_nothing_ends_the_build(link: str) -> None:
    with pytest.raises(FileNotFoundError, match="does not exist"):
        written(f"[this]({link})")


def test_the_heading_is_the_first_thing_on_a_page() -> None:
    assert written("<!--\nThe licence\n-->\n\n# Title\n") == "# Title\n"


def test_instructions_are_found_before_records() -> None:
    weights = [search_settings(path)["boost"] for path in ("how-to/tls.md", "security.md", "decisions/0001-x.md")]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == 3
    assert search_settings("judged-servers.md") == {"exclude": True}
