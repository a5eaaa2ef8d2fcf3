# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The floor: the same objects, applied by a trivial client, with nobody in between."""

from __future__ import annotations

import time

from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer
from fleet import Item, collection, for_all
from options import ROOT
from watching import Timeline


def create(client: Client, timeline: Timeline, servers: list[Item]) -> None:
    """Create MCPServers and apply what is made of them, sixteen at once."""
    renderer = Renderer(str(ROOT / "roles" / "mcpserver" / "templates"))

    def one(server: Item) -> None:
        meta = server["metadata"]
        timeline.created[meta["name"]] = time.monotonic()
        path = collection(meta["namespace"])
        found = client.request("POST", path, what=f"create MCPServer {meta['name']}", body=server)
        for child in renderer.render(found):
            client.apply(child, field_manager="floor")

    for_all(one, servers)
