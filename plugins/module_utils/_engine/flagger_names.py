# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The name that Flagger gives to the Deployment that serves must not be the name of an MCPServer."""

from __future__ import annotations

import contextlib
import typing as t

from .._kube.errors import ApiForbidden, ForeignObject
from .._workload import names
from .._workload.managed import primary
from .._workload.rollout_manager import FLAGGER, manager

if t.TYPE_CHECKING:
    from .._kube.client import Client


def check(client: Client, server: t.Mapping[str, t.Any]) -> None:
    """Require that no other MCPServer has the name: Flagger would change its Deployment, and its Pods be selected.

    :raises ForeignObject: one has it.
    """
    if manager(server["spec"]) != FLAGGER:
        return
    meta = server["metadata"]
    name = primary(meta["name"])
    with contextlib.suppress(ApiForbidden):
        if client.find(names.API_VERSION, names.KIND, meta["namespace"], name) is not None:
            raise ForeignObject(
                f"Flagger would change the Deployment of MCPServer {name}: it gives this name to its copy of"
                f" {meta['name']}.",
                "Rename one of the two MCPServers, or remove spec.rollout.managedBy.",
            )
