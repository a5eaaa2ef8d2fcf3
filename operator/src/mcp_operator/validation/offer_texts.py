# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Remembers what pinned servers offered, so that Events show the old and the new text of a change.

The status has no texts. They come from full validations and from lock files, and are known until they are the oldest
that do not fit any more, or the operator restarts. Only digests decide: without texts, a change is named less exactly.
"""

from __future__ import annotations

import threading
import typing as t
from collections import OrderedDict

from .._vendor._mcp.offers.kept_items import unpack
from .._vendor._mcp.offers.lock import Difference, differences
from ..cluster.store import Key

# Bytes of all packed entries, and of those of one namespace.
_LIMIT, _NAMESPACE_LIMIT = 32 * 1024 * 1024, 2 * 1024 * 1024


class OfferTexts:
    """Keeps packed entries by MCPServer and digest. Thread-safe."""

    def __init__(self, *, limit: int = _LIMIT, namespace_limit: int = _NAMESPACE_LIMIT) -> None:
        self._limit = limit
        self._namespace_limit = namespace_limit
        self._lock = threading.Lock()
        # The one that was used last is the last one.
        self._entries: OrderedDict[tuple[Key, str], bytes] = OrderedDict()
        self._total = 0
        self._sizes: dict[str, int] = {}

    def put(self, key: Key, digest: str, packed: bytes) -> None:
        """Keep what an MCPServer offered.

        :param packed: see :func:`pack`; empty for an entry that is too large.
        """
        if not packed or not digest:
            return
        with self._lock:
            self._remove((key, digest))
            self._entries[key, digest] = packed
            self._add(key.namespace, len(packed))
            while self._sizes.get(key.namespace, 0) > self._namespace_limit:
                self._remove(next(one for one in self._entries if one[0].namespace == key.namespace))
            while self._total > self._limit:
                self._remove(next(iter(self._entries)))

    def keep(self, key: Key, digest: str, pack: t.Callable[[str], bytes]) -> None:
        """Keep what an MCPServer offers. What is known already is not packed again.

        :param pack: returns the packed entry for the digest.
        """
        with self._lock:
            if (key, digest) in self._entries:
                self._entries.move_to_end((key, digest))
                return
        self.put(key, digest, pack(digest))

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone."""
        with self._lock:
            for one in [one for one in self._entries if one[0] == key]:
                self._remove(one)

    def changes(self, key: Key, old: str, new: str) -> list[Difference]:
        """Return how two offers of an MCPServer differ; empty if one of them is not known any more.

        :param old: the digest of the first.
        :param new: the digest of the second.
        """
        with self._lock:
            found = [self._entries.get((key, digest)) for digest in (old, new)]
            for digest, packed in zip((old, new), found, strict=True):
                if packed is not None:
                    self._entries.move_to_end((key, digest))
        before, after = found
        return differences(unpack(before), unpack(after)) if before is not None and after is not None else []

    def _add(self, namespace: str, size: int) -> None:
        self._total += size
        self._sizes[namespace] = self._sizes.get(namespace, 0) + size
        if not self._sizes[namespace]:
            del self._sizes[namespace]

    def _remove(self, one: tuple[Key, str]) -> None:
        packed = self._entries.pop(one, None)
        if packed is not None:
            self._add(one[0].namespace, -len(packed))


def named(found: t.Iterable[Difference]) -> list[str]:
    """Return the differences without texts, for the status."""
    return [f"{one.what} {_verb(one)}" for one in found]


def shown(found: t.Iterable[Difference]) -> str:
    """Return the differences with their texts, for an Event; empty if there are none."""
    return " ".join(f"{one.what} {_verb(one)}{_texts(one)}." for one in found)


def _verb(one: Difference) -> str:
    if one.field:
        return f"{one.field} changed"
    return "removed" if one.old else "added"


def _texts(one: Difference) -> str:
    if one.field:
        return f" from {_quoted(one.old)} to {_quoted(one.new)}"
    return f": {_quoted(one.old or one.new)}"


def _quoted(text: str) -> str:
    """Return a text in quotation marks that it cannot end: a server writes it."""
    return '"{}"'.format(text.replace('"', '\\"'))
