# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.checks.texts.hidden_characters import (
    describe,
    hidden_characters,
    visible,
)

TAGS = "".join(chr(0xE0000 + ord(letter)) for letter in "run")


@pytest.mark.parametrize(
    "text",
    [
        "plain\ttext\r\n",
        "caf\u00e9 \u2014 \u201cquoted\u201d\u2026",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 family",
        "\U0001f469\U0001f3fd\u200d\U0001f4bb with a skin tone",
        "\u2764\ufe0f\u200d\U0001f525 with a variation selector",
        "1\ufe0f\u20e3 and \u2139\ufe0f and \u00a9\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f England",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 Persian",
        "\u0915\u094d\u200d\u0937 Devanagari",
        "\u05e9\u05dc\u05d5\u05dd\u200f! Hebrew with a mark",
        "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u2066MCP\u2069 Arabic with an isolate",
        "\u0e2a\u0e27\u0e31\u0e2a\u200b\u0e14\u0e35 Thai",
        "\u845b\U000e0100 an ideographic variation",
        "\u1820\u180b Mongolian",
    ],
)
def test_what_scripts_and_emoji_need_is_not_hidden(text: str) -> None:
    assert hidden_characters(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Adds.{TAGS}", list(TAGS)),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0078\U000e0078\U000e0078\U000e007f", None),
        ("user\u202egnp.exe", ["\u202e"]),
        ("\u05d0\u202eb\u202c", ["\u202e", "\u202c"]),
        ("a\u2066b\u2069", ["\u2066", "\u2069"]),
        ("\u05d0 \u2067never closed", ["\u2067"]),
        ("left\u200eto right", ["\u200e"]),
        ("ig\u200bnore", ["\u200b"]),
        ("a\u200db", ["\u200d"]),
        ("\U0001f600\u200d", ["\u200d"]),
        ("\ufeffstart", ["\ufeff"]),
        ("in\u00advisible", ["\u00ad"]),
        ("word\ufe01", ["\ufe01"]),
        ("\u2600\ufe0f\ufe0f", ["\ufe0f"]),
        ("\U0001f600" + "".join(chr(0xE0100 + byte) for byte in b"hi"), None),
        ("\u3164", ["\u3164"]),
        ("\x1b[31m", ["\x1b"]),
        ("a\x00b", ["\x00"]),
        ("\x9b2J", ["\x9b"]),
    ],
)
def test_hidden_characters_are_found(text: str, found: list[str] | None) -> None:
    hidden = hidden_characters(text)
    assert hidden
    assert found is None or hidden == found


def test_a_lone_surrogate_is_no_reason_to_fail() -> None:
    assert hidden_characters("\ud800\u200b") == ["\u200b"]


def test_they_are_shown_as_code_points() -> None:
    assert describe(["\u200b", "\u200b", "\ufeff"]) == "3 hidden characters: U+200B, U+FEFF"
    assert describe(list(TAGS)).endswith('as tags they spell "run"')
    assert "and 14 more" in describe([chr(0xE0100 + number) for number in range(20)])
    assert visible(f"a\u200bb{TAGS}") == "ab"
