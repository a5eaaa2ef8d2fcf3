# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A text without a file is displayed, and drives no terminal."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.action import mcp_output


@pytest.mark.parametrize(("shows", "expected"), [(True, ["\na:\n  b: \N{REPLACEMENT CHARACTER}[2J\n"]), (False, [])])
def test_a_text_is_displayed_unless_it_is_for_a_file_only(monkeypatch, shows, expected):
    shown = []
    monkeypatch.setattr(mcp_output.display, "display", shown.append)
    action = mcp_output.ActionModule.__new__(mcp_output.ActionModule)
    options = {"content": "a:\n  b: \x1b[2J\n", "dest": None, "display": shows}
    assert (action.act(options), shown) == ({"changed": False}, expected)


@pytest.mark.parametrize(
    "text",
    [
        "a\n\tb",
        "a\N{NO-BREAK SPACE}b\N{NARROW NO-BREAK SPACE}c\N{IDEOGRAPHIC SPACE}d",
        "\N{MAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}",
        "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}",
    ],
)
def test_spaces_and_joined_emojis_are_displayed(text):
    assert mcp_output.printable(text) == text


@pytest.mark.parametrize(
    "code",
    [
        *(0x00, 0x07, 0x08, 0x0D, 0x1B, 0x7F, 0x85, 0x9B),  # of terminals
        *(0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),  # of the direction of text
        *(0xAD, 0x200B, 0x2060, 0xFEFF, 0xE0001, 0xE0041, 0xE007F),  # invisible
        *(0x2028, 0x2029, 0xD800, 0xDFFF),
    ],
    ids=hex,
)
def test_what_drives_a_terminal_or_reorders_or_hides_text_is_replaced(code):
    assert mcp_output.printable(f"a{chr(code)}b") == "a\N{REPLACEMENT CHARACTER}b"
