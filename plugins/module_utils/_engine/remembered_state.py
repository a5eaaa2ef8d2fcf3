# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The state of a workload as an informer and the last run know it: one call for each object that changes.

Nothing is read first. An object that is not known is created on the condition that there is none, a known one is
changed on the condition that it still is that one. Only after a refusal the object is read.
"""

from __future__ import annotations

import typing as t

from .._kube.errors import ApiConflict, ApiInvalid, KubeError
from .._workload import names
from .._workload.objects import fingerprint, key_of, state_of
from .._workload.ownership import is_owned_by
from .replicas import hand_over, leaves_replicas
from .workload_state import Item, WorkloadState

if t.TYPE_CHECKING:
    from .._kube.client import Client

# An object that is created and deleted over and over again must not hold up a batch.
_ATTEMPTS = 3
# No object has it: the revisions of etcd begin with it, before there is any object.
_NEW = {"resourceVersion": "1"}


class Known(t.NamedTuple):
    """What is known of the objects of one MCPServer, by :func:`key_of`.

    :param there: uid and state of the objects that exist; None where nothing is known.
    :param applied: uid, state and manifest fingerprint of the objects that the last run applied.
    """

    there: t.Optional[t.Mapping[str, t.Sequence[str]]]
    applied: t.Mapping[str, t.Sequence[str]]

    def uid(self, key: str) -> str:
        """Return the uid of an object; empty for one that is not known."""
        # An object that was created a moment ago may not have reached the informer yet.
        entry = (self.there or {}).get(key) or self.applied.get(key)
        return entry[0] if entry else ""

    def unchanged(self, key: str, manifest: str) -> bool:
        """Tell whether an object exists, and was made of the same manifest."""
        there, applied = (self.there or {}).get(key), self.applied.get(key)
        return there is not None and applied is not None and [*there, manifest] == list(applied)


class Record(t.Protocol):
    """Takes what became of each object."""

    def applied(self, key: str, action: str, child: t.Sequence[str]) -> None:
        """Record an object that is as wanted: its uid, its state and the fingerprint of its manifest."""

    def deleted(self, key: str) -> None:
        """Record an object that was deleted."""


class RememberedState(WorkloadState):
    """Trusts what is known."""

    def __init__(self, client: Client, known: Known, record: Record) -> None:
        super().__init__(client)
        self._known = known
        self._record = record

    @property
    def reads(self) -> bool:
        """See the base class."""
        return self._known.there is None

    def find_owned(self, item: Item, server: Item) -> t.Optional[Item]:
        """See the base class."""
        uid = self._known.uid(key_of(item))
        if not uid and self._known.there is None:
            found = self._find(item)
            uid = str(found["metadata"]["uid"]) if found is not None and is_owned_by(found, server) else ""
        return {**item, "metadata": {**item["metadata"], "uid": uid}} if uid else None

    def is_unchanged(self, child: Item) -> bool:
        """See the base class."""
        return self._known.unchanged(key_of(child), fingerprint(child))

    def apply(self, child: Item, server: Item) -> None:
        """See the base class."""
        key, manifest = key_of(child), fingerprint(child)
        if self._known.unchanged(key, manifest):
            self._record.applied(key, "unchanged", self._known.applied[key])
            return
        if leaves_replicas(child) and (self._known.there is None or self._known.uid(key)):
            self._hand_over(child, server)
        uid = self._known.uid(key)
        if not uid and self._known.there is None:
            uid = self._uid(child, server)
        after, error = self._write(child, uid)
        for _attempt in range(_ATTEMPTS):
            if after is not None:
                break
            found = self._uid(child, server)
            if found == uid:
                break  # the object is the expected one: its content was refused
            uid = found
            after, error = self._write(child, uid)
        if after is None:
            raise t.cast("KubeError", error)
        action = "configured" if uid else "created"
        self._record.applied(key, action, (after["metadata"]["uid"], state_of(after), manifest))

    def _write(self, child: Item, uid: str) -> tuple[t.Optional[Item], t.Optional[KubeError]]:
        """Apply an object, or return how the API server refused it.

        :param uid: of the object that exists; empty for none.
        """
        condition = {"uid": uid} if uid else _NEW
        body = {**child, "metadata": {**child["metadata"], **condition}}
        try:
            return self._client.apply(body, field_manager=names.FIELD_MANAGER), None
        except (ApiConflict, ApiInvalid) as exc:
            return None, exc

    def _uid(self, child: Item, server: Item) -> str:
        found = self._find_for_write(child, server)
        return "" if found is None else str(found["metadata"]["uid"])

    def _hand_over(self, deployment: Item, server: Item) -> None:
        """Make sure that a new autoscaler finds as many replicas as there are."""
        found = self._find(deployment)
        if found is not None and is_owned_by(found, server):
            hand_over(self._client, found)

    def _record_deleted(self, found: Item) -> None:
        self._record.deleted(key_of(found))
