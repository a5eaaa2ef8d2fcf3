# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Convert the keys of a ``spec`` to snake case by the rules of ansible-operator, which existing roles depend on.

Acronyms are words (``HTTPRoute`` becomes ``http_route``); HTTP, URL and IP have plurals (``egressIPs`` becomes
``egress_ips``); a leading capital becomes a leading underscore (``FooBar`` becomes ``_foo_bar``). The keys of all maps
are converted, including maps with user-defined keys; ``snakeCaseParameters: false`` in a watch turns it off.
"""

from __future__ import annotations

import re
import typing as t

# ansible-operator uses the random order of a Go map; a fixed order makes the result deterministic.
_WORDS = ("HTTP", "URL", "IP")
_NUMBER_WITHIN = re.compile(r"([a-zA-Z])(\d+)([a-zA-Z](\d+))", re.ASCII)
_SEPARATORS = frozenset(" _-")


def convert(value: t.Any) -> t.Any:
    """Return a value with the keys of all its maps converted to snake case."""
    if isinstance(value, dict):
        return {to_snake(key): convert(item) for key, item in value.items()}
    if isinstance(value, list):
        return [convert(item) for item in value]
    return value


def to_snake(key: str) -> str:
    """Return one key in snake case."""
    text = _NUMBER_WITHIN.sub(r"\1 \2 \3", key).strip(" ")
    if not text:
        return key
    prefix = "_" if _is_upper(text[0]) else ""
    if text.upper() != text:
        text = _set_words_apart(text)
    bits = _split(text)
    return "_".join(bits) if bits[0] in {word.lower() for word in _WORDS} else prefix + "_".join(bits)


def _split(text: str) -> list[str]:
    bits, word = [], ""
    for here, following in zip(text, [*text[1:], ""], strict=True):
        turns = (_is_upper(here) and _is_lower(following)) or (_is_lower(here) and _is_upper(following))
        if word and turns:
            if _is_upper(here):
                bits.append(word.lower())
                word = here
            else:
                bits.append((word + here).lower())
                word = ""
        elif here in _SEPARATORS:
            bits.append(word.lower())
            word = ""
        else:
            word += here
    return [*bits, word.lower()]


def _set_words_apart(text: str) -> str:
    for word in _WORDS:
        start = text.find(word)
        if start < 0:
            continue
        head, tail = text[:start], text[start + len(word) :]
        before = "_" if head else ""
        if not tail:
            text = f"{head}_{word}"
        elif tail == "s":
            text = f"{head}_{word}S"
        elif tail[0] == "s":
            text = f"{head}{before}{word}S_{tail[1:]}"
        else:
            text = f"{head}{before}{word}_{tail}"
    return text


def _is_upper(letter: str) -> bool:
    return "A" <= letter <= "Z"


def _is_lower(letter: str) -> bool:
    return "a" <= letter <= "z"
