# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Dependents: the objects that runs create for an object, found by their ownerReferences."""

from __future__ import annotations

import typing as t

from .._vendor._workload.objects import state_of
from ..cluster.store import Key, Object, Store
from ..watches.definition import Watch

_INDEX = "owner"
_TERMINATING = "-leaving"

# Kind and name of a dependent -> its UID and the state of what is desired of it.
DependentStates = dict[str, tuple[str, str]]


class Dependents:
    """Finds the dependents of an object, and the owner of a dependent.

    :param sources: IDs of the store's sources of dependents -> the watch of their owners.
    """

    def __init__(self, store: Store, sources: t.Mapping[str, Watch]) -> None:
        self._store = store
        self._sources = sources
        store.add_index(_INDEX, self._owner_uids)

    def owner(self, key: Key, dependent: Object) -> Key | None:
        """Return the watched object that owns a dependent, or None."""
        watch = self._sources.get(key.watch)
        if watch is None:
            return None
        for reference in _references(dependent):
            if reference.get("kind") == watch.kind and reference.get("apiVersion") == watch.api_version:
                for namespace in (key.namespace, ""):
                    owner = Key(watch.id, namespace, str(reference.get("name")))
                    found = self._store.get(owner)
                    if found is not None and found["metadata"].get("uid") == reference.get("uid"):
                        return owner
        return None

    def of(self, watch: Watch, item: Object) -> DependentStates:
        """Return the dependents of an object with their states."""
        found: DependentStates = {}
        for key in self._store.find(_INDEX, str(item["metadata"].get("uid"))):
            dependent = self._store.get(key)
            if dependent is not None:
                terminating = _TERMINATING if dependent["metadata"].get("deletionTimestamp") else ""
                name = f"{key.watch.removeprefix(f'{watch.id}/')}/{key.name}"
                found[name] = (str(dependent["metadata"].get("uid")), state_of(dependent) + terminating)
        return found

    def _owner_uids(self, key: Key, item: Object) -> t.Iterable[str]:
        return [str(reference.get("uid")) for reference in _references(item)] if key.watch in self._sources else []


def _references(item: Object) -> list[dict[str, t.Any]]:
    return [entry for entry in item["metadata"].get("ownerReferences") or [] if isinstance(entry, dict)]
