# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Discovery: find the API path of a kind."""

from __future__ import annotations

import threading
import typing as t

from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiNotFound
from ..watches.definition import GroupVersionKind
from .source import Resource


class Discovery:
    """Thread-safe. Found kinds are cached; missing kinds are looked up again in each call."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._known: dict[GroupVersionKind, Resource] = {}

    def resource(self, gvk: GroupVersionKind) -> Resource:
        """Return the API resource of a kind.

        :raises ApiNotFound: the API server does not serve it.
        :raises KubeError: the request failed.
        """
        with self._lock:
            known = self._known.get(gvk)
        if known is not None:
            return known
        missing = ApiNotFound(
            f"The API server does not serve {gvk}.", "Install its CustomResourceDefinition.", status=404
        )
        path = f"/apis/{gvk.api_version}" if gvk.group else f"/api/{gvk.version}"
        try:
            answer = self._client.request("GET", path, what=f"list the kinds of {gvk.api_version}", retry=False)
        except ApiNotFound:
            raise missing from None
        for entry in _resources(answer):
            if entry.get("kind") == gvk.kind and "/" not in entry["name"]:
                resource = Resource(
                    gvk=gvk,
                    plural=entry["name"],
                    namespaced=bool(entry.get("namespaced")),
                )
                with self._lock:
                    self._known[gvk] = resource
                return resource
        raise missing


def _resources(answer: t.Any) -> t.Iterator[dict[str, t.Any]]:
    for entry in (answer.get("resources") if isinstance(answer, dict) else None) or ():
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            yield entry
