# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Shares the places of a batch between namespaces, so that no tenant with many objects delays the others."""

from __future__ import annotations

import typing as t
from collections import Counter

from .queue_types import QueueEntry

# While other namespaces wait, a namespace gets one of so many parts of a batch before them.
_SHARE = 4
# How many namespaces are remembered.
_KNOWN = 10_000

# What is more urgent is less, and goes first.
Urgency = t.Callable[[QueueEntry], tuple[int, bool]]


class BatchShare:
    """Decides in which order entries get the places of a batch. Not thread-safe.

    Namespaces take turns with entries of the same urgency. The one goes first that was served the longest time ago, so
    they take turns even in batches of one object. Entries of a namespace beyond its share go last, however urgent.
    """

    def __init__(self) -> None:
        # The number of the last batch that had an object of the namespace.
        self._served: dict[str, int] = {}

    def order(self, entries: t.Iterable[QueueEntry], places: int, urgency: Urgency) -> list[QueueEntry]:
        """Return entries in the order in which they get a place.

        :param entries: in the order in which they would be processed if there were no namespaces.
        :param places: how many objects the batch may have.
        """
        share = max(1, places // _SHARE)
        waiting, turns = Counter[str](), Counter[tuple[str, tuple[int, bool]]]()

        def place(entry: QueueEntry) -> tuple[bool, tuple[int, bool], int, int]:
            namespace, level = entry.key.namespace, urgency(entry)
            found = (waiting[namespace] >= share, level, turns[namespace, level], self._served.get(namespace, 0))
            waiting[namespace] += 1
            turns[namespace, level] += 1
            return found

        return sorted(entries, key=place)  # calls it for each entry once, in their order

    def record(self, entries: t.Iterable[QueueEntry], batch: int) -> None:
        """Record the entries of a batch that starts.

        :param batch: its number; later ones have higher numbers.
        """
        if len(self._served) > _KNOWN:
            self._served.clear()
        self._served.update((entry.key.namespace, batch) for entry in entries)
