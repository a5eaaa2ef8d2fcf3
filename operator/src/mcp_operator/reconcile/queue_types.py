# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The data types of the batch queue: priorities, phases, results, limits, batches and entries."""

from __future__ import annotations

import enum
import typing as t
from dataclasses import dataclass

from ..cluster.store import Key


class Priority(enum.IntEnum):
    """Why an object is queued. Higher priorities run first."""

    PERIODIC = 0
    DEPENDENT = 1
    USER = 2


class Phase(enum.StrEnum):
    """What to run for an object. Phases share neither batches nor the limit of concurrent runs."""

    RECONCILE = "reconcile"
    FINALIZE = "finalize"


class ReconcileResult(enum.Enum):
    """How a run ended for one object.

    FAILED is a failure of the object itself: it is retried after a back-off, with other failed objects. BATCH_FAILED is
    a failure that another object of the batch may have caused: it is retried after a back-off in a smaller batch, which
    isolates the faulty object in a few steps. INTERRUPTED objects are queued again without a back-off.
    """

    DONE = enum.auto()
    FAILED = enum.auto()
    BATCH_FAILED = enum.auto()
    INTERRUPTED = enum.auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLimits:
    """Limits of the queue.

    :param max_runs: concurrent runs. Finalizers have one more run of their own.
    :param batch_objects: objects in a batch.
    :param batch_bytes: bytes of all objects in a batch. A single larger object gets a batch of its own.
    :param second_batch_objects: with so many objects waiting, a second concurrent batch of the same kind starts.
    :param second_batch_wait: seconds after which a second batch starts with fewer objects.
    :param starvation_wait: seconds after which a waiting object gets the highest priority.
    """

    max_runs: int = 2
    batch_objects: int = 200
    batch_bytes: int = 8 * 1024 * 1024
    second_batch_objects: int = 20
    second_batch_wait: float = 3.0
    starvation_wait: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchLimits:
    """Additional limits of one watch; None for no limit.

    :param batch_objects: objects in a batch.
    :param running_objects: objects in all running batches of the watch.
    """

    batch_objects: int | None = None
    running_objects: int | None = None


class Batch(t.NamedTuple):
    """Objects of one watch and phase that run together, in order of priority.

    :param is_retry: the objects have failed before.
    """

    watch: str
    phase: Phase
    keys: tuple[Key, ...]
    is_retry: bool


class RunningBatch(t.NamedTuple):
    """A running batch, and its objects that are not done yet."""

    batch: Batch
    remaining: set[Key]


@dataclass(slots=True, kw_only=True)
class QueueEntry:
    """One object that is queued, running or waiting after a failure.

    :param size: bytes that it adds to a batch.
    :param due: the earliest time to run it.
    :param enqueued_at: when it became due; the longest waiting entry runs first.
    :param batch_limit: the largest batch that it may be part of; 0 for no limit of its own.
    :param batch: the number of the running batch; 0 while it is not running.
    :param requeued: the priority with which it was added during its run; None if it was not.
    :param discarded: it was discarded during its run.
    :param ended_at: when its last run ended.
    """

    key: Key
    phase: Phase
    priority: Priority
    size: int
    due: float
    enqueued_at: float
    failures: int = 0
    batch_limit: int = 0
    batch: int = 0
    requeued: Priority | None = None
    discarded: bool = False
    ended_at: float = 0.0

    @property
    def group(self) -> tuple[str, Phase, int]:
        """Entries of the same group may share a batch."""
        return self.key.watch, self.phase, self.batch_limit
