# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-FileCopyrightText: 1991-2026 Unicode, Inc.
# SPDX-License-Identifier: Apache-2.0 AND Unicode-3.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Letters of other scripts that look like ASCII letters.

The data is a part of the Unicode data file ``confusables.txt`` (Unicode Technical Standard 39): the letters of the
Cyrillic, Greek, Armenian and Cherokee scripts, and some Latin ones, whose prototype is one ASCII letter. Full-width and
mathematical letters are not listed, since NFKC maps them.
"""

from __future__ import annotations

import re
import typing as t
import unicodedata

_LOOKALIKES: t.Final = {
    "A": "0391 0410 13AA",
    "B": "0392 0412 13F4",
    "C": "03F9 0421 13DF",
    "D": "13A0",
    "E": "0395 0415 13AC",
    "F": "03DC",
    "G": "050C 13C0 13F3",
    "H": "0397 041D 13BB",
    "J": "037F 0408 13AB",
    "K": "039A 041A 13E6",
    "L": "13DE",
    "M": "039C 03FA 041C 13B7",
    "N": "039D",
    "O": "039F 041E 0555",
    "P": "03A1 0420 13E2",
    "R": "13A1 13D2",
    "S": "0405 054F 13D5 13DA",
    "T": "03A4 0422 13A2",
    "U": "054D",
    "V": "0474 13D9",
    "W": "051C 13B3 13D4",
    "X": "03A7 0425",
    "Y": "03A5 03D2 0423 04AE 13A9 13BD",
    "Z": "0396 13C3",
    "a": "0251 03B1 0430",
    "b": "042C 13CF",
    "c": "03F2 0441 ABAF",
    "d": "0501 13E7",
    "e": "0435 04BD",
    "f": "0584",
    "g": "0261 0581",
    "h": "04BB 0570 13C2",
    "i": "0131 026A 0269 03B9 1FBE 037A 0456 A647 04CF AB75 13A5",
    "j": "03F3 0458",
    "l": "01C0 0399 0406 04C0",
    "n": "0578 057C",
    "o": "03BF 03C3 043E 0585",
    "p": "03C1 03F1 0440",
    "q": "051B 0563 0566",
    "r": "1D26 0433 AB81",
    "s": "0455 ABAA",
    "u": "028B 03C5 057D",
    "v": "03BD 0475 ABA9",
    "w": "0461 051D 0561 AB83",
    "x": "0445",
    "y": "03B3 0443 04AF",
    "z": "AB93",
}
TO_ASCII: t.Final = {int(code, 16): letter for letter, codes in _LOOKALIKES.items() for code in codes.split()}
# Letters of the Latin script may be part of a word in another language, such as the Turkish dotless i.
_OTHER_SCRIPTS: t.Final = "".join(chr(code) for code in TO_ASCII if not unicodedata.name(chr(code)).startswith("LATIN"))
LOOKALIKE: t.Final = re.compile(f"[{_OTHER_SCRIPTS}]")
MIXED: t.Final = re.compile(f"[A-Za-z][{_OTHER_SCRIPTS}]|[{_OTHER_SCRIPTS}][A-Za-z]")
_WORD: t.Final = re.compile(rf"[A-Za-z{_OTHER_SCRIPTS}]{{4,}}")
_LETTERS: t.Final = re.compile(r"[A-Za-z]")
# Of the prototypes of ASCII characters: one looks like l, zero like O, and m like rn.
_SHAPES: t.Final = {**TO_ASCII, ord("I"): "l", ord("1"): "l", ord("|"): "l", ord("0"): "O", ord("m"): "rn"}


def to_ascii(text: str) -> str:
    """Return a text with each lookalike replaced by the ASCII letter."""
    return unicodedata.normalize("NFKC", text).translate(TO_ASCII)


def shape(name: str) -> str:
    """Return what a name looks like: names of equal shape are hard to tell apart."""
    if not name.isascii():
        name = to_ascii(name)
    return name.translate(_SHAPES)


def mixed_word(text: str) -> str | None:
    """Return the first word that mixes ASCII letters with lookalikes of another script; None if there is none.

    A word with other letters of that script is not an imitation.
    """
    if MIXED.search(text) is None:
        return None
    for match in _WORD.finditer(text):
        word = match[0]
        around = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        if LOOKALIKE.search(word) and _LETTERS.search(word) and not any(map(str.isalpha, around)):
            return word
    return None
