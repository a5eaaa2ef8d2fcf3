# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check the texts that a server gives a model: names, descriptions, schemas, instructions.

A whole list is searched at once, with its texts joined. Only if something is suspicious, each item is searched, and
each text of the suspicious ones is checked alone.
"""

from __future__ import annotations

import typing as t
import unicodedata

from ...._util import clean
from . import hidden_characters, known_names, links, lookalikes
from .item_texts import collect_texts, labelled_texts
from .phrases import RULES
from .tool_hints import hints_defect

if t.TYPE_CHECKING:
    from ...issues.text_findings import TextFindings

# In lower case, with a space for each line end and tab.
_FOLDED: t.Final = bytes.maketrans(bytes(range(0x41, 0x5B)) + b"\t\n\r\x0b\x0c", bytes(range(0x61, 0x7B)) + b" " * 5)
_EXCERPT = 100  # characters
# Hashes of texts without a sign: the operator validates the same servers again and again.
_harmless: set[int] = set()
_MAX_HARMLESS: t.Final = 4096
_LITERALS: t.Final = tuple({*links.LITERALS, *(literal for rule in RULES for literal in rule.literals)})


def check_server(result: t.Mapping[str, t.Any], info: t.Any, findings: TextFindings) -> None:
    """Check the instructions, and what the server says about itself."""
    about = info if isinstance(info, dict) else {}
    findings.server_names = tuple(
        clean(about[key]).lower() for key in ("name", "title") if isinstance(about.get(key), str)
    )
    texts = [(f"serverInfo, {key}", about.get(key)) for key in ("name", "title", "description")]
    texts.append(("instructions", result.get("instructions")))
    given = [(where, text) for where, text in texts if isinstance(text, str)]
    name = about.get("name")
    imitation = _imitation(name, findings) if isinstance(name, str) else None
    if imitation is not None:
        findings.add("TEXT_LOOKALIKE", "serverInfo, name", imitation)
    texts_of_server = [text for _where, text in given]
    if findings.may_check(sum(map(len, texts_of_server))) and _suspicious(texts_of_server, findings):
        for where, text in given:
            _check_text(where, text, findings)


def check_items(field: str, items: t.Sequence[t.Any], first: int, findings: TextFindings) -> None:
    """Check the texts of one page of a list.

    :param field: of the result, such as ``tools``.
    :param first: the number of the first item in the list.
    """
    texts = collect_texts(items)
    suspicious = findings.may_check(sum(map(len, texts))) and _suspicious(texts, findings)
    for number, item in enumerate(items, first):
        if not isinstance(item, dict):
            continue
        name = item.get("name")
        imitation = _imitation(name, findings) if isinstance(name, str) else None
        contradiction = hints_defect(item) if field == "tools" and "annotations" in item else None
        if not suspicious and imitation is None and contradiction is None:
            continue
        label = f"{field}[{number}] ({clean(name, 80)})" if isinstance(name, str) else f"{field}[{number}]"
        if imitation is not None:
            findings.add("TEXT_LOOKALIKE", f"{label}, name", imitation)
        if contradiction is not None:
            findings.add("TEXT_HINTS_CONTRADICT", f"The annotations of {label}", contradiction)
        if suspicious and _suspicious(collect_texts([item]), findings):
            for where, text in labelled_texts(label, item):
                _check_text(clean(where, 200), text, findings)
    if field == "tools":
        _check_owners([item.get("name") for item in items if isinstance(item, dict)], findings)


def _suspicious(texts: t.Collection[str], findings: TextFindings) -> bool:
    """Return whether anything in these texts has to be looked at more closely."""
    joined = "\0".join(texts)
    identity = hash((joined, len(texts)))
    if identity in _harmless:
        return False
    if _has_signs(joined, len(texts), findings):
        return True
    if findings.looked_everywhere:
        if len(_harmless) >= _MAX_HARMLESS:
            _harmless.clear()
        _harmless.add(identity)
    return False


def _has_signs(joined: str, count: int, findings: TextFindings) -> bool:
    if joined.count("\0") >= max(1, count):
        return True
    raw = joined.encode("utf-8", "surrogatepass")
    rest = raw.translate(None, hidden_characters.PLAIN)
    if rest:
        special = set(rest.decode("utf-8", "surrogatepass"))
        if any(_is_special(character) for character in special):
            return True
        if any(map(lookalikes.LOOKALIKE.match, special)) and lookalikes.MIXED.search(joined) is not None:
            return True
    return any(True for _finding in _phrases(raw.translate(_FOLDED), findings))


def _is_special(character: str) -> bool:
    """Return whether a character hides something, or is read as one ASCII letter."""
    if hidden_characters.SUSPECT.match(character) is not None:
        return True
    letter = unicodedata.normalize("NFKC", character)
    return len(letter) == 1 and letter != character and letter.isascii() and letter.isalpha()


def _check_text(where: str, text: str, findings: TextFindings) -> None:
    if not text.isascii() or not text.isprintable():
        hidden = hidden_characters.hidden_characters(text, findings.may_look)
        if hidden:
            findings.add("TEXT_HIDDEN_CHARACTERS", where, f"has {clean(hidden_characters.describe(hidden), 250)}.")
        text = hidden_characters.visible(text)
        if not text.isascii():
            word = lookalikes.mixed_word(text)
            if word is not None:
                findings.add("TEXT_LOOKALIKE", where, f"has {_letters(word)}.")
            text = lookalikes.to_ascii(text)
    raw = text.encode("utf-8", "surrogatepass")
    for code, at, what in _phrases(raw.translate(_FOLDED), findings):
        shown = clean(raw[at : at + 2 * _EXCERPT].decode("utf-8", "replace").split("\0")[0], _EXCERPT)
        findings.add(code, where, f'has {what}: "{shown}".')


def _letters(word: str) -> str:
    """Return a word that mixes scripts, with its foreign letters as ``U+0430``."""
    codes = ", ".join(f"U+{ord(letter):04X}" for letter in dict.fromkeys(word) if not letter.isascii())
    return f'letters of another script in "{clean(word, 60)}": {clean(codes, 80)}'


_MEANING: t.Final = {
    "TEXT_OVERRIDES_INSTRUCTIONS": "instructions that replace those of the model",
    "TEXT_CONCEALS": "an instruction to conceal something from the user",
    "TEXT_SEEKS_SECRETS": "an instruction to read secrets or the conversation",
    "TEXT_STEERS_MODEL": "an instruction about other tools or its own importance",
}


def _phrases(text: bytes, findings: TextFindings) -> t.Iterator[tuple[str, int, str]]:
    """Return the code, the beginning and the meaning of each suspicious phrase and link."""
    present = {literal for literal in _LITERALS if literal in text}
    if not present:
        return
    for rule in RULES:
        for literal in filter(present.__contains__, rule.literals):
            for at in _occurrences(text, literal, findings):
                match = rule.pattern.search(text, max(0, at - rule.before), at + rule.after)
                if match is not None:
                    yield rule.code, match.start(), _MEANING[rule.code]
                    break
    for literal in filter(present.__contains__, links.LITERALS):
        for at in _occurrences(text, literal, findings):
            found = links.link_defect(text, at, literal)
            if found is not None:
                yield "TEXT_UNSAFE_LINK", *found
                break


def _occurrences(text: bytes, literal: bytes, findings: TextFindings) -> t.Iterator[int]:
    at = text.find(literal)
    while at >= 0 and findings.may_look():
        yield at
        at = text.find(literal, at + len(literal))


def _imitation(name: str, findings: TextFindings) -> str | None:
    """Return which other or well-known name a name looks like, as a predicate; None if it is like no other."""
    name = name[:200]
    shape = lookalikes.shape(name)
    known = known_names.SHAPES.get(shape) or findings.shapes.setdefault(shape, name)
    return None if known == name else f'looks like "{clean(known, 80)}" and is "{_spelled(name)}".'


def _spelled(name: str) -> str:
    return clean("".join(letter if letter.isascii() else f"<U+{ord(letter):04X}>" for letter in name), 120)


def _check_owners(names: t.Iterable[t.Any], findings: TextFindings) -> None:
    """Report tools with the distinctive names of a well-known server, unless the server has its name."""
    taken: dict[str, list[str]] = {}
    for name in names:
        owner = known_names.OWNER.get(name) if isinstance(name, str) else None
        if owner is not None and not any(owner in server for server in findings.server_names):
            taken.setdefault(owner, []).append(name)
    for owner, tools in taken.items():
        findings.add(
            "TEXT_SHADOWED_TOOL",
            f"Names of tools of the well-known server {owner!r}",
            f"are used: {', '.join(tools[:5])}. A client that uses both servers may confuse them.",
        )
