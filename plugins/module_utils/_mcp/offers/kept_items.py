# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Keep what a server offers in little memory, so that a later change can be shown with its texts."""

from __future__ import annotations

import json
import typing as t
import zlib

from .lock import Entry, OfferedItems

MAX_PACKED: t.Final = 64 * 1024  # bytes of one entry
# Characters of all items of one server: a validation keeps no more than that in addition to one page.
_MAX_TEXT: t.Final = 1024 * 1024


class KeptItems:
    """Keeps the items that :attr:`Options.on_item` is called with, unless they are too large."""

    def __init__(self) -> None:
        self._items: OfferedItems | None = OfferedItems()
        self._size = 0

    def add(self, kind: str, item: t.Mapping[str, t.Any], digest: str) -> None:
        """Keep an item, or the instructions."""
        if self._items is None:
            return
        self._size += len(json.dumps(item, ensure_ascii=False))
        if self._size > _MAX_TEXT:
            self._items = None
        else:
            self._items.add(kind, item, digest)

    def packed(self, digest: str) -> bytes:
        """Return the entry, packed; empty if it is too large.

        :param digest: of everything.
        """
        return b"" if self._items is None else pack(self._items.entry(digest))


def pack(entry: Entry) -> bytes:
    """Return an entry in at most 64 KiB; empty if it does not fit."""
    packed = zlib.compress(json.dumps(entry).encode())
    return packed if len(packed) <= MAX_PACKED else b""


def unpack(packed: bytes) -> Entry:
    """Return the entry of which :func:`pack` returned this."""
    return t.cast("Entry", json.loads(zlib.decompress(packed)))
