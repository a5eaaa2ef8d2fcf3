# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Find characters that do not show, without those that emoji and scripts need."""

from __future__ import annotations

import re
import typing as t
import unicodedata

# What an ASCII text may have. Deleting it from a whole list leaves almost nothing to look at.
PLAIN: t.Final = bytes(range(0x20, 0x7F)) + b"\t\n\r\0"

_TAGS = "\U000e0000-\U000e007f"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_BIDI = "\u202a-\u202e\u2066-\u2069"
_MARKS = "\u061c\u200e\u200f"
_JOINERS = "\u200c\u200d"
SUSPECT: t.Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f"
    f"\u3164\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a{_TAGS}{_SELECTORS}{_BIDI}{_MARKS}{_JOINERS}]"
)
# The three flags with tags that Unicode recommends: England, Scotland, Wales.
_FLAG = re.compile(
    "\U0001f3f4(?:\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074"
    "|\U000e0077\U000e006c\U000e0073)\U000e007f)"
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff]")
_OVERRIDES = ("\u202d", "\u202e")
_OPENING, _CLOSING = "\u202a\u202b\u2066\u2067\u2068", "\u202c\u2069"
# Scripts that are written without spaces: Thai, Lao, Tibetan, Myanmar, Khmer.
_NO_SPACES = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff]")


def hidden_characters(text: str, may_look: t.Callable[[], bool] = lambda: True) -> list[str]:
    """Return the characters that hide something, in order.

    :param may_look: whether one more suspicious character may be looked at.
    """
    if SUSPECT.search(text) is None:
        return []
    text = _FLAG.sub("\U0001f3f4", text)
    right_to_left = _RIGHT_TO_LEFT.search(text) is not None and _balanced(text)
    found: list[str] = []
    for match in SUSPECT.finditer(text):
        if not may_look():
            break
        if not _belongs(text, match.start(), match[0], right_to_left=right_to_left):
            found.append(match[0])
    return found


def visible(text: str) -> str:
    """Return a text without the characters that can hide something."""
    return SUSPECT.sub("", text)


def describe(hidden: list[str]) -> str:
    """Return the characters as ``U+200B``, each once, and what tag characters spell."""
    different = list(dict.fromkeys(hidden))
    shown = ", ".join(f"U+{ord(character):04X}" for character in different[:6])
    more = f" and {len(different) - 6} more" if len(different) > 6 else ""
    count = f"{len(hidden)} hidden character{'s' if len(hidden) > 1 else ''}: {shown}{more}"
    spelled = "".join(chr(ord(character) - 0xE0000) for character in hidden if 0xE0020 <= ord(character) <= 0xE007E)
    return f'{count}; as tags they spell "{spelled[:80]}"' if len(spelled) > 2 else count


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character in _OPENING) - (character in _CLOSING)
        if depth < 0:
            return False
    return depth == 0


def _belongs(text: str, at: int, character: str, *, right_to_left: bool) -> bool:
    """Return whether a script or an emoji needs the character here."""
    before = text[at - 1] if at else ""
    after = text[at + 1 : at + 2]
    if character in _JOINERS:
        return _joins(before, after, character)
    if character in _MARKS or (character in _OPENING + _CLOSING and character not in _OVERRIDES):
        return right_to_left
    code = ord(character)
    if 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
        return _selects(before, code)
    if 0x180B <= code <= 0x180F:
        return "\u1800" <= before <= "\u18af"
    if character == "\u200b":
        return _NO_SPACES.match(before) is not None or _NO_SPACES.match(after) is not None
    return False


def _joins(before: str, after: str, character: str) -> bool:
    """Return whether a joiner is between emoji, or between letters of a script that has joined forms."""
    if not before:
        return False
    if _is_symbol(before) or before == "\ufe0f" or "\U0001f3fb" <= before <= "\U0001f3ff":
        return character == "\u200d" and bool(after) and _is_symbol(after)
    return unicodedata.category(before)[0] in "LM" and (
        "\u0600" <= before < "\u1100" or "\u1780" <= before < "\u1c00" or "\ua800" <= before < "\uac00"
    )


def _selects(before: str, code: int) -> bool:
    """Return whether a variation selector follows a character that has variants. Two in a row never do."""
    if not before:
        return False
    ideograph = unicodedata.category(before) == "Lo" and before >= "\u2e80"
    if code >= 0xE0100:
        return ideograph
    return ideograph or before in "#*0123456789" or _is_symbol(before) or "\u1000" <= before <= "\u109f"


def _is_symbol(character: str) -> bool:
    return not character.isascii() and (
        unicodedata.category(character) in ("So", "Sm", "Sk", "Po", "Pd", "Ps", "Pe", "No")
        or character in "\u2139\u24c2"
    )
