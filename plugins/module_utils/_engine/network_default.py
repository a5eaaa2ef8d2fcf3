# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Whether MCPServers that do not say get a NetworkPolicy: by the settings, and by a label of their namespace."""

from __future__ import annotations

import typing as t

from .._kube.errors import ApiForbidden
from .._workload import network
from .namespaces import find_namespace

if t.TYPE_CHECKING:
    from .._kube.client import Client


class NetworkDefault:
    """Reads each namespace once, and only if the settings have a default.

    :param default: of the settings: "isolated", "open", or empty, in which case the labels of namespaces do not count.
    """

    def __init__(self, client: Client, default: str) -> None:
        self._client = client
        self._default = default
        self._modes: dict[str, str] = {}

    def of(self, server: t.Mapping[str, t.Any]) -> str:
        """Return the mode of an MCPServer that sets none; empty for "open".

        :raises KubeError: the API server did not return the namespace.
        """
        if not self._default or not network.follows_default(server["spec"]):
            return self._default
        namespace = str(server["metadata"]["namespace"])
        if namespace not in self._modes:
            self._modes[namespace] = network.namespace_mode(self._labels(namespace), self._default)
        return self._modes[namespace]

    def _labels(self, namespace: str) -> t.Mapping[str, t.Any]:
        try:
            found = find_namespace(self._client, namespace)
        except ApiForbidden:
            return {}  # tenants may use a namespace that they may not read
        # In check mode it may not exist.
        labels: t.Mapping[str, t.Any] = found["metadata"].get("labels") or {} if found else {}
        return labels
