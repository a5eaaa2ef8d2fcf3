# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What the cluster says about the MCPServers of some namespaces at one moment."""

from __future__ import annotations

import dataclasses
import typing as t

from ..module_utils._workload import names

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

Key = tuple[str, str]  # namespace, name


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """MCPServers, Deployments and Pods by the namespace and the name of their MCPServer."""

    servers: t.Mapping[Key, dict[str, t.Any]]
    deployments: t.Mapping[Key, dict[str, t.Any]]
    pods: t.Mapping[Key, list[dict[str, t.Any]]]


def snapshot(client: Client, keys: t.Iterable[Key], standalone: t.Mapping[Key, dict[str, t.Any]]) -> Snapshot:
    """List everything once for each namespace: three calls, however many MCPServers there are.

    :param standalone: the manifests of those that the cluster has no MCPServer for.
    """
    wanted = set(keys)
    servers = {key: manifest for key, manifest in standalone.items() if key in wanted}
    deployments: dict[Key, dict[str, t.Any]] = {}
    pods: dict[Key, list[dict[str, t.Any]]] = {}
    ours = f"{names.MANAGED_BY_LABEL}={names.MANAGED_BY}"
    for namespace in sorted({key[0] for key in wanted - set(standalone)}):
        for server in client.list(names.API_VERSION, names.KIND, namespace):
            servers[namespace, server["metadata"]["name"]] = server
    for namespace in sorted({key[0] for key in wanted}):
        for deployment in client.list("apps/v1", "Deployment", namespace, labelSelector=ours):
            deployments[namespace, deployment["metadata"]["name"]] = deployment
        for pod in client.list("v1", "Pod", namespace, labelSelector=ours):
            name = (pod["metadata"].get("labels") or {}).get("app", "")
            pods.setdefault((namespace, name), []).append(pod)
    return Snapshot(servers, deployments, pods)


def pod_events(client: Client, namespace: str, pod: str) -> list[dict[str, t.Any]]:
    """Return the Events about a Pod."""
    about = f"involvedObject.kind=Pod,involvedObject.name={pod}"
    return list(client.list("v1", "Event", namespace, fieldSelector=about))
