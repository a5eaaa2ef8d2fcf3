# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Members of objects that may be left out: if they are there, they are what the revision's schema says (pure)."""

from __future__ import annotations

import typing as t

from .jsonrpc import Json, type_name
from .shapes import SHAPES, Member
from .text import clean

if t.TYPE_CHECKING:
    from .facts import IssueLog

_LOOKED_AT: t.Final = 200  # items of one list or values of one object


class Checker(t.NamedTuple):
    """What all checks of one object have in common."""

    version: str  # the revision
    code: str  # of the issue for what has another type
    issues: IssueLog

    def members(self, what: str, value: Json, shape: str) -> None:
        """Check the members of an object; null is no type, though half of the clients take it for left out."""
        for name, member in SHAPES[shape].items():
            if not member.since <= self.version <= member.until:
                continue
            if name not in value:
                if member.required:
                    self.issues.add(self.code, f"{what} has no {name}.")
            elif value[name] is None:
                self.issues.add("NULL_MEMBER", f"{what} has null as {name}.")
            else:
                self._member(what, name, value[name], member)

    def _member(self, what: str, name: str, value: t.Any, member: Member) -> None:
        self._value(f"{what} has", f"as {name}", f"{what}: {name}", value, member.kind)

    def _value(self, has: str, role: str, inside: str, value: t.Any, kind: str) -> None:
        """Check a value; the texts say whose it is."""
        wrong = _defect(value, kind)
        if wrong is not None:
            self.issues.add(self.code, f"{has} {wrong[0]} {role}, not {wrong[1]}.")
        elif kind[0] == "[":
            for number, item in enumerate(value[:_LOOKED_AT]):
                self._value(f"{inside} has", f"at {number}", f"{inside}[{number}]", item, kind[1:-1])
        elif kind[0] == "{":
            for key, item in list(value.items())[:_LOOKED_AT]:
                name = clean(key, 80)
                self._value(f"{inside} has", f"as {name}", f"{inside}: {name}", item, kind[1:-1])
        elif kind in SHAPES:
            self.members(inside, value, kind)


def _defect(value: t.Any, kind: str) -> tuple[str, str] | None:
    """Return what is there and what should be, or None when it is."""
    found = type_name(value)
    if kind[0] == "=":
        choices = kind[1:].split("|")
        return None if value in choices else (clean(repr(value), 40), f"one of {', '.join(choices)}")
    if kind == "integer":
        whole = found == "number" and float(value).is_integer()
        return None if whole else (_a(found) if found != "number" else str(value), "an integer")
    if kind == "portion":
        fits = found == "number" and 0 <= value <= 1
        return None if fits else (_a(found) if found != "number" else clean(value, 40), "a number from 0 to 1")
    wanted = {"[": "array", "{": "object"}.get(kind[0], "object" if kind in SHAPES else kind)
    return None if found == wanted else (_a(found), _a(wanted))


def _a(kind: str) -> str:
    return kind if kind == "null" else f"an {kind}" if kind[0] in "aio" else f"a {kind}"
