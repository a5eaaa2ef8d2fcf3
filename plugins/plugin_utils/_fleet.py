# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Lists the MCPServers of several clusters, each in a thread of its own: one that is down delays no other."""

from __future__ import annotations

import dataclasses
import re
import threading
import typing as t
from concurrent import futures
from urllib.parse import urlsplit

from ..module_utils._errors import McpKubernetesError
from ..module_utils._kube.auth import context_name
from ..module_utils._kube.client import Client
from ..module_utils._kube.errors import ApiForbidden, ApiNotFound, ApiUnreachable, ConfigError, KubeError
from ..module_utils._workload import names

if t.TYPE_CHECKING:
    from ._connections import Connection

# The longest that one call may take, seconds; a page of MCPServers takes a fraction of one.
_CALL_TIMEOUT = 20.0
# What stays of a cluster's name: it becomes part of a host's name, in which Ansible reads :,[]& and ! as patterns.
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.@-]+")
# Names as the API server makes sure of them (RFC 1123 subdomains); they become parts of a host's name too.
_NAME = re.compile(r"[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?")
# What kubectl keeps there is the manifest once more.
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


@dataclasses.dataclass
class Cluster:
    """What became of one connection.

    :param api_server: the URL of the API server, empty where not even the kubeconfig could be read.
    :param kubeconfig: the kubeconfig's path, where that and ``context`` are all that a playbook needs.
    :param servers: ``manifest``, ``status``, ``terminating`` and ``created`` (its creation time) of each MCPServer.
    :param error: why there are none.
    """

    name: str
    api_server: str = ""
    kubeconfig: str = ""
    context: str = ""
    servers: list[dict[str, t.Any]] = dataclasses.field(default_factory=list)
    error: McpKubernetesError | None = None


def fleet(connections: t.Sequence[Connection], timeout: float) -> list[Cluster]:
    """List the MCPServers of all connections.

    :param timeout: seconds after which nobody waits any longer.
    :raises ConfigError: two clusters have one name.
    """
    pending = [_start(connection, timeout) for connection in connections]
    futures.wait(pending, timeout=timeout)
    found = [
        future.result() if future.done() else _late(connection, timeout)
        for connection, future in zip(connections, pending)
    ]
    _check_names(found)
    return found


def _start(connection: Connection, timeout: float) -> futures.Future[Cluster]:
    future: futures.Future[Cluster] = futures.Future()

    def work() -> None:
        try:
            future.set_result(_look(connection, timeout))
        except Exception as exc:  # noqa: BLE001  # whatever it is, it belongs to the one who waits
            future.set_exception(exc)

    # Not an executor's: Python would wait at its end for a thread that hangs.
    threading.Thread(target=work, name=f"inventory {connection.label}", daemon=True).start()
    return future


def _look(connection: Connection, timeout: float) -> Cluster:
    found = Cluster(connection.label)
    try:
        client = Client(connection.auth, timeout=min(timeout, _CALL_TIMEOUT))
        context = context_name(connection.auth)
        # Credentials in a URL are no part of it that anybody should read.
        found.api_server = client.api_server
        found.name = _safe(connection.name or context or urlsplit(found.api_server).netloc or connection.label)
        if connection.portable:
            found.kubeconfig, found.context = connection.kubeconfig, context
        for namespace in connection.namespaces or (None,):
            found.servers.extend(_list(client, namespace, connection.label_selector))
    except McpKubernetesError as exc:
        # Part of a cluster is worse than nothing of it: it looks whole.
        found.servers, found.error = [], exc
    return found


def _list(client: Client, namespace: str | None, label_selector: str) -> t.Iterator[dict[str, t.Any]]:
    selectors = {"labelSelector": label_selector} if label_selector else {}
    try:
        for item in client.list(names.API_VERSION, names.KIND, namespace, **selectors):
            yield _kept(item)
    except ApiNotFound:
        raise ApiNotFound(
            "The cluster does not know MCPServers: their CustomResourceDefinition is not installed.",
            "Run deploy with -e mcp_install_crd=true (this needs cluster-admin), or remove the cluster's connection.",
            code="CRD_MISSING",
        ) from None
    except ApiForbidden as exc:
        where = f"the namespace {namespace}" if namespace else "all namespaces"
        hint = "" if namespace else ", or name the namespaces that you may read with the option namespaces"
        raise ApiForbidden(
            exc.seen, f"Ask for the right to list {names.PLURAL} ({names.GROUP}) in {where}{hint}."
        ) from None


def _kept(item: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return what a host needs of an MCPServer: as a person would write it, and what was seen of it."""
    meta = _mapping(item.get("metadata"))
    name, namespace = meta.get("name"), meta.get("namespace")
    for text in (name, namespace):
        if not isinstance(text, str) or not _NAME.fullmatch(text):
            raise KubeError(f"The API server names an MCPServer {ascii(text)[:80]}, which no object can be named.")
    kept: dict[str, t.Any] = {"name": name, "namespace": namespace}
    annotations = {key: text for key, text in _mapping(meta.get("annotations")).items() if key != _LAST_APPLIED}
    kept.update({key: value for key, value in (("labels", meta.get("labels")), ("annotations", annotations)) if value})
    return {
        "manifest": {
            "apiVersion": names.API_VERSION,
            "kind": names.KIND,
            "metadata": kept,
            "spec": _mapping(item.get("spec")),
        },
        "status": _mapping(item.get("status")),
        "terminating": bool(meta.get("deletionTimestamp")),
        "created": meta.get("creationTimestamp"),
    }


def _mapping(value: t.Any) -> dict[str, t.Any]:
    return value if isinstance(value, dict) else {}


def _safe(name: str) -> str:
    return _NOT_IN_NAMES.sub("-", name).strip("-") or "cluster"


def _late(connection: Connection, timeout: float) -> Cluster:
    error = ApiUnreachable(
        f"The MCPServers were not listed within {timeout:g} s.",
        "Raise the option timeout, or ask for less with namespaces and label_selectors.",
    )
    return Cluster(connection.label, error=error)


def _check_names(clusters: t.Iterable[Cluster]) -> None:
    known: dict[str, str] = {}
    for cluster in clusters:
        if cluster.api_server and known.setdefault(cluster.name, cluster.api_server) != cluster.api_server:
            raise ConfigError(
                f"Two clusters are named {cluster.name}: {known[cluster.name]} and {cluster.api_server}.",
                "Give each of the connections a name of its own with the option name.",
                code="CONNECTIONS_INVALID",
            )
