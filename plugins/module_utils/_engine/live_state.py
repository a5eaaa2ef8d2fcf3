# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The state of a workload by reading each object before it is written: exact differences, and dry runs."""

from __future__ import annotations

import time
import typing as t

from .._kube.applied import is_applied
from .._kube.errors import ApiConflict, ApiNotFound
from .._kube.resources import describe
from .._workload import names
from .._workload.ownership import is_owned_by
from .replicas import hand_over, leaves_replicas
from .workload_state import Item, ObjectLeaving, WorkloadState

if t.TYPE_CHECKING:
    from .._kube.client import Client
    from .listings import Listings

# Controllers write the status of a new Deployment several times a second; each write may cost one attempt.
_ATTEMPTS = 8
# How long to wait for the garbage collector to delete the objects of a deleted MCPServer of the same name, seconds.
_COLLECT_TIMEOUT = 30.0
_COLLECT_PERIOD = 0.5

# Called with an object as it was and as it is, None standing for an object that does not exist.
Record = t.Callable[[t.Optional[Item], t.Optional[Item]], None]


class LiveState(WorkloadState):
    """Reads each object first.

    :param record: called after each object.
    :param listings: what is known of the objects of many MCPServers; None to read each.
    """

    def __init__(
        self, client: Client, record: Record, *, dry_run: bool = False, listings: t.Optional[Listings] = None
    ) -> None:
        super().__init__(client, dry_run=dry_run)
        self._record = record
        self._listings = listings

    @property
    def reads(self) -> bool:
        """See the base class."""
        return True

    def find_owned(self, item: Item, server: Item) -> t.Optional[Item]:
        """See the base class."""
        known, found = self._listings.take(item) if self._listings else (False, None)
        if not known:
            found = super()._find(item)
        if found is None or not is_owned_by(found, server):
            return None
        # An object of a list, and sometimes of a get, lacks its type.
        return {**found, "apiVersion": item["apiVersion"], "kind": item["kind"]}

    def apply(self, child: Item, server: Item) -> None:
        """See the base class. Waits for objects of a deleted MCPServer of the same name."""
        self.write(child, names.FIELD_MANAGER, lambda: self._collected(child, server))

    def write(
        self,
        wanted: Item,
        manager: str,
        find: t.Optional[t.Callable[[], t.Optional[Item]]] = None,
        *,
        may_lack: bool = True,
    ) -> Item:
        """Apply an object where it differs, record the difference and return the object.

        The version that was read is a precondition of the write: so the difference is what *this* write changed, and
        no other object can have taken its place meanwhile.

        :param find: returns the object that exists; by default any owner's.
        :param may_lack: in a dry run, treat an object whose namespace or kind does not exist as one to create.
        :raises ApiNotFound: the namespace or the kind does not exist.
        :raises ApiConflict: the object changed at each attempt.
        """
        for attempt in range(_ATTEMPTS):
            before = self._find(wanted) if find is None else find()
            if before is not None and is_applied(wanted, before, manager):
                self._record(before, before)
                return before
            body = wanted
            if before is not None:
                version = before["metadata"]["resourceVersion"]
                body = {**wanted, "metadata": {**wanted["metadata"], "resourceVersion": version}}
            try:
                after = self._client.apply(body, field_manager=manager, dry_run=self.dry_run)
            except ApiConflict:
                continue
            except ApiNotFound:
                if before is not None and attempt + 1 < _ATTEMPTS:
                    continue  # deleted since it was read
                if not (self.dry_run and may_lack):
                    raise
                after = wanted
            self._record(before, after)
            return after
        raise ApiConflict(f"{describe(wanted)} changes faster than it can be applied.", "Run it again.")

    def _find(self, item: t.Mapping[str, t.Any]) -> t.Optional[Item]:
        """Return an object that may be written: that there is none is not taken from a list, which may be outdated."""
        found = self._listings.take(item)[1] if self._listings else None
        return super()._find(item) if found is None else found

    def _record_deleted(self, found: Item) -> None:
        self._record(found, None)

    def _collected(self, child: Item, server: Item) -> t.Optional[Item]:
        """Return the object of this MCPServer, after those of a deleted one are gone."""
        deadline = time.monotonic() + _COLLECT_TIMEOUT
        while True:
            try:
                found = self._find_for_write(child, server)
            except ObjectLeaving:
                if self.dry_run or time.monotonic() > deadline:
                    raise
                time.sleep(_COLLECT_PERIOD)
                continue
            if found is not None and leaves_replicas(child) and not self.dry_run:
                return hand_over(self._client, found)
            return found
