# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The words of the queue: priorities, lanes, verdicts, batches."""

from __future__ import annotations

import enum
import typing as t
from dataclasses import dataclass

from ..cluster.store import Key


class Priority(enum.IntEnum):
    """Why an object is dirty; the higher goes first."""

    PERIODIC = 0
    CHILD = 1
    USER = 2


class Lane(enum.StrEnum):
    """What is to be run for an object. Lanes never share a batch, nor does one wait for the other's slots."""

    RECONCILE = "reconcile"
    FINALIZE = "finalize"


class Verdict(enum.Enum):
    """How a run ended for one object.

    FAILED is the object's own failure: it waits, and is retried among its like. BATCH_FAILED is a failure that may be
    any other's: it waits, and is retried in a smaller batch, so that a poisonous object is found in a few steps.
    INTERRUPTED is nobody's fault: it is dirty again, as it was.
    """

    DONE = enum.auto()
    FAILED = enum.auto()
    BATCH_FAILED = enum.auto()
    INTERRUPTED = enum.auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the queue hands out.

    :param slots: runs at once; the lane of the finalizers has one of its own.
    :param count: objects in a batch.
    :param size: bytes of all objects of a batch; a single larger one goes alone.
    :param eager: with so many objects waiting, a second batch of the same kind is worth its start.
    :param linger: seconds after which fewer are, too.
    :param patience: seconds after which an object's priority no longer counts: nothing starves.
    """

    slots: int = 2
    count: int = 200
    size: int = 8 * 1024 * 1024
    eager: int = 20
    linger: float = 3.0
    patience: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchLimits:
    """What one watch allows on top; None for no limit of its own.

    :param batch: objects in a batch.
    :param running: objects in all its runs together.
    """

    batch: int | None = None
    running: int | None = None


class Batch(t.NamedTuple):
    """Objects of one watch and lane that run together, the most urgent first.

    :param alone: they failed before: the batch is kept small for their sake.
    """

    watch: str
    lane: Lane
    keys: tuple[Key, ...]
    alone: bool
