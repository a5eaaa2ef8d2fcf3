# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Handle changes in the store: decide which objects to queue."""

from __future__ import annotations

import json
import typing as t

from .._vendor._workload.objects import state_of
from ..cluster.store import Key, Object
from ..watches.definition import Watch
from .annotations import user_annotations
from .context import ReconcileContext
from .queue_types import Phase, Priority


class EventHandlers:
    """Queues objects for changes in the store.

    :param wake: called after an object was queued.
    """

    def __init__(self, context: ReconcileContext, wake: t.Callable[[], None]) -> None:
        self._context = context
        self._wake = wake

    def on_change(self, key: Key, before: Object | None, after: Object | None) -> None:
        """Handle a change in the store; see :data:`mcp_operator.cluster.store.Callback`."""
        watch = self._context.watches.get(key.watch)
        if watch is None:
            self._on_dependent_change(key, before, after)
        elif after is None:
            self._context.forget(key)
        elif after["metadata"].get("deletionTimestamp"):
            self._on_deletion(watch, key, after)
        elif before is None or self._is_changed(watch, before, after):
            self._context.queue.add(key, Priority.USER, phase=Phase.RECONCILE, size=_size(after))
            self._wake()

    def requeue(self, key: Key) -> None:
        """Queue an object for something else than a change of it."""
        item = self._context.store.get(key)
        if item is not None:
            self._context.queue.add(key, Priority.DEPENDENT, size=_size(item))
            self._wake()

    def _on_dependent_change(self, key: Key, before: Object | None, after: Object | None) -> None:
        owner = self._context.dependents.owner(key, t.cast("Object", after or before))
        if owner is not None and not (before and after and _is_same_dependent(before, after)):
            self.requeue(owner)

    def _on_deletion(self, watch: Watch, key: Key, item: Object) -> None:
        if watch.finalizer and watch.finalizer.name in (item["metadata"].get("finalizers") or []):
            self._context.queue.add(key, Priority.USER, phase=Phase.FINALIZE, size=_size(item))
            self._wake()
        else:
            self._context.queue.discard(key)

    def _is_changed(self, watch: Watch, before: Object, after: Object) -> bool:
        """Return whether a user has changed an object. Its status and the operator's own writes do not count."""
        old, new = before["metadata"], after["metadata"]
        if old.get("uid") != new.get("uid") or old.get("generation") != new.get("generation"):
            return True
        if watch.watch_annotations_changes and user_annotations(before) != user_annotations(after):
            return True
        if "generation" not in new and _content(before) != _content(after):
            return True
        inputs = self._context.hooks.fingerprint_inputs
        return bool(inputs(watch, before) != inputs(watch, after))


def _is_same_dependent(before: Object, after: Object) -> bool:
    """Return whether only the status or annotations of a dependent changed, as in most changes of a starting fleet."""
    old, new = before["metadata"], after["metadata"]
    same = old.get("uid") == new.get("uid") and _is_terminating(old) == _is_terminating(new)
    return same and state_of(before) == state_of(after)


def _is_terminating(meta: Object) -> bool:
    return bool(meta.get("deletionTimestamp"))


def _content(item: Object) -> dict[str, t.Any]:
    return {key: value for key, value in item.items() if key not in ("metadata", "status")}


def _size(item: Object) -> int:
    return len(json.dumps(item, default=dict))
