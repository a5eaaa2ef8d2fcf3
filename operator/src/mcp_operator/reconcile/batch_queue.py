# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The queue of the controller: hands out batches of objects, each object in at most one running batch.

Batches form without a timer. While nothing runs, a change starts a run at once; changes that arrive during the run form
the next batch.

Namespaces share the places of a batch, see :mod:`mcp_operator.reconcile.batch_share`.

This queue is not built on :mod:`mcp_operator.workqueue`, because its keys do not move independently of each other. It
chooses among all waiting keys by priority, waiting time and limits of a batch, and an object that is added again while
it waits changes its phase, size and priority in place. In a work queue, a key is either ready, and then handed out
singly, or is handed out, and then takes no more changes. After a failure, only a user's change may shorten the
back-off, and not below one second; ``WorkQueue.add`` always makes a key ready at once. A work queue below this one
would add a second copy of each key's state, and only compare due times.
"""

from __future__ import annotations

import threading
import time
import typing as t

from ..backoff import Backoff
from ..cluster.store import Key
from .batch_share import BatchShare
from .queue_types import (
    Batch,
    Phase,
    Priority,
    QueueEntry,
    QueueLimits,
    ReconcileResult,
    RunningBatch,
    WatchLimits,
)

# A batch that failed as a whole is retried in batches of this fraction of its size: 200, 50, 12, 3, 1.
_SPLIT = 4
# Largest batch of objects that failed by themselves. They share batches, because many objects that fail at once usually
# have a common cause, and a run for each of them would leave no capacity for others.
_RETRY_BATCH = 25


class BatchQueue:
    """A thread-safe queue of objects to reconcile.

    :param watches: limits of single watches, by their IDs.
    :param clock: returns monotonic seconds.
    """

    def __init__(
        self,
        limits: QueueLimits | None = None,
        backoff: Backoff | None = None,
        watches: t.Mapping[str, WatchLimits] | None = None,
        clock: t.Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = limits or QueueLimits()
        self._backoff = backoff or Backoff()
        self._watches = watches or {}
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[Key, QueueEntry] = {}
        self._running: dict[int, RunningBatch] = {}
        self._share = BatchShare()
        self._batches = 0

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def idle(self) -> bool:
        """Whether no object is due or running. Objects may still wait until they are due."""
        now = self._clock()
        with self._lock:
            return not self._running and not any(_is_due(entry, now) for entry in self._entries.values())

    def add(
        self, key: Key, priority: Priority, *, phase: Phase | None = None, size: int = 0, after: float = 0.0
    ) -> None:
        """Queue an object.

        While an object waits after a failure, only a change by a user shortens the back-off, since it may fix the
        cause, and not below the back-off's first delay.

        :param phase: None keeps the phase of an object that is queued or running. A dependent that is deleted together
            with its owner, for example, must not end the attempts to finalize the owner.
        :param size: bytes that it adds to a batch.
        :param after: seconds until it is due.
        """
        now = self._clock()
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                due = now + after
                self._entries[key] = QueueEntry(
                    key=key, phase=phase or Phase.RECONCILE, priority=priority, size=size, due=due, enqueued_at=due
                )
                return
            phase = phase or entry.phase
            changed_phase = entry.phase is not phase
            entry.phase, entry.size, entry.discarded = phase, size, False
            if entry.batch:
                entry.requeued = priority if entry.requeued is None else max(entry.requeued, priority)
                return
            if entry.failures == 0:
                due = now + after
            elif priority is Priority.USER or changed_phase:
                due = max(now, entry.ended_at + self._backoff.first)
            else:
                due = entry.due
            if due < entry.due:
                entry.due = entry.enqueued_at = due
            entry.priority = max(entry.priority, priority)

    def discard(self, key: Key) -> None:
        """Remove an object; a running one is removed at the end of its run."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None and entry.batch:
                entry.discarded, entry.requeued = True, None
            elif entry is not None:
                del self._entries[key]

    def next_batch(self) -> Batch | None:
        """Return the next batch to run; None if nothing is due or limits are reached.

        Call `done` for each of its keys.
        """
        now = self._clock()
        with self._lock:
            if self._is_full():
                return None
            urgency = self._urgency(now)
            due = (entry for entry in self._entries.values() if _is_due(entry, now))
            waiting = sorted(due, key=lambda entry: (*urgency(entry), entry.enqueued_at))
            visited = set()
            for first in waiting:
                group_id = first.group
                if group_id in visited:
                    continue
                visited.add(group_id)
                group = [entry for entry in waiting if entry.group == group_id]
                if self._may_start(first, group, now):
                    places = self._batch_objects(first)
                    return self._start(self._share.order(group, places, urgency), places)
        return None

    def done(self, key: Key, result: ReconcileResult, *, after: float | None = None) -> None:
        """Record how the run ended for an object. The batch ends with its last object.

        :param after: seconds after which a successful object runs again; None for never.
        :raises KeyError: the object is not running.
        """
        now = self._clock()
        with self._lock:
            entry = self._entries[key]
            batch_size = self._leave_batch(entry)
            requeued, entry.requeued, entry.ended_at = entry.requeued, None, now
            if entry.discarded or (result is ReconcileResult.DONE and requeued is None and after is None):
                del self._entries[key]
                return
            if result is ReconcileResult.DONE:
                entry.failures, entry.batch_limit = 0, 0
                entry.priority = Priority.PERIODIC if requeued is None else requeued
                entry.due = now + (after or 0.0) if requeued is None else now
            else:
                entry.priority = max(entry.priority, requeued or Priority.PERIODIC)
                entry.due = now
            if result in (ReconcileResult.FAILED, ReconcileResult.BATCH_FAILED):
                entry.failures += 1
                entry.batch_limit = _RETRY_BATCH if result is ReconcileResult.FAILED else max(1, batch_size // _SPLIT)
                changed = requeued is Priority.USER
                entry.due += self._backoff.first if changed else self._backoff.delay(entry.failures)
            entry.enqueued_at = entry.due

    def next_due(self) -> float | None:
        """Return the seconds until `next_batch` may return more without further calls; None for never."""
        now = self._clock()
        with self._lock:
            if self._is_full():
                return None
            moments = [
                moment
                for entry in self._entries.values()
                if not entry.batch
                for moment in (entry.due, entry.enqueued_at + self._limits.second_batch_wait)
                if moment > now
            ]
        return min(moments) - now if moments else None

    def depth(self) -> dict[Phase, int]:
        """Return the number of due objects by phase."""
        now = self._clock()
        with self._lock:
            depth = dict.fromkeys(Phase, 0)
            for entry in self._entries.values():
                depth[entry.phase] += _is_due(entry, now)
            return depth

    def _is_full(self) -> bool:
        """Tell whether no batch can start until another one ends, whatever is due.

        This is so for most of the time in which a fleet is reconciled, while each change calls `next_batch`, which
        sorts all objects that are due.
        """
        running = [run.batch.phase for run in self._running.values()]
        if running.count(Phase.RECONCILE) < self._limits.max_runs:
            return False
        return Phase.FINALIZE in running or all(entry.phase is Phase.RECONCILE for entry in self._entries.values())

    def _urgency(self, now: float) -> t.Callable[[QueueEntry], tuple[int, bool]]:
        """Return the sort key of due entries: by priority, then without failures first."""

        def urgency(entry: QueueEntry) -> tuple[int, bool]:
            starving = now - entry.enqueued_at >= self._limits.starvation_wait
            priority = Priority.USER if starving else entry.priority
            return -priority, bool(entry.failures) and not starving

        return urgency

    def _may_start(self, first: QueueEntry, group: list[QueueEntry], now: float) -> bool:
        batches = [running.batch for running in self._running.values() if running.batch.phase is first.phase]
        if self._batch_objects(first) < 1:
            return False
        if first.phase is Phase.FINALIZE:
            return not batches
        if len(batches) >= self._limits.max_runs:
            return False
        if first.batch_limit:
            # Runs that fail may take long: keep one run for objects that have not failed.
            return sum(batch.is_retry for batch in batches) < max(1, self._limits.max_runs - 1)
        if not any(batch.watch == first.key.watch and not batch.is_retry for batch in batches):
            return True
        longest = now - min(entry.enqueued_at for entry in group)
        enough = min(self._limits.second_batch_objects, self._batch_objects(first))
        return len(group) >= enough or longest >= self._limits.second_batch_wait

    def _start(self, group: list[QueueEntry], places: int) -> Batch:
        size = 0
        chosen: list[QueueEntry] = []
        for entry in group[:places]:
            if chosen and size + entry.size > self._limits.batch_bytes:
                break
            chosen.append(entry)
            size += entry.size
        self._batches += 1
        self._share.record(chosen, self._batches)
        keys = tuple(entry.key for entry in chosen)
        for entry in chosen:
            entry.batch = self._batches
        first = chosen[0]
        batch = Batch(first.key.watch, first.phase, keys, bool(first.batch_limit))
        self._running[self._batches] = RunningBatch(batch, set(keys))
        return batch

    def _batch_objects(self, first: QueueEntry) -> int:
        """Return the largest number of objects of a batch that starts with this entry."""
        own = self._watches.get(first.key.watch, WatchLimits())
        most = self._limits.batch_objects
        most = min(most, first.batch_limit or most, own.batch_objects or most)
        if own.running_objects is not None:
            busy = sum(len(run.remaining) for run in self._running.values() if run.batch.watch == first.key.watch)
            most = min(most, own.running_objects - busy)
        return most

    def _leave_batch(self, entry: QueueEntry) -> int:
        """Remove an entry from its running batch; return the size that the batch had at its start."""
        running = self._running[entry.batch]
        running.remaining.remove(entry.key)
        if not running.remaining:
            del self._running[entry.batch]
        entry.batch = 0
        return len(running.batch.keys)


def _is_due(entry: QueueEntry, now: float) -> bool:
    return not entry.batch and entry.due <= now
