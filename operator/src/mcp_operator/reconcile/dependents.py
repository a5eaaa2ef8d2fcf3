# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The objects that runs have made, found by their ownerReferences."""

from __future__ import annotations

import typing as t

from .._vendor._workload.children import state_of
from ..cluster.store import Key, Object, Store
from ..watches.definition import Watch

_INDEX = "owner"
_LEAVING = "-leaving"

# The kind and name of each child, its uid and its state.
Known = dict[str, tuple[str, str]]


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

    def of(self, watch: Watch, item: Object) -> Known:
        """Return the children of an object: which objects, and what is wanted of them."""
        found: Known = {}
        for key in self._store.find(_INDEX, str(item["metadata"].get("uid"))):
            child = self._store.get(key)
            if child is not None:
                leaving = _LEAVING if child["metadata"].get("deletionTimestamp") else ""
                name = f"{key.watch.removeprefix(f'{watch.id}/')}/{key.name}"
                found[name] = (str(child["metadata"].get("uid")), state_of(child) + leaving)
        return found

    def _owners(self, key: Key, child: Object) -> t.Iterable[str]:
        return [str(reference.get("uid")) for reference in _references(child)] if key.watch in self._sources else []


def _references(item: Object) -> list[dict[str, t.Any]]:
    return [entry for entry in item["metadata"].get("ownerReferences") or [] if isinstance(entry, dict)]
