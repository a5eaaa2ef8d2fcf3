# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The MCPServers of a playbook: of manifests, of hosts of the inventory, or of a namespace."""

from __future__ import annotations

import dataclasses
import typing as t

from ..module_utils._errors import McpKubernetesError
from ..module_utils._kube.errors import KubeError
from ..module_utils._util import as_mapping, clean
from ..module_utils._workload import names
from ..module_utils._workload.ownership import controller_of

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

ALL = "*"
# Variables of a host by the key of its connection.
_CONNECTION = {"kubeconfig": "mcp_kubeconfig", "context": "mcp_context", "api_server": "mcp_api_server"}

Object = dict[str, t.Any]
HostVars = t.Mapping[str, t.Mapping[str, t.Any]]


class NothingSelected(McpKubernetesError):
    """A playbook was given no MCPServer, or one that does not exist."""

    code = "NO_MCPSERVER"


class OtherNamespace(McpKubernetesError):
    """A pattern of hosts matches MCPServers of another namespace than the one that was selected."""

    code = "OTHER_NAMESPACE"


@dataclasses.dataclass
class Found:
    """MCPServers, each with a host that stands for it.

    :param servers: host name -> manifest.
    :param connections: host name -> ``kubeconfig``, ``context`` and ``api_server``; empty for those of the play.
    """

    servers: dict[str, Object] = dataclasses.field(default_factory=dict)
    connections: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    warnings: list[str] = dataclasses.field(default_factory=list)

    def add(self, server: Object, host: str = "", variables: t.Mapping[str, t.Any] | None = None) -> None:
        """Add one.

        :param host: name of a host of the inventory.
        :param variables: of that host.
        """
        host = host or names.server_key(server)
        self.servers[host] = server
        self.connections[host] = {key: str((variables or {}).get(name) or "") for key, name in _CONNECTION.items()}

    def expect(self, api_server: str) -> None:
        """Set the address of the API server that the connections without one must lead to."""
        for own in self.connections.values():
            own["api_server"] = own["api_server"] or api_server

    def targets(self) -> list[dict[str, str]]:
        """Return where they are, as :mod:`._preflight` takes it."""
        return [
            {"namespace": server["metadata"].get("namespace", "default"), **self.connections[host]}
            for host, server in self.servers.items()
        ]

    def to_dict(self) -> dict[str, t.Any]:
        """Return the result for the playbook."""
        targets = {
            host: {"namespace": server["metadata"].get("namespace", "default"), "name": server["metadata"]["name"]}
            for host, server in self.servers.items()
        }
        return {
            "servers": self.servers,
            "targets": targets,
            "connections": self.connections,
            "warnings": self.warnings,
        }


def of_hosts(hosts: HostVars, pattern: str, namespace: str | None, advice: str) -> Found:
    """Return the MCPServers of hosts. Another inventory can have a group mcpservers: other hosts are ignored.

    :param hosts: those that match the pattern, with their variables.
    :param namespace: that all must have; None for any.
    :param advice: what to do if there is none.
    :raises NothingSelected: there is none.
    :raises OtherNamespace: one has another namespace. A pattern can match more than was meant.
    """
    found = Found()
    for host, variables in hosts.items():
        server = as_mapping(variables.get("mcpserver_manifest"))
        if server.get("apiVersion") == names.API_VERSION:
            found.add(server, host, variables)
    if not found.servers:
        raise NothingSelected(f"No host that matches {clean(pattern)} is an MCPServer.", advice)
    others = [host for host, server in found.servers.items() if server["metadata"].get("namespace") != namespace]
    if namespace and others:
        raise OtherNamespace(
            f"mcp_namespace is {clean(namespace)}, but {', '.join(others)} has another namespace.",
            "Correct mcp_hosts or mcp_namespace, or set mcp_any_namespace=true.",
        )
    return found


def of_namespace(client: Client, namespace: str, wanted: t.Sequence[str], *, crd: bool, must_exist: bool) -> Found:
    """Return the MCPServers of a namespace.

    :param wanted: their names; empty or :data:`ALL` for all.
    :param crd: whether the cluster has the CustomResourceDefinition. Otherwise their Deployments stand for them.
    :param must_exist: raise an error for one that does not exist, and not a warning.
    :raises NothingSelected: there is none, or one does not exist.
    """
    existing = list(_existing(client, namespace, crd=crd))
    has_all = not wanted or ALL in wanted
    missing = [name for name in wanted if name != ALL and name not in {one["metadata"]["name"] for one in existing}]
    found = Found()
    for server in existing:
        if has_all or server["metadata"]["name"] in wanted:
            found.add(server)
    if missing or not existing:
        problem = f"The namespace {clean(namespace)} has no MCPServer {', '.join(map(clean, missing))}".strip() + "."
        hint = _elsewhere(client, missing, crd=crd)
        if must_exist:
            raise NothingSelected(problem, hint)
        found.warnings.append(f"{problem} {hint}".strip())
    return found


def _existing(client: Client, namespace: str, *, crd: bool) -> t.Iterator[Object]:
    if crd:
        for item in client.list(names.API_VERSION, names.KIND, namespace):
            yield {**item, "apiVersion": names.API_VERSION, "kind": names.KIND}
        return
    selector = f"{names.MANAGED_BY_LABEL}={names.MANAGED_BY}"
    for item in client.list("apps/v1", "Deployment", namespace, labelSelector=selector):
        if controller_of(item) is None:
            yield item


def _elsewhere(client: Client, missing: t.Sequence[str], *, crd: bool) -> str:
    """Return in which namespaces there are MCPServers of these names, or any, as far as the user may know it."""
    if not crd:
        return "Check mcp_namespace and the context."
    try:
        places = {
            server["metadata"]["namespace"]
            for server in client.list(names.API_VERSION, names.KIND, None)
            if not missing or server["metadata"]["name"] in missing
        }
    except KubeError:
        places = set()
    if not places:
        return "Check mcp_namespace and the context."
    what = "They are" if len(missing) > 1 else "It is" if missing else "There are MCPServers"
    return f"{what} in the namespace {' and '.join(map(clean, sorted(places)[:5]))}: set mcp_namespace."
