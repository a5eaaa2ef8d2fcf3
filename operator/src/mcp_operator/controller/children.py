# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The objects that runs have made, found by their ownerReferences."""

from __future__ import annotations

import typing as t

from ..cluster.store import Key, Object, Store
from ..watches.model import Watch

_INDEX = "owner"


class Children:
    """Finds the children of an object, and the object of a child.

    :param sources: which of the store's sources bring children, and of which watch.
    """

    def __init__(self, store: Store, sources: t.Mapping[str, Watch]) -> None:
        self._store = store
        self._sources = sources
        store.add_index(_INDEX, self._owners)

    def owner(self, key: Key, child: Object) -> Key | None:
        """Return the object that owns a child; None if it is no child of a watched object."""
        watch = self._sources.get(key.watch)
        if watch is None:
            return None
        for reference in _references(child):
            if reference.get("kind") == watch.kind and reference.get("apiVersion") == watch.api_version:
                for namespace in (key.namespace, ""):
                    owner = Key(watch.id, namespace, str(reference.get("name")))
                    found = self._store.get(owner)
                    if found is not None and found["metadata"].get("uid") == reference.get("uid"):
                        return owner
        return None

    def fingerprints(self, item: Object) -> list[tuple[str, ...]]:
        """Return what the children of an object are: which objects, in which desired state."""
        found: list[tuple[str, ...]] = []
        for key in self._store.find(_INDEX, str(item["metadata"].get("uid"))):
            child = self._store.get(key)
            if child is not None:
                meta = child["metadata"]
                state = meta.get("generation") or meta.get("resourceVersion")
                leaving = "deleted" if meta.get("deletionTimestamp") else ""
                found.append((key.watch, str(meta.get("uid")), str(state), leaving))
        return found

    def _owners(self, key: Key, child: Object) -> t.Iterable[str]:
        return [str(reference.get("uid")) for reference in _references(child)] if key.watch in self._sources else []


def _references(item: Object) -> list[dict[str, t.Any]]:
    return [entry for entry in item["metadata"].get("ownerReferences") or [] if isinstance(entry, dict)]
