# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The changelog shows code as code, whichever markup a fragment has."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import yaml

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools"))

import fragments


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("C(spec.tls) and ``spec.auth``", "``spec.tls`` and ``spec.auth``"),
        ("the option O(mcp.kubernetes.mcp_validate#module:deep)", "the option ``deep``"),
        ("O(mcp.kubernetes.mcpserver#role:main:mcpserver_mode)", "``mcpserver_mode``"),
        ("RV(mcp.kubernetes.mcp_validate#module:revisions) has", "``revisions`` has"),
        ("M(mcp.kubernetes.mcp_validate) - reports", "``mcp.kubernetes.mcp_validate`` - reports"),
        ("C($(HOME)) is passed", "``$(HOME)`` is passed"),
        ("a list (of RFC 8707), HTTP (421)", "a list (of RFC 8707), HTTP (421)"),
    ],
)
def test_markup_of_ansible_becomes_code(text, wanted):
    assert fragments.converted(text) == wanted


def test_nothing_is_left_of_it_in_the_fragments():
    # There are none right after a release.
    texts = {path.name: path.read_text(encoding="utf-8") for path in fragments.FOLDER.glob("*.yml")}
    found = {name: str(fragments.convert(yaml.safe_load(text))) for name, text in texts.items()}
    assert [name for name, text in found.items() if re.search(r"\b(C|E|M|O|P|RV|V)\(", text)] == []
