# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What is known of an MCPServer's objects before they are written: read one by one, or remembered.

Both write by server-side apply under the field manager of the workload, and touch no object of another owner.
"""

from __future__ import annotations

import abc
import typing as t

from .._kube.errors import ApiConflict, ForeignObject, KubeError
from .._kube.resources import describe
from .._workload.ownership import belongs_to_predecessor, controller_of, is_owned_by

if t.TYPE_CHECKING:
    from .._kube.client import Client

Item = dict[str, t.Any]


class ObjectLeaving(KubeError):
    """The object belongs to a deleted MCPServer of the same name: the garbage collector is about to delete it."""

    code = "OBJECT_LEAVING"


class WorkloadState(abc.ABC):
    """The objects of one MCPServer.

    :param dry_run: let the API server validate writes, and change nothing.
    """

    def __init__(self, client: Client, *, dry_run: bool = False) -> None:
        self.dry_run = dry_run
        # What could not be applied, although the rest was.
        self.warnings: list[str] = []
        self._client = client

    @property
    @abc.abstractmethod
    def reads(self) -> bool:
        """Whether :meth:`find_owned` sends a request."""

    @abc.abstractmethod
    def find_owned(self, item: Item, server: Item) -> t.Optional[Item]:
        """Return an object of this MCPServer, at least its identity and uid; None for none or another owner's."""

    @abc.abstractmethod
    def apply(self, child: Item, server: Item) -> None:
        """Apply an object where it differs.

        :raises ForeignObject: an object of that name has another owner.
        :raises ObjectLeaving: it belongs to a deleted MCPServer of the same name.
        :raises KubeError: the API server refused it.
        """

    def is_unchanged(self, child: Item) -> bool:  # noqa: ARG002 - for states that remember what was applied
        """Tell whether an object is known to be what was made of the same manifest."""
        return False

    def delete(self, found: Item) -> None:
        """Delete an object that :meth:`find_owned` returned, unless another one has taken its place."""
        if not self.dry_run:
            meta = found["metadata"]
            key = (found["apiVersion"], found["kind"], meta["namespace"], meta["name"])
            try:
                self._client.delete(*key, uid=meta["uid"])
            except ApiConflict:
                return
        self._record_deleted(found)

    @abc.abstractmethod
    def _record_deleted(self, found: Item) -> None:
        """Record that an object was deleted."""

    def _find(self, item: t.Mapping[str, t.Any]) -> t.Optional[Item]:
        meta = item["metadata"]
        return self._client.find(item["apiVersion"], item["kind"], meta["namespace"], meta["name"])

    def _find_for_write(self, child: Item, server: Item) -> t.Optional[Item]:
        """Return the object that exists, None for none.

        :raises ForeignObject: it has another owner.
        :raises ObjectLeaving: it belongs to a deleted MCPServer of the same name.
        """
        found = self._find(child)
        if found is None or is_owned_by(found, server):
            return found
        raise refusal(child, found, server)


def refusal(child: t.Mapping[str, t.Any], found: Item, server: t.Mapping[str, t.Any]) -> KubeError:
    """Return the error for an object that has another owner than the MCPServer.

    :param child: the object that was to be applied.
    :param found: the one that exists.
    """
    if belongs_to_predecessor(found, server):
        return leaving(child)
    owner = controller_of(found)
    whose = f"belongs to {owner['kind']} {owner['name']}" if owner else "belongs to no MCPServer"
    return ForeignObject(
        f"{describe(child)} already exists and {whose}.",
        "It was not changed. Delete or rename it, or give the MCPServer another name.",
    )


def leaving(item: t.Mapping[str, t.Any]) -> ObjectLeaving:
    """Return the error for an object of a deleted MCPServer of the same name."""
    return ObjectLeaving(
        f"{describe(item)} belongs to an MCPServer of the same name that was deleted.",
        "The cluster's garbage collector is about to delete it; it is created again afterwards.",
    )
