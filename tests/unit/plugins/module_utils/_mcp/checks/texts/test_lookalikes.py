# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import unicodedata

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.checks.texts.known_names import OWNER, SHAPES
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.checks.texts.lookalikes import (
    TO_ASCII,
    mixed_word,
    shape,
    to_ascii,
)


def test_the_table_maps_letters_to_ascii_letters() -> None:
    assert len(TO_ASCII) > 100
    for code, letter in TO_ASCII.items():
        assert unicodedata.category(chr(code))[0] == "L"
        assert letter.isascii()
        assert letter.isalpha()


@pytest.mark.parametrize("word", ["P\u0430ypal", "\u0456gnore", "\u03bfpen", "\u0570ello", "\u13aadmin"])
def test_words_of_two_scripts_are_found(word: str) -> None:
    assert mixed_word(f"the word {word} here") == word
    assert to_ascii(word).isascii()


@pytest.mark.parametrize(
    "text",
    [
        "\u041f\u043e\u0433\u043e\u0434\u0430 \u0432 API \u0438 JSON-\u0444\u0430\u0439\u043b",
        "\u03b1 = 5, \u03c3\u00b2 and 3\u03c3",
        "\u0441\u043e\u0440\u0430 is a word of one script",
        "GET\u043e\u043c",
        "plain words",
        "na\u00efve caf\u00e9 \u0131rmak",
    ],
)
def test_words_of_one_script_are_not(text: str) -> None:
    assert mixed_word(text) is None


def test_full_width_and_mathematical_letters_are_read_as_ascii() -> None:
    assert to_ascii("\uff49\uff47\uff4e\uff4f\uff52\uff45 \U0001d41a\U0001d425\U0001d425") == "ignore all"


def test_names_that_look_the_same_have_the_same_shape() -> None:
    assert shape("read_fi1e") == shape("read_file") == shape("read_fi\u04cfe".replace("\u04cf", "I"))
    assert shape("modern") == shape("rnodern")
    assert shape("read_file") != shape("read_files")


def test_no_two_well_known_names_look_the_same() -> None:
    assert len(set(SHAPES.values())) == len(SHAPES)
    assert set(OWNER) <= set(SHAPES.values())
