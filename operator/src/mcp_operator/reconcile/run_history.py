# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What earlier runs did for each object. It is kept in memory only; losing it costs additional runs, nothing else."""

from __future__ import annotations

import random
import threading
import time
import typing as t
from dataclasses import dataclass, field

from ..cluster.store import Key, Object
from .annotations import reconciled_record
from .fingerprint import recorded_applied, recorded_fingerprint

# The dependents that a run has applied: kind and name -> UID, state, fingerprint of the manifest.
AppliedDependents = t.Mapping[str, t.Sequence[str]]


@dataclass(slots=True)
class _Entry:
    uid: str
    fingerprint: str = ""
    applied: AppliedDependents = field(default_factory=dict)
    resync_at: float | None = None
    finalized: bool = False


class RunHistory:
    """Thread-safe. An object that was deleted and created again starts without a history.

    :param clock: returns monotonic seconds.
    :param recorded: returns the record of an object's last reconciliation, which outlives this process.
    :param chance: returns a random number from 0 to 1.
    """

    def __init__(
        self,
        clock: t.Callable[[], float] = time.monotonic,
        recorded: t.Callable[[Key, Object], str] = lambda _key, item: reconciled_record(item),
        chance: t.Callable[[], float] = random.random,
    ) -> None:
        self._clock = clock
        self._recorded = recorded
        self._chance = chance
        self._lock = threading.Lock()
        self._entries: dict[Key, _Entry] = {}

    def forget(self, key: Key) -> None:
        """Drop the history of a deleted object."""
        with self._lock:
            self._entries.pop(key, None)

    def is_unchanged(self, key: Key, item: Object, fingerprint: str) -> bool:
        """Return whether the object had this fingerprint when it, or an earlier operator process, reconciled it."""
        with self._lock:
            # The store may not have the record that was just written.
            known = self._entry(key, item).fingerprint or recorded_fingerprint(self._recorded(key, item))
            return fingerprint == known

    def record_reconciled(self, key: Key, item: Object, fingerprint: str) -> bool:
        """Record the fingerprint of a reconciled object; return whether the object's record differs."""
        with self._lock:
            self._entry(key, item).fingerprint = fingerprint
            return fingerprint != recorded_fingerprint(self._recorded(key, item))

    def record_applied(self, key: Key, item: Object, applied: AppliedDependents) -> None:
        """Record the dependents that the last run has applied."""
        with self._lock:
            self._entry(key, item).applied = applied

    def applied(self, key: Key, item: Object, dependents: AppliedDependents) -> AppliedDependents:
        """Return the dependents that the last run has applied.

        After a restart, these are the present ones if they are as its record says, else none.
        """
        with self._lock:
            return self._entry(key, item).applied or recorded_applied(self._recorded(key, item), dependents)

    def schedule_resync(self, key: Key, item: Object, seconds: float) -> None:
        """Set after how many seconds the object is reconciled even if it does not change; 0 for never."""
        with self._lock:
            self._entry(key, item).resync_at = self._clock() + seconds if seconds else None

    def seconds_to_resync(self, key: Key, item: Object, period: float) -> float | None:
        """Return the seconds until the object is reconciled even if it does not change; None for never.

        After a restart the time of the last run is unknown, so resyncs are spread over the second half of the period.
        """
        with self._lock:
            entry = self._entry(key, item)
            if entry.resync_at is None and period:
                entry.resync_at = self._clock() + period * (0.5 + self._chance() / 2)
            return None if entry.resync_at is None else entry.resync_at - self._clock()

    def record_finalized(self, key: Key, item: Object) -> None:
        """Record that the finalizer's run was successful; only the removal of the finalizer is left."""
        with self._lock:
            self._entry(key, item).finalized = True

    def is_finalized(self, key: Key, item: Object) -> bool:
        """Return whether the finalizer's run was successful."""
        with self._lock:
            return self._entry(key, item).finalized

    def _entry(self, key: Key, item: Object) -> _Entry:
        uid = str(item["metadata"].get("uid"))
        entry = self._entries.get(key)
        if entry is None or entry.uid != uid:
            entry = self._entries[key] = _Entry(uid)
        return entry
