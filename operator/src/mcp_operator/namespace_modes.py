# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The modes of network policies that namespaces have by a label, if the platform has set a default."""

from __future__ import annotations

import typing as t

from ._vendor._workload import network
from .cluster.source import NAMESPACE, Source
from .cluster.store import Key, Object, Store


class NamespaceModes:
    """Reads the labels of namespaces from the store, and queues the MCPServers of a namespace whose mode changes.

    :param default: the mode of namespaces without the label.
    :param watch: the ID of the watch of MCPServers.
    """

    # Only the metadata of namespaces is used.
    SOURCE: t.ClassVar[Source] = Source(id=str(NAMESPACE), gvk=NAMESPACE, metadata_only=True)

    def __init__(self, store: Store, default: str, watch: str) -> None:
        self._store = store
        self._default = default
        self._watch = watch

    def of(self, namespace: str) -> str:
        """Return the mode of MCPServers of a namespace that set none."""
        return self._mode(self._store.get(Key(self.SOURCE.id, "", namespace)))

    def start(self, enqueue: t.Callable[[Key], None]) -> None:
        """Call a function with each MCPServer of a namespace whose mode changes."""

        def on_change(key: Key, before: Object | None, after: Object | None) -> None:
            if key.watch != self.SOURCE.id or self._mode(before) == self._mode(after):
                return
            for server in self._store.keys(self._watch):
                if server.namespace == key.name:
                    enqueue(server)

        self._store.subscribe(on_change)

    def _mode(self, namespace: Object | None) -> str:
        labels = namespace["metadata"].get("labels") or {} if namespace is not None else {}
        return network.namespace_mode(labels, self._default)
