# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The cache of watched objects, with indexes and callbacks for changes.

Thread-safe. Objects are shared, not copied: callers must not change them.
"""

from __future__ import annotations

import logging
import threading
import typing as t

Object = t.Mapping[str, t.Any]

_log = logging.getLogger(__name__)


class Key(t.NamedTuple):
    """The key of an object: the ID of its watch or source, its namespace (empty if cluster-scoped) and its name."""

    watch: str
    namespace: str
    name: str


# Called with key, before, after. `before` is None for a new object, `after` for a deleted one.
Callback = t.Callable[[Key, Object | None, Object | None], None]
# Returns the values under which an index finds an object.
Indexer = t.Callable[[Key, Object], t.Iterable[str]]


class Store:
    """All objects of all sources.

    Callbacks run without a lock, in the thread that stores the change. One thread stores all changes of an object, so
    its changes are in order. Callbacks must return quickly. Exceptions that they raise are logged, and affect neither
    other callbacks nor the watch.
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
        """Return the keys of all objects, or of those of one source."""
        with self._lock:
            return [key for key in self._objects if watch is None or key.watch == watch]

    def find(self, index: str, value: str) -> list[Key]:
        """Return the keys of the objects that an index has for a value, the oldest entry first.

        :raises KeyError: the index does not exist.
        """
        with self._lock:
            return list(self._indexes[index].get(value, ()))

    def subscribe(self, callback: Callback) -> t.Callable[[], None]:
        """Register a callback for changes; return a function that removes it."""
        with self._lock:
            self._callbacks += (callback,)

        def unsubscribe() -> None:
            with self._lock:
                self._callbacks = tuple(other for other in self._callbacks if other is not callback)

        return unsubscribe

    def add_index(self, name: str, indexer: Indexer) -> None:
        """Add an index, or replace the one of that name. It includes objects that are already stored."""
        with self._lock:
            self._indexers[name] = indexer
            self._indexes[name] = {}
            for key, value in self._objects.items():
                self._add_to_index(name, key, value)

    def put(self, key: Key, value: Object) -> None:
        """Store an object. There is no callback if its resourceVersion is unchanged."""
        with self._lock:
            before = self._objects.get(key)
            if before is not None and _same(before, value):
                return
            self._set(key, before, value)
        self._notify(key, before, value)

    def remove(self, key: Key, last: Object | None = None) -> None:
        """Remove an object.

        :param last: its last state for callbacks; None for the stored one.
        """
        with self._lock:
            before = self._objects.get(key)
            if before is None:
                return
            self._set(key, before, None)
        self._notify(key, last or before, None)

    def replace(self, watch: str, namespace: str | None, objects: t.Mapping[Key, Object]) -> None:
        """Store a complete list, and remove objects that are not in it.

        :param namespace: the namespace of the list; None for all namespaces.
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
                self._remove_from_index(name, key, before)
            if after is not None:
                self._add_to_index(name, key, after)
        if after is None:
            del self._objects[key]
        else:
            self._objects[key] = after

    def _entries(self, name: str, key: Key, value: Object) -> list[str]:
        try:
            return list(self._indexers[name](key, value))
        except Exception:
            _log.exception("Index %s failed for %s", name, key)
            return []

    def _add_to_index(self, name: str, key: Key, value: Object) -> None:
        for entry in self._entries(name, key, value):
            self._indexes[name].setdefault(entry, {})[key] = None

    def _remove_from_index(self, name: str, key: Key, value: Object) -> None:
        index = self._indexes[name]
        for entry in self._entries(name, key, value):
            keys = index.get(entry, {})
            keys.pop(key, None)
            if not keys:
                index.pop(entry, None)

    def _notify(self, key: Key, before: Object | None, after: Object | None) -> None:
        for callback in self._callbacks:
            try:
                callback(key, before, after)
            except Exception:
                _log.exception("A callback failed for a change of %s", key)


def _same(before: Object, after: Object) -> bool:
    version = before["metadata"].get("resourceVersion")
    same: bool = version is not None and version == after["metadata"].get("resourceVersion")
    return same
