# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Reads the state of MCPServers and their workloads from the API server."""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t

from ..module_utils._kube.errors import ApiForbidden, ApiNotFound
from ..module_utils._workload import names, tls
from ..module_utils._workload.fields import mapping
from ..module_utils._workload.objects import CERTIFICATE
from ..module_utils._workload.ownership import is_owned_by
from ..module_utils._workload.pod_selector import SelectedPods, controlled_by, select_pods

if t.TYPE_CHECKING:
    from ..module_utils._kube.client import Client

Key = tuple[str, str]  # namespace, name


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """MCPServers, and the objects that belong to them, by the MCPServer's namespace and name.

    The MCPServers are without ``managedFields``.

    :param certificates: of cert-manager, for ``spec.tls.issuerRef``.
    """

    servers: t.Mapping[Key, dict[str, t.Any]]
    deployments: t.Mapping[Key, dict[str, t.Any]]
    pods: t.Mapping[Key, SelectedPods]
    certificates: t.Mapping[Key, dict[str, t.Any]] = dataclasses.field(default_factory=dict)


def snapshot(client: Client, keys: t.Iterable[Key], standalone: t.Mapping[Key, dict[str, t.Any]]) -> Snapshot:
    """List the MCPServers of each namespace and their workloads: five requests at most, however many there are.

    :param keys: the MCPServers that are observed.
    :param standalone: the manifests of MCPServers that the cluster has no object for.
    :raises KubeError: the API server did not answer, or rejected a request.
    """
    wanted = set(keys)
    servers = {key: manifest for key, manifest in standalone.items() if key in wanted}
    for namespace in sorted({key[0] for key in wanted - set(standalone)}):
        for server in client.list(names.API_VERSION, names.KIND, namespace):
            server["metadata"].pop("managedFields", None)
            servers[namespace, server["metadata"]["name"]] = server
    deployments: dict[Key, dict[str, t.Any]] = {}
    pods: dict[Key, SelectedPods] = {}
    selector = f"{names.MANAGED_BY_LABEL}={names.MANAGED_BY}"
    for namespace in sorted({key[0] for key in wanted}):
        found = list(client.list("apps/v1", "Deployment", namespace, labelSelector=selector))
        replica_sets_of = controlled_by(client.list("apps/v1", "ReplicaSet", namespace, labelSelector=selector))
        pods_of = controlled_by(client.list("v1", "Pod", namespace, labelSelector=selector))
        for deployment in found:
            key = (namespace, str(deployment["metadata"]["name"]))
            if key in servers and is_owned_by(deployment, servers[key]):
                deployments[key] = deployment
                pods[key] = select_pods(deployment, replica_sets_of, pods_of)
    return Snapshot(servers, deployments, pods, _certificates(client, servers, selector))


def _certificates(
    client: Client, servers: t.Mapping[Key, dict[str, t.Any]], selector: str
) -> dict[Key, dict[str, t.Any]]:
    found = {}
    issued = {key for key, server in servers.items() if mapping(tls.of_sidecar(server["spec"]) or {}, "issuerRef")}
    for namespace in sorted({key[0] for key in issued}):
        # Without cert-manager, or the right to list its objects, the status of the Pods remains.
        with contextlib.suppress(ApiNotFound, ApiForbidden):
            for certificate in client.list("cert-manager.io/v1", CERTIFICATE, namespace, labelSelector=selector):
                key = (namespace, str(certificate["metadata"]["name"]))
                if key in issued and is_owned_by(certificate, servers[key]):
                    found[key] = certificate
    return found
