# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Compute the digests of what one server offers while it is listed, page by page."""

from __future__ import annotations

import typing as t

from ..report.report import Offers
from . import digests

if t.TYPE_CHECKING:
    from ..options import OnItem


class OfferCollector:
    """Keeps digests, never items.

    :param on_item: called with each item.
    """

    def __init__(self, on_item: OnItem | None = None) -> None:
        self._on_item = on_item
        self._items: dict[str, list[str]] = {}
        self._instructions: t.Any = None
        self._problem = ""
        self._started = False

    def anew(self) -> OfferCollector:
        """Return a collector without items, for the same server."""
        other = OfferCollector(self._on_item)
        other.set_instructions(self._instructions)
        return other

    def start(self) -> None:
        """Begin the lists; before that there is no result."""
        self._started = True
        if self._on_item is not None and isinstance(self._instructions, str) and self._instructions.strip():
            self._on_item("instructions", {"instructions": self._instructions}, "")

    def set_instructions(self, instructions: t.Any) -> None:
        """Take the server's instructions."""
        self._instructions = instructions

    def add(self, kind: str, items: t.Iterable[t.Any]) -> None:
        """Take the items of one page.

        :param kind: one of :data:`.digests.KINDS`.
        """
        found = self._items.setdefault(kind, [])
        for item in items:
            if not isinstance(item, dict):
                self.fail(f"an item of {kind} is no object")
                continue
            try:
                digest = digests.item_digest(kind, item)
            except digests.NotCanonical as exc:
                self.fail(f"in an item of {kind}, {exc}")
                continue
            found.append(digest)
            if self._on_item is not None:
                self._on_item(kind, item, digest)

    def fail(self, problem: str) -> None:
        """Record why there can be no digest: the offers are not known completely."""
        self._problem = self._problem or problem

    def offers(self) -> Offers | None:
        """Return the digests; None if nothing was listed."""
        if not self._started:
            return None
        kinds = {kind: digests.kind_digest(items) for kind, items in self._items.items() if items}
        total = None
        try:
            total = None if self._problem else digests.total_digest(kinds, self._instructions)
        except digests.NotCanonical as exc:
            self.fail(f"in the instructions, {exc}")
        return Offers(total, kinds, self._problem or None)
