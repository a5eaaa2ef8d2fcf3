# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Write conditions, finalizers and the fingerprint annotation to objects."""

from __future__ import annotations

import datetime as dt
import typing as t

from .._vendor._kube.body import MergePatch
from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiConflict, ApiNotFound
from ..cluster.discovery import Discovery
from ..cluster.store import Key, Object
from ..watches.definition import Watch
from .annotations import RECONCILED
from .conditions import Condition, merged

# Attempts for each write, since other clients write to the same objects.
_TRIES = 5


class ObjectWriter:
    """Writes only differences, and never overwrites concurrent changes of other clients.

    All methods raise KubeError if the API server refuses the write; deleted objects are ignored.
    """

    def __init__(self, client: Client, discovery: Discovery) -> None:
        self._client = client
        self._discovery = discovery

    def conditions(self, watch: Watch, key: Key, item: Object, wanted: t.Sequence[Condition]) -> None:
        """Update the conditions of an object."""

        def change(now: Object) -> dict[str, t.Any] | None:
            conditions = merged(now, wanted, dt.datetime.now(dt.UTC))
            return None if conditions is None else {"status": {"conditions": conditions}}

        self._change(watch, key, item, change, "status")

    def add_finalizer(self, watch: Watch, key: Key, item: Object, name: str) -> None:
        """Add a finalizer, unless the object is being deleted: the API server refuses new finalizers then."""

        def change(now: Object) -> dict[str, t.Any] | None:
            found = list(now["metadata"].get("finalizers") or [])
            if name in found or now["metadata"].get("deletionTimestamp"):
                return None
            return {"metadata": {"finalizers": [*found, name]}}

        self._change(watch, key, item, change)

    def remove_finalizer(self, watch: Watch, key: Key, item: Object, name: str) -> None:
        """Remove a finalizer."""

        def change(now: Object) -> dict[str, t.Any] | None:
            found = list(now["metadata"].get("finalizers") or [])
            if name not in found:
                return None
            return {"metadata": {"finalizers": [other for other in found if other != name]}}

        self._change(watch, key, item, change)

    def reconciled(self, watch: Watch, key: Key, value: str) -> None:
        """Write the record of a reconciliation to the object's annotation."""
        try:
            self._patch(watch, key, {"metadata": {"annotations": {RECONCILED: value}}})
        except ApiNotFound:
            return  # the object was deleted

    def _change(
        self,
        watch: Watch,
        key: Key,
        item: Object,
        change: t.Callable[[Object], dict[str, t.Any] | None],
        subresource: str = "",
    ) -> None:
        """Patch an object if its resourceVersion is unchanged; read it again and retry after a conflict."""
        try:
            for _ in range(_TRIES):
                patch = change(item)
                if patch is None:
                    return
                meta = {**patch.get("metadata", {}), "resourceVersion": item["metadata"].get("resourceVersion")}
                try:
                    self._patch(watch, key, {**patch, "metadata": meta}, subresource)
                except ApiConflict:
                    uid, item = item["metadata"].get("uid"), self._read(watch, key)
                    if item["metadata"].get("uid") != uid:
                        return  # the object was deleted and created again
                else:
                    return
            raise ApiConflict(f"{key.namespace}/{key.name} changes faster than it can be written.")
        except ApiNotFound:
            return  # the object was deleted

    def _patch(self, watch: Watch, key: Key, patch: dict[str, t.Any], subresource: str = "") -> None:
        path = self._discovery.resource(watch.gvk).path(key.namespace, key.name, subresource)
        what = f"write {subresource or 'metadata'} of {watch.kind} {key.namespace}/{key.name}"
        self._client.request("PATCH", path, what=what, body=MergePatch(patch))

    def _read(self, watch: Watch, key: Key) -> Object:
        path = self._discovery.resource(watch.gvk).path(key.namespace, key.name)
        what = f"read {watch.kind} {key.namespace}/{key.name}"
        return t.cast("Object", self._client.request("GET", path, what=what))
