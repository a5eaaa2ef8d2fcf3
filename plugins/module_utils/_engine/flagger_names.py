# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The name that Flagger gives to the Deployment that serves must not be the name of an MCPServer."""

from __future__ import annotations

import typing as t

from .._kube.errors import ApiForbidden, ForeignObject
from .._workload import names
from .._workload.managed import primary
from .._workload.ownership import is_owned_by
from .._workload.rollout_manager import FLAGGER, PRIMARY, check_name, manager

if t.TYPE_CHECKING:
    from .._kube.client import Client

Item = dict[str, t.Any]


def check(client: Client, server: t.Mapping[str, t.Any]) -> None:
    """Require that Flagger can use its names for this MCPServer, and that no other one has them.

    Flagger would change the Deployment of the other one, and its Pods be selected. Of two such MCPServers, the one that
    has the Deployment stays as it is. If none has it, both are refused, in whatever order they were created.

    :raises ManifestError: the names would be too long.
    :raises ForeignObject: another MCPServer has the name, or Flagger needs that of this one.
    """
    meta = server["metadata"]
    namespace, name = meta["namespace"], meta["name"]
    check_name(name, server["spec"])
    if manager(server["spec"]) == FLAGGER:
        other = _find(client, names.API_VERSION, names.KIND, namespace, primary(name))
        if other is not None and _may_own(client, other):
            raise _error(other["metadata"]["name"], name)
    if name.endswith(PRIMARY):
        other = _find(client, names.API_VERSION, names.KIND, namespace, name[: -len(PRIMARY)])
        if other is not None and manager(other.get("spec") or {}) == FLAGGER and not _owns(client, server):
            raise _error(name, other["metadata"]["name"])


def _may_own(client: Client, server: t.Mapping[str, t.Any]) -> bool:
    """Tell whether no other object controls the Deployment of an MCPServer."""
    found = _deployment(client, server)
    return found is None or is_owned_by(found, server)


def _owns(client: Client, server: t.Mapping[str, t.Any]) -> bool:
    found = _deployment(client, server)
    return found is not None and is_owned_by(found, server)


def _deployment(client: Client, server: t.Mapping[str, t.Any]) -> t.Optional[Item]:
    return _find(client, "apps/v1", "Deployment", server["metadata"]["namespace"], server["metadata"]["name"])


def _find(client: Client, api: str, kind: str, namespace: str, name: str) -> t.Optional[Item]:
    try:
        return client.find(api, kind, namespace, name)
    except ApiForbidden:
        return None


def _error(name: str, of: str) -> ForeignObject:
    return ForeignObject(
        f"Flagger would change the Deployment of MCPServer {name}: it gives this name to its copy of {of}.",
        "Rename one of the two MCPServers, or remove spec.rollout.managedBy.",
    )
