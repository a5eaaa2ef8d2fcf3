# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What namespaces have, by one list of each kind where many MCPServers are applied, not by a read of each object."""

from __future__ import annotations

import threading
import typing as t

from .._kube.errors import KubeError

if t.TYPE_CHECKING:
    from .._kube.client import Client

Item = dict[str, t.Any]

# The number of MCPServers in a namespace from which on its objects are listed.
_MANY = 10
# A namespace with more objects of a kind, for each MCPServer, is not listed: most of them have nothing to do with it.
_OBJECTS_EACH = 10

# API version, kind and namespace.
_Place = tuple[str, str, str]


class _Listing:
    """The objects of one kind in a namespace, by name; None if they cannot be listed, or are too many."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.is_read = False
        self.found: t.Optional[dict[str, Item]] = None
        self.taken: set[str] = set()


class Listings:
    """Lists each kind once, when the first object of it is looked for. Thread-safe.

    An object counts once as it was listed. Whoever looks for it again wants to know how it is now.

    :param servers: the number of MCPServers that are applied, by namespace.
    """

    def __init__(self, client: Client, servers: t.Mapping[str, int]) -> None:
        self._client = client
        self._servers = servers
        self._lock = threading.Lock()
        self._listings: dict[_Place, _Listing] = {}

    def take(self, item: t.Mapping[str, t.Any]) -> tuple[bool, t.Optional[Item]]:
        """Return whether an object, or that there is none, is known from a list, and the object.

        :param item: its API version, kind, namespace and name.
        """
        name, namespace = item["metadata"]["name"], item["metadata"]["namespace"]
        if self._servers.get(namespace, 0) < _MANY:
            return False, None
        place = (item["apiVersion"], item["kind"], namespace)
        with self._lock:
            listing = self._listings.setdefault(place, _Listing())
        # Lists of other kinds and namespaces go on meanwhile.
        with listing.lock:
            if not listing.is_read:
                listing.found, listing.is_read = self._list(*place), True
            if listing.found is None or name in listing.taken:
                return False, None
            listing.taken.add(name)
            return True, listing.found.pop(name, None)

    def _list(self, api_version: str, kind: str, namespace: str) -> t.Optional[dict[str, Item]]:
        found: dict[str, Item] = {}
        try:
            for item in self._client.list(api_version, kind, namespace):
                if len(found) >= _OBJECTS_EACH * self._servers[namespace]:
                    return None
                # The items of a list lack their type.
                found[item["metadata"]["name"]] = {**item, "apiVersion": api_version, "kind": kind}
        except KubeError:
            # Whoever may not list may still read, and reading reports other errors.
            return None
        return found
