# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The state that the event handlers and the workers of one controller share."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..cluster.store import Key, Object, Store
from ..watches.definition import Watch
from .batch_queue import BatchQueue
from .dependents import Dependents
from .fingerprint import fingerprint
from .hooks import ReconcileHooks
from .pending_writes import PendingWrites
from .run_history import AppliedDependents, RunHistory


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileContext:
    """Shared state. All parts are thread-safe.

    :param watches: the watches by their IDs.
    :param content_version: the digest of playbooks and roles. A change of it reconciles every object.
    """

    watches: t.Mapping[str, Watch]
    store: Store
    queue: BatchQueue
    dependents: Dependents
    history: RunHistory
    pending_writes: PendingWrites
    hooks: ReconcileHooks
    content_version: str = ""

    def forget(self, key: Key) -> None:
        """Drop all state of a deleted object."""
        self.queue.discard(key)
        self.history.forget(key)
        self.pending_writes.discard(key)

    def fingerprint(self, watch: Watch, item: Object, applied: AppliedDependents | None = None) -> str:
        """Return the fingerprint of an object.

        :param applied: its dependents as a run has just applied them; None to use those in the store.
        """
        dependents = self.dependents.of(watch, item) if applied is None else applied
        inputs = self.hooks.fingerprint_inputs(watch, item)
        return fingerprint(watch, item, dependents, self.content_version, inputs)
