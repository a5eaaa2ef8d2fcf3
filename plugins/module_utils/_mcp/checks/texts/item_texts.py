# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The texts of listed items that a model reads."""

from __future__ import annotations

import collections
import typing as t

# Programs read these, and models do not.
_UNREAD: t.Final = frozenset({"_meta", "icons"})
_NAMED: t.Final = frozenset({"properties", "$defs", "definitions", "patternProperties"})


def _pairs(node: t.Any) -> t.Iterable[tuple[t.Any, t.Any]]:
    if node.__class__ is dict:
        return t.cast("t.Iterable[tuple[t.Any, t.Any]]", node.items())
    return enumerate(node) if node.__class__ is list else ()


def collect_texts(items: t.Iterable[t.Any]) -> set[str]:
    """Return all different texts of the items, without their places, which is faster than :func:`labelled_texts`."""
    texts: set[str] = set()
    pending: list[t.Any] = list(items)
    add, push = texts.add, pending.append
    for node in pending:  # grows; the items come from a server and may be no objects
        pairs = node.items() if node.__class__ is dict else enumerate(node) if node.__class__ is list else ()
        for key, value in pairs:
            kind = value.__class__
            if kind is str:
                add(value)
            elif (kind is dict or kind is list) and key not in _UNREAD:
                push(value)
                if key in _NAMED and kind is dict:
                    texts.update(value)
    return texts


def labelled_texts(label: str, item: t.Any) -> t.Iterator[tuple[str, str]]:
    """Return each text of an item with the item and the field, such as ``tools[0] (add), description``."""
    pending: collections.deque[tuple[str, t.Any]] = collections.deque([("", item)])
    while pending:
        where, node = pending.popleft()
        for key, value in _pairs(node):
            path = (f"{where}.{key}" if where else str(key))[:500]
            if isinstance(value, str):
                yield f"{label}, {path}", value
            elif isinstance(value, (dict, list)) and key not in _UNREAD:
                pending.append((path, value))
                if key in _NAMED and isinstance(value, dict):
                    yield from ((f"{label}, a name in {path}", name) for name in value)
