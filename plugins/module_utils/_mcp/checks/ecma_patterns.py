# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check the syntax of regular expressions of ECMA-262 with the flag ``u`` (pure).

Ajv compiles the patterns of a tool's outputSchema in this way when a client lists tools, and one that it cannot compile
fails the whole list. What newer editions of ECMA-262 allow counts as valid. Source: ECMA-262 section 22.2.1.
"""

from __future__ import annotations

import re
import typing as t

_LONGEST: t.Final = 2_000  # characters of a pattern that is checked
_SYNTAX: t.Final = frozenset("^$\\.*+?()[]{}|/")
_ESCAPE: t.Final = re.compile(
    r"\\(?:[dDsSwWfnrtv]|c[A-Za-z]|0(?![0-9])|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|u\{0*(?:10|[0-9A-Fa-f])?[0-9A-Fa-f]{1,4}\}"
    r"|[pP]\{[A-Za-z0-9_]+(?:=[A-Za-z0-9_]+)?\})"
)
_NAME: t.Final = r"<[^\W\d][\w$]*>"
_OUTSIDE: t.Final = re.compile(rf"\\(?:[bB]|[1-9][0-9]*|k{_NAME})")
_CONTROLS: t.Final = {"b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "0": 0}
_QUANTIFIER: t.Final = re.compile(r"(?:[*+?]|\{(\d+)(?:,(\d*))?\})\??")
_GROUP: t.Final = re.compile(rf"\((?:\?(?::|=|!|<=|<!|{_NAME}|[ims]*(?:-[ims]+)?:))?")
_ASSERTIONS: t.Final = ("(?=", "(?!", "(?<=", "(?<!")


class _Invalid(Exception):
    """The pattern is invalid.

    :param why: a noun phrase.
    :param always: whether it is invalid without the flag ``u``, too; if not, that is not known.
    """

    def __init__(self, why: str, *, always: bool = False) -> None:
        super().__init__(why)
        self.always = always


def syntax_defect(pattern: str) -> str | None:
    """Return what is invalid in a pattern, as a noun phrase; None if nothing is, or if the pattern is very long."""
    if len(pattern) > _LONGEST:
        return None
    try:
        _Scanner(pattern).scan()
    except _Invalid as exc:
        return str(exc)
    return None


def compiles(pattern: str) -> bool | None:
    """Tell whether a pattern is valid without the flag ``u``, which allows more; None if that is not decided."""
    if len(pattern) > _LONGEST:
        return None
    try:
        _Scanner(pattern).scan()
    except _Invalid as exc:
        return False if exc.always else None
    return True


class _Scanner:
    """Reads a pattern once, from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._groups = 0
        self._names: set[str] = set()
        self._references: list[str] = []  # numbers and names
        self._open: list[bool] = []  # for each open group, whether a quantifier may follow it

    def scan(self) -> None:
        """Read the pattern.

        :raises _Invalid: if it is invalid.
        """
        repeatable = False  # whether a quantifier may follow
        while self._at < len(self._pattern):
            repeatable = self._term(self._pattern[self._at], repeatable)
        if self._open:
            raise _Invalid("a group without an end", always=True)
        missing = [
            one for one in self._references if not (int(one) <= self._groups if one.isdigit() else one in self._names)
        ]
        if missing:
            raise _Invalid(f"a reference to {missing[0]}, which is no group")

    def _term(self, char: str, repeatable: bool) -> bool:
        if char == "\\":
            return self._escape(self._match(_OUTSIDE))
        if char == "[":
            self._class()
            return True
        if char == "(":
            return self._begin_group()
        if char == ")":
            if not self._open:
                raise _Invalid("a ')' without a group", always=True)
            self._at += 1
            return self._open.pop()
        if char in "*+?{":
            self._quantifier(char, repeatable)
            return False
        if char in "]}":
            raise _Invalid(f"a {char!r} alone")
        self._at += 1
        return char not in "^$|"

    def _match(self, expression: re.Pattern[str]) -> str:
        """Read what an expression matches here; nothing if it does not."""
        found = expression.match(self._pattern, self._at)
        self._at = found.end() if found else self._at
        return found.group() if found else ""

    def _escape(self, read: str) -> bool:
        """Read an escape unless it was read; return whether a quantifier may follow it."""
        if read or self._match(_ESCAPE):
            if read not in ("", "\\b", "\\B"):
                self._references.append(read[1:] if read[1].isdigit() else read[2:])
            return read not in ("\\b", "\\B")
        escaped = self._pattern[self._at + 1 : self._at + 2]
        if not escaped or escaped not in _SYNTAX:
            raise _Invalid("the escape \\" + escaped, always=not escaped)
        self._at += 2
        return True

    def _begin_group(self) -> bool:
        begin = self._match(_GROUP)
        if begin == "(" and self._pattern.startswith("?", self._at):
            raise _Invalid(f"the group {self._pattern[self._at - 1 : self._at + 3]!r}")
        named = begin.endswith(">")
        self._groups += named or begin == "("
        if named:
            self._names.add(begin[2:])
        self._open.append(begin not in _ASSERTIONS)
        return False

    def _quantifier(self, char: str, repeatable: bool) -> None:
        found = _QUANTIFIER.match(self._pattern, self._at)
        if found is None:
            raise _Invalid(f"a {char!r} alone")
        if not repeatable:
            after_group = self._pattern[self._at - 1 : self._at] == ")"  # some may be repeated without the flag
            raise _Invalid(f"a {found.group()!r} after nothing that it can repeat", always=not after_group)
        if found.group(1) and found.group(2) and int(found.group(1)) > int(found.group(2)):
            raise _Invalid(f"the quantifier {found.group()!r}", always=True)
        self._at = found.end()

    def _class(self) -> None:
        """Read a class, such as ``[a-z]``."""
        self._at += 2 if self._pattern.startswith("[^", self._at) else 1
        while not self._pattern.startswith("]", self._at):
            first = self._member()
            if not self._pattern.startswith("-", self._at) or self._pattern.startswith("-]", self._at):
                continue
            self._at += 1
            last = self._member()
            if (len(first) > 1 and first[1] in "dDsSwWpP") or (len(last) > 1 and last[1] in "dDsSwWpP"):
                raise _Invalid("a range from or to a class of characters")
            if _code(first) > _code(last):
                raise _Invalid(f"the range {first}-{last}", always=first.isascii() and last.isascii())
        self._at += 1

    def _member(self) -> str:
        """Read one member of a class."""
        start = self._at
        char = self._pattern[start : start + 1]
        if not char:
            raise _Invalid("a class without an end", always=True)
        if char != "\\":
            self._at += 1
        elif self._pattern[start + 1 : start + 2] in ("b", "-"):
            self._at += 2
        else:
            self._escape("")
        return self._pattern[start : self._at]


def _code(member: str) -> int:
    """Return the code point of a member of a class that is a character."""
    if len(member) == 1:
        return ord(member)
    kind, rest = member[1], member[2:].strip("{}")
    if kind in "xu":
        return int(rest, 16)
    return ord(rest) % 32 if kind == "c" else _CONTROLS.get(kind, ord(kind))
