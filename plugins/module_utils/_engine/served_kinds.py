# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Which kinds of other projects the cluster has."""

from __future__ import annotations

import threading
import typing as t

from .._kube.errors import ApiForbidden, ApiNotFound
from .._kube.resources import plural

if t.TYPE_CHECKING:
    from .._kube.client import Client


class ServedKinds:
    """Reads the discovery document of each API group once. Thread-safe."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._known: dict[str, t.Optional[frozenset[str]]] = {}

    def has(self, api_version: str, kind: str) -> bool:
        """Tell whether the cluster has a kind; True if that cannot be read.

        :param api_version: of an API group.
        :raises KubeError: the API server did not respond.
        """
        with self._lock:
            if api_version not in self._known:
                self._known[api_version] = self._read(api_version)
            resources = self._known[api_version]
        return resources is None or plural(api_version, kind) in resources

    def _read(self, api_version: str) -> t.Optional[frozenset[str]]:
        try:
            found = self._client.request("GET", f"/apis/{api_version}", what=f"read the kinds of {api_version}")
        except ApiNotFound:
            return frozenset()
        except ApiForbidden:
            return None
        return frozenset(str(one.get("name")) for one in found.get("resources") or [])
