# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The dirty queue: every object at most once in it, every object in at most one run.

Batching is natural: with nothing running the first change goes at once; what comes while it runs waits for the slot
and then goes together. There is no timer that would make a lonely change slow.
"""

from __future__ import annotations

import threading
import time
import typing as t

from ..backoff import Backoff
from ..cluster.store import Key
from .queue_entry import Item, Running
from .queue_types import Batch, Lane, Limits, Priority, Verdict, WatchLimits

# A batch that failed as a whole comes back in parts of this fraction: 200, 50, 12, 3, 1.
_SPLIT = 4
# Those that failed by themselves come back together, apart from those that did not: when hundreds fail at once, it is
# not their own fault, and a run for each would leave nothing to everybody else.
_TOGETHER = 25


class Queue:
    """What is dirty. Thread-safe.

    :param watches: what single watches allow, by their ids.
    :param clock: monotonic seconds.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        backoff: Backoff | None = None,
        watches: t.Mapping[str, WatchLimits] | None = None,
        clock: t.Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = limits or Limits()
        self._backoff = backoff or Backoff()
        self._watches = watches or {}
        self._clock = clock
        self._lock = threading.Lock()
        self._items: dict[Key, Item] = {}
        self._running: dict[int, Running] = {}
        self._batches = 0

    def __len__(self) -> int:
        return len(self._items)

    def add(
        self, key: Key, priority: Priority, *, lane: Lane = Lane.RECONCILE, size: int = 0, after: float = 0.0
    ) -> None:
        """Note that an object is dirty.

        A user's change of an object that waits after a failure ends its waiting, but for the first second: it may well
        be the repair. Nothing else does.

        :param size: bytes that it adds to a batch.
        :param after: seconds from now before which it need not run.
        """
        now = self._clock()
        with self._lock:
            item = self._items.get(key)
            if item is None:
                due = now + after
                self._items[key] = Item(key=key, lane=lane, priority=priority, size=size, due=due, since=due)
                return
            changed_lane = item.lane is not lane
            item.lane, item.size, item.gone = lane, size, False
            if item.batch:
                item.again = priority if item.again is None else max(item.again, priority)
                return
            if item.failures == 0:
                due = now + after
            elif priority is Priority.USER or changed_lane:
                due = max(now, item.ended + self._backoff.first)
            else:
                due = item.due
            if due < item.due:
                item.due = item.since = due
            item.priority = max(item.priority, priority)

    def forget(self, key: Key) -> None:
        """Drop an object that is gone; one that runs is dropped when its run ends."""
        with self._lock:
            item = self._items.get(key)
            if item is not None and item.batch:
                item.gone, item.again = True, None
            elif item is not None:
                del self._items[key]

    def take(self) -> Batch | None:
        """Return what is to run now; None while nothing is, or no slot is free. Each key must come back by `done`."""
        now = self._clock()
        with self._lock:
            waiting = sorted((item for item in self._items.values() if _ready(item, now)), key=self._order(now))
            looked_at = set()
            for lead in waiting:
                kind = (lead.group, lead.share)
                if kind in looked_at:
                    continue
                looked_at.add(kind)
                alike = [item for item in waiting if (item.group, item.share) == kind]
                if self._may_start(lead, alike, now):
                    return self._start(lead, alike)
        return None

    def done(self, key: Key, verdict: Verdict, *, after: float | None = None) -> None:
        """Note how the run ended for an object; its batch ends with the last one.

        :param after: seconds after which a run that went well is wanted again.
        :raises KeyError: the object does not run.
        """
        now = self._clock()
        with self._lock:
            item = self._items[key]
            started = self._leave_batch(item)
            again, item.again, item.ended = item.again, None, now
            if item.gone or (verdict is Verdict.DONE and again is None and after is None):
                del self._items[key]
                return
            if verdict is Verdict.DONE:
                item.failures, item.share = 0, 0
                item.priority = Priority.PERIODIC if again is None else again
                item.due = now + (after or 0.0) if again is None else now
            else:
                item.priority = max(item.priority, again or Priority.PERIODIC)
                item.due = now
            if verdict in (Verdict.FAILED, Verdict.BATCH_FAILED):
                item.failures += 1
                item.share = _TOGETHER if verdict is Verdict.FAILED else max(1, started // _SPLIT)
                repaired = again is Priority.USER
                item.due += self._backoff.first if repaired else self._backoff.delay(item.failures)
            item.since = item.due

    def next_due(self) -> float | None:
        """Return the seconds until `take` may have more without anything being added or done; None for never."""
        now = self._clock()
        with self._lock:
            moments = [
                moment
                for item in self._items.values()
                if not item.batch
                for moment in (item.due, item.since + self._limits.linger)
                if moment > now
            ]
        return min(moments) - now if moments else None

    def depth(self) -> dict[Lane, int]:
        """Return how many objects are due and wait, by lane."""
        now = self._clock()
        with self._lock:
            depth = dict.fromkeys(Lane, 0)
            for item in self._items.values():
                depth[item.lane] += _ready(item, now)
            return depth

    def _order(self, now: float) -> t.Callable[[Item], tuple[int, bool, float]]:
        """Return the order of service: the urgent, then those that never failed, then those that wait longest."""

        def order(item: Item) -> tuple[int, bool, float]:
            starving = now - item.since >= self._limits.patience
            return -(Priority.USER if starving else item.priority), bool(item.failures) and not starving, item.since

        return order

    def _may_start(self, lead: Item, alike: list[Item], now: float) -> bool:
        batches = [running.batch for running in self._running.values() if running.batch.lane is lead.lane]
        if self._room(lead) < 1:
            return False
        if lead.lane is Lane.FINALIZE:
            return not batches
        if len(batches) >= self._limits.slots:
            return False
        if lead.share:
            # Those that fail may take long to do so: one slot is always left to the others.
            return sum(batch.alone for batch in batches) < max(1, self._limits.slots - 1)
        if not any(batch.watch == lead.key.watch and not batch.alone for batch in batches):
            return True
        longest = now - min(item.since for item in alike)
        return len(alike) >= min(self._limits.eager, self._room(lead)) or longest >= self._limits.linger

    def _start(self, lead: Item, alike: list[Item]) -> Batch:
        size, room = 0, self._room(lead)
        chosen: list[Item] = []
        for item in alike:
            if len(chosen) >= room or (chosen and size + item.size > self._limits.size):
                break
            chosen.append(item)
            size += item.size
        self._batches += 1
        keys = tuple(item.key for item in chosen)
        for item in chosen:
            item.batch = self._batches
        batch = Batch(lead.key.watch, lead.lane, keys, bool(lead.share))
        self._running[self._batches] = Running(batch, set(keys))
        return batch

    def _room(self, lead: Item) -> int:
        """Return how many objects a batch with this one may have."""
        own = self._watches.get(lead.key.watch, WatchLimits())
        room = min(self._limits.count, lead.share or self._limits.count, own.batch or self._limits.count)
        if own.running is not None:
            busy = sum(len(run.remaining) for run in self._running.values() if run.batch.watch == lead.key.watch)
            room = min(room, own.running - busy)
        return room

    def _leave_batch(self, item: Item) -> int:
        """Take an object out of its batch; return with how many it had started."""
        running = self._running[item.batch]
        running.remaining.remove(item.key)
        if not running.remaining:
            del self._running[item.batch]
        item.batch = 0
        return len(running.batch.keys)


def _ready(item: Item, now: float) -> bool:
    return not item.batch and item.due <= now
