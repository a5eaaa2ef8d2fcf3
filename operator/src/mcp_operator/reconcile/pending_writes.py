# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the controller knows of each object beside the object itself. All of it may be lost: then a run more is made."""

from __future__ import annotations

import random
import threading
import time
import typing as t
from dataclasses import dataclass, field

from ..cluster.store import Key, Object
from .annotations import reconciled

# The kind and name of each child that the last run left as it is to be: its uid, its state, its manifest's fingerprint.
Applied = t.Mapping[str, t.Sequence[str]]


@dataclass(slots=True)
class _Entry:
    uid: str
    fingerprint: str = ""
    applied: Applied = field(default_factory=dict)
    due: float | None = None
    debt: t.Callable[[], None] | None = None
    payable: float = 0.0
    finalized: bool = False


class Ledger:
    """Thread-safe. An object that was deleted and made anew is another one.

    :param clock: monotonic seconds.
    """

    def __init__(
        self, clock: t.Callable[[], float] = time.monotonic, chance: t.Callable[[], float] = random.random
    ) -> None:
        self._clock = clock
        self._chance = chance
        self._lock = threading.Lock()
        self._entries: dict[Key, _Entry] = {}

    def forget(self, key: Key) -> None:
        """Forget an object that is gone."""
        with self._lock:
            self._entries.pop(key, None)

    def unchanged(self, key: Key, item: Object, fingerprint: str) -> bool:
        """Whether this is what the object was when it was last reconciled, by us or by an operator before us."""
        with self._lock:
            # What was just written may not be in the store yet.
            return fingerprint == (self._entry(key, item).fingerprint or reconciled(item))

    def remember(self, key: Key, item: Object, fingerprint: str) -> bool:
        """Note what an object was when it was reconciled; whether that has to be written to the object."""
        with self._lock:
            self._entry(key, item).fingerprint = fingerprint
            return fingerprint != reconciled(item)

    def apply(self, key: Key, item: Object, children: Applied) -> None:
        """Note what the last run said of the object's children."""
        with self._lock:
            self._entry(key, item).applied = children

    def applied(self, key: Key, item: Object) -> Applied:
        """Return what the last run said of the object's children; empty after a restart."""
        with self._lock:
            return self._entry(key, item).applied

    def wait(self, key: Key, item: Object, seconds: float) -> None:
        """Note after how many seconds the object is to be reconciled even if nothing changes; 0 for never."""
        with self._lock:
            self._entry(key, item).due = self._clock() + seconds if seconds else None

    def remaining(self, key: Key, item: Object, period: float) -> float | None:
        """Return the seconds until the object is to be reconciled anyway; None for never.

        Nobody knows when an operator before us did it: what is found at the start is spread over the period.
        """
        with self._lock:
            entry = self._entry(key, item)
            if entry.due is None and period:
                entry.due = self._clock() + period * (0.5 + self._chance() / 2)
            return None if entry.due is None else entry.due - self._clock()

    def owe(self, key: Key, item: Object, debt: t.Callable[[], None] | None, seconds: float = 0.0) -> None:
        """Note a write that is still to be made, after some seconds; it is made up for without another run."""
        with self._lock:
            entry = self._entry(key, item)
            entry.debt, entry.payable = debt, self._clock() + seconds

    def debt(self, key: Key, item: Object) -> tuple[t.Callable[[], None] | None, float]:
        """Return the write that is still to be made, and the seconds until then."""
        with self._lock:
            entry = self._entry(key, item)
            return entry.debt, entry.payable - self._clock()

    def debts(self) -> list[t.Callable[[], None]]:
        """Return all writes that are still to be made."""
        with self._lock:
            return [entry.debt for entry in self._entries.values() if entry.debt is not None]

    def finalize(self, key: Key, item: Object) -> None:
        """Note that the finalizer's run went well; what is left is to let the object go."""
        with self._lock:
            self._entry(key, item).finalized = True

    def finalized(self, key: Key, item: Object) -> bool:
        """Whether the finalizer's run went well already."""
        with self._lock:
            return self._entry(key, item).finalized

    def _entry(self, key: Key, item: Object) -> _Entry:
        uid = str(item["metadata"].get("uid"))
        entry = self._entries.get(key)
        if entry is None or entry.uid != uid:
            entry = self._entries[key] = _Entry(uid)
        return entry
