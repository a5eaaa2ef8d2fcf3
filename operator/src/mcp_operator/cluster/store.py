# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the API server said last, by key and by index, and who wants to hear of changes.

Thread-safe. What is stored is shared, not copied: whoever takes an object out must not change it.
"""

from __future__ import annotations

import logging
import threading
import typing as t

Object = t.Mapping[str, t.Any]

_log = logging.getLogger(__name__)


class Key(t.NamedTuple):
    """One object: the id of the watch or source that brings it, its namespace (empty for cluster-scoped) and name."""

    watch: str
    namespace: str
    name: str


# (key, before, after): None before for a new object, None after for one that is gone.
Callback = t.Callable[[Key, Object | None, Object | None], None]
# The values under which an object is to be found.
Indexer = t.Callable[[Key, Object], t.Iterable[str]]


class Store:
    """All objects of all watches.

    Callbacks are called without a lock, in the thread that brings the change. One thread brings all changes of an
    object, so they come in order. They must be quick, and whatever they raise ends up in the log only: one listener
    must not stop the others or the watch.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._objects: dict[Key, Object] = {}
        self._callbacks: tuple[Callback, ...] = ()
        self._indexers: dict[str, Indexer] = {}
        self._indexes: dict[str, dict[str, dict[Key, None]]] = {}

    def __len__(self) -> int:
        return len(self._objects)

    def get(self, key: Key) -> Object | None:
        """Return an object, or None."""
        return self._objects.get(key)

    def keys(self, watch: str | None = None) -> list[Key]:
        """Return the keys of all objects, or of those that one watch brings."""
        with self._lock:
            return [key for key in self._objects if watch is None or key.watch == watch]

    def find(self, index: str, value: str) -> list[Key]:
        """Return the keys of the objects that an index has under a value, the oldest entry first.

        :raises KeyError: there is no such index.
        """
        with self._lock:
            return list(self._indexes[index].get(value, ()))

    def subscribe(self, callback: Callback) -> t.Callable[[], None]:
        """Call back for every change from now on; return what ends that."""
        with self._lock:
            self._callbacks += (callback,)

        def unsubscribe() -> None:
            with self._lock:
                self._callbacks = tuple(other for other in self._callbacks if other is not callback)

        return unsubscribe

    def add_index(self, name: str, indexer: Indexer) -> None:
        """Let objects be found by what ``indexer`` says about them; also those that are there already."""
        with self._lock:
            self._indexers[name] = indexer
            self._indexes[name] = {}
            for key, value in self._objects.items():
                self._enter(name, key, value)

    def put(self, key: Key, value: Object) -> None:
        """Take in what an object is now. Nobody hears of an object that is what it was (same resourceVersion)."""
        with self._lock:
            before = self._objects.get(key)
            if before is not None and _same(before, value):
                return
            self._set(key, before, value)
        self._tell(key, before, value)

    def remove(self, key: Key, last: Object | None = None) -> None:
        """Forget an object.

        :param last: what it was at its end, for those who hear of it, where that is known better than it is here.
        """
        with self._lock:
            before = self._objects.get(key)
            if before is None:
                return
            self._set(key, before, None)
        self._tell(key, last or before, None)

    def replace(self, watch: str, namespace: str | None, objects: t.Mapping[Key, Object]) -> None:
        """Take in a whole list: what is not in it is gone.

        :param namespace: that the list is of; None for all of them.
        """
        with self._lock:
            gone = [
                key
                for key in self._objects
                if key.watch == watch and namespace in (None, key.namespace) and key not in objects
            ]
        for key in gone:
            self.remove(key)
        for key, value in objects.items():
            self.put(key, value)

    def _set(self, key: Key, before: Object | None, after: Object | None) -> None:
        for name in self._indexers:
            if before is not None:
                self._withdraw(name, key, before)
            if after is not None:
                self._enter(name, key, after)
        if after is None:
            del self._objects[key]
        else:
            self._objects[key] = after

    def _entries(self, name: str, key: Key, value: Object) -> list[str]:
        try:
            return list(self._indexers[name](key, value))
        except Exception:
            _log.exception("The index %s cannot take in %s", name, key)
            return []

    def _enter(self, name: str, key: Key, value: Object) -> None:
        for entry in self._entries(name, key, value):
            self._indexes[name].setdefault(entry, {})[key] = None

    def _withdraw(self, name: str, key: Key, value: Object) -> None:
        index = self._indexes[name]
        for entry in self._entries(name, key, value):
            keys = index.get(entry, {})
            keys.pop(key, None)
            if not keys:
                index.pop(entry, None)

    def _tell(self, key: Key, before: Object | None, after: Object | None) -> None:
        for callback in self._callbacks:
            try:
                callback(key, before, after)
            except Exception:
                _log.exception("A listener failed on a change of %s", key)


def _same(before: Object, after: Object) -> bool:
    version = before["metadata"].get("resourceVersion")
    same: bool = version is not None and version == after["metadata"].get("resourceVersion")
    return same
