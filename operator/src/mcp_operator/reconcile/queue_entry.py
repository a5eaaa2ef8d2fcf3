# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""One object in the queue."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..cluster.store import Key
from .queue_types import Batch, Lane, Priority


@dataclass(slots=True, kw_only=True)
class Item:
    """One object that is dirty, running or waiting after a failure.

    :param due: when it may run.
    :param since: when it became dirty: who waits longest is served first.
    :param share: with how many it may share a batch at most, itself included; 0 for no limit of its own.
    :param batch: the number of the batch in which it runs; 0 while it does not.
    :param again: the priority with which it became dirty during its run.
    :param gone: it was deleted during its run.
    """

    key: Key
    lane: Lane
    priority: Priority
    size: int
    due: float
    since: float
    failures: int = 0
    share: int = 0
    batch: int = 0
    again: Priority | None = None
    gone: bool = False
    ended: float = 0.0

    @property
    def group(self) -> tuple[str, Lane]:
        """What may share a batch."""
        return self.key.watch, self.lane


class Running(t.NamedTuple):
    """A batch that runs, and those of it that have not come back."""

    batch: Batch
    remaining: set[Key]
