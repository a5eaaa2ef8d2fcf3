# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""From changes in the store to what is dirty."""

from __future__ import annotations

import json
import typing as t

from .._vendor._workload.children import state_of
from ..cluster.store import Key, Object
from ..watches.definition import Watch
from .annotations import user_annotations
from .batch_queue import Queue
from .dependents import Children
from .pending_writes import Ledger
from .queue_types import Lane, Priority

# What of an object's status runs depend on; None for nothing.
Depends = t.Callable[[Watch, Object], t.Any]


class Intake:
    """Listens to the store."""

    def __init__(
        self,
        watches: t.Mapping[str, Watch],
        queue: Queue,
        children: Children,
        ledger: Ledger,
        wake: t.Callable[[], None],
        depends: Depends,
    ) -> None:
        self._watches = watches
        self._queue = queue
        self._children = children
        self._ledger = ledger
        self._wake = wake
        self._depends = depends

    def changed(self, key: Key, before: Object | None, after: Object | None) -> None:
        """Take in a change of the store."""
        watch = self._watches.get(key.watch)
        if watch is None:
            owner = self._children.owner(key, t.cast("Object", after or before))
            if owner is not None and not (before and after and _is_same_child(before, after)):
                self._queue.add(owner, Priority.CHILD)
                self._wake()
        elif after is None:
            self._queue.forget(key)
            self._ledger.forget(key)
        elif after["metadata"].get("deletionTimestamp"):
            self._leaving(watch, key, after)
        elif (
            before is None
            or _differs(watch, before, after)
            or self._depends(watch, before) != self._depends(watch, after)
        ):
            self._queue.add(key, Priority.USER, size=_size(after))
            self._wake()

    def _leaving(self, watch: Watch, key: Key, item: Object) -> None:
        if watch.finalizer and watch.finalizer.name in (item["metadata"].get("finalizers") or []):
            self._queue.add(key, Priority.USER, lane=Lane.FINALIZE, size=_size(item))
            self._wake()
        else:
            self._queue.forget(key)


def _differs(watch: Watch, before: Object, after: Object) -> bool:
    """Whether a user changed it: neither its status nor what the operator itself writes counts."""
    old, new = before["metadata"], after["metadata"]
    if old.get("uid") != new.get("uid") or old.get("generation") != new.get("generation"):
        return True
    if watch.watch_annotations_changes and user_annotations(before) != user_annotations(after):
        return True
    return "generation" not in new and _content(before) != _content(after)


def _is_same_child(before: Object, after: Object) -> bool:
    """Whether only the status or annotations of a child changed; of a fleet that starts, most changes are such."""
    old, new = before["metadata"], after["metadata"]
    same = old.get("uid") == new.get("uid") and _leaving(old) == _leaving(new)
    return same and state_of(before) == state_of(after)


def _leaving(meta: Object) -> bool:
    return bool(meta.get("deletionTimestamp"))


def _content(item: Object) -> dict[str, t.Any]:
    return {key: value for key, value in item.items() if key not in ("metadata", "status")}


def _size(item: Object) -> int:
    return len(json.dumps(item, default=dict))
