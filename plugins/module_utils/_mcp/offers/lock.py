# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Entries of a lock file: what a server offered when it was approved, and how that differs from now (pure).

An entry has the digest of everything, the instructions, and for each kind a list of items. Each item has its digest and
the members that the digest covers. The lists are sorted, so that the same offers are always the same text.
"""

from __future__ import annotations

import itertools
import typing as t

from ..._util import clean
from .canonical_json import canonical_json
from .digests import FIELDS, KINDS, NotCanonical, is_digest, item_digest, kind_digest, offered, total_digest

# Levels of an item. PyYAML writes and reads no value of many more.
MAX_NESTING: t.Final = 200
_IDENTITY: t.Final = {"tools": "name", "prompts": "name", "resources": "uri", "resource_templates": "uriTemplate"}
_SINGULAR: t.Final = {
    "tools": "tool",
    "prompts": "prompt",
    "resources": "resource",
    "resource_templates": "resource template",
}
_SHOWN: t.Final = 200  # characters of a text in a difference
_BEFORE: t.Final = 20  # of them, before the first character that differs

Entry = dict[str, t.Any]


class Difference(t.NamedTuple):
    """One difference, as text without control characters.

    :param what: the kind and the name of an item, or ``instructions``.
    :param field: the member that differs; empty for an item that was added or removed.
    :param old: its value when it was approved; empty if there was none.
    :param new: its value now.
    """

    what: str
    field: str
    old: str
    new: str

    @property
    def summary(self) -> str:
        """The difference without the texts."""
        if self.field:
            return f"{self.what}: {self.field} changed"
        return f"{self.what}: {'removed' if self.old else 'added'}"


class OfferedItems:
    """Keeps the items that :attr:`Options.on_item` is called with."""

    def __init__(self) -> None:
        self._instructions: str | None = None
        self._items: dict[str, list[dict[str, t.Any]]] = {}

    def add(self, kind: str, item: t.Mapping[str, t.Any], digest: str) -> None:
        """Keep an item, or the instructions."""
        if kind == "instructions":
            self._instructions = str(item["instructions"])
        else:
            self._items.setdefault(kind, []).append({"digest": digest, **_sorted(offered(kind, item))})

    def entry(self, digest: str) -> Entry:
        """Return the entry.

        :param digest: of everything.
        """
        found: Entry = {"digest": digest}
        if self._instructions is not None:
            found["instructions"] = self._instructions
        for kind in KINDS:
            if self._items.get(kind):
                found[kind] = sorted(self._items[kind], key=lambda item: (_name(kind, item), item["digest"]))
        return found


def _sorted(value: t.Any) -> t.Any:
    """Return a value whose nested objects have sorted members; those of an item keep their order."""
    return {name: _in_order(item) for name, item in value.items()}


def _in_order(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return {name: _in_order(value[name]) for name in sorted(value)}
    return [_in_order(item) for item in value] if isinstance(value, list) else value


def _name(kind: str, item: t.Mapping[str, t.Any]) -> str:
    return str(item.get(_IDENTITY[kind]) or "")


def entry_problem(entry: t.Any) -> str:
    """Return why an entry is not valid; empty if it is. Its digests are computed again."""
    if not isinstance(entry, dict) or not is_digest(entry.get("digest")):
        return "it has no digest of the form sha256:HEX"
    kinds: dict[str, str] = {}
    try:
        for kind in KINDS:
            items = entry.get(kind)
            problem = "" if items is None else _problem_of_items(kind, items)
            if problem:
                return problem
            if items:
                kinds[kind] = kind_digest(item["digest"] for item in items)
        if total_digest(kinds, entry.get("instructions")) != entry["digest"]:
            return "its digest is not that of its items"
    except (NotCanonical, TypeError, AttributeError) as exc:
        return f"it has a value that JSON has not: {clean(exc, 80)}"
    return ""


def _problem_of_items(kind: str, items: t.Any) -> str:
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return f"{kind} is not a list of objects"
    for number, item in enumerate(items):
        if _is_deep(item):
            return f"{kind}[{number}] is nested more than {MAX_NESTING} levels deep"
        if item_digest(kind, item) != item.get("digest"):
            return f"the digest of {kind}[{number}] is not that of its texts"
    return ""


def _is_deep(value: t.Any) -> bool:
    level = [value]
    for _number in range(MAX_NESTING):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True


def differences(old: Entry, new: Entry) -> list[Difference]:
    """Return what differs between two valid entries, in the order of the kinds and names."""
    found = []
    if (old.get("instructions") or "") != (new.get("instructions") or ""):
        found.append(_changed("instructions", "text", old.get("instructions"), new.get("instructions")))
    for kind in KINDS:
        found += _differences_of_kind(kind, old.get(kind) or [], new.get(kind) or [])
    return found


def _differences_of_kind(kind: str, old: list[Entry], new: list[Entry]) -> t.Iterator[Difference]:
    before = _without_same(old, new)
    # By name: a server decides how many there are, and may change all of them.
    after: dict[str, list[Entry]] = {}
    for item in _without_same(new, old):
        after.setdefault(_name(kind, item), []).append(item)
    for item in before:
        what = f"{_SINGULAR[kind]} {visible(_name(kind, item), 80)}"
        others = after.get(_name(kind, item))
        if not others:
            yield Difference(what, "", visible(item.get("description") or _name(kind, item)) or "-", "")
            continue
        other = others.pop(0)
        for field in FIELDS[kind]:
            # Compared as the digest compares them: for Python, 1 and true are equal.
            if canonical_json(item.get(field)) != canonical_json(other.get(field)):
                yield _changed(what, field, item.get(field), other.get(field))
    for item in itertools.chain.from_iterable(after.values()):
        what = f"{_SINGULAR[kind]} {visible(_name(kind, item), 80)}"
        yield Difference(what, "", "", visible(item.get("description") or _name(kind, item)) or "-")


def _without_same(items: list[Entry], others: list[Entry]) -> list[Entry]:
    """Return the items without those of which the other list has as many."""
    left: dict[str, int] = {}
    for item in others:
        left[item["digest"]] = left.get(item["digest"], 0) + 1
    found = []
    for item in items:
        if left.get(item["digest"], 0):
            left[item["digest"]] -= 1
        else:
            found.append(item)
    return found


def _changed(what: str, field: str, old: t.Any, new: t.Any) -> Difference:
    before, after = _text(old), _text(new)
    pairs = enumerate(zip(before, after))
    same = next((at for at, (one, other) in pairs if one != other), min(len(before), len(after)))
    start = max(0, same - _BEFORE) if same > _SHOWN - _BEFORE else 0
    return Difference(what, field, _cut(before, start), _cut(after, start))


def _text(value: t.Any) -> str:
    return value if isinstance(value, str) else "" if value is None else canonical_json(value).decode()


def _cut(text: str, start: int) -> str:
    return ("…" if start else "") + visible(text[start:])


def visible(text: str, limit: int = _SHOWN) -> str:
    """Return a text as one line in which control and hidden characters are shown as escapes, cut to a length.

    Other than by :func:`clean`, two texts that differ in hidden characters only do not look the same.
    """
    cut = text[:limit]
    shown = cut if cut.isprintable() else "".join(one if one.isprintable() else _escape(one) for one in cut)
    return shown if len(text) <= limit else f"{shown}…"


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()
