# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""List the MCPServers of several clusters in parallel: a cluster that is down does not delay the others."""

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
from ..module_utils._kube.kubeconfig import select
from ..module_utils._util import as_mapping, clean
from ..module_utils._workload import names
from ._prerequisite_errors import crd_missing

if t.TYPE_CHECKING:
    from ._connections import Connection

# Timeout of one request, seconds. A page of MCPServers takes less than one.
_CALL_TIMEOUT = 20.0
# Characters that are replaced in the name of a cluster. It is part of host names, where :,[]& and ! would be patterns.
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.@-]+")
# RFC 1123 subdomains. Names of objects are part of host names.
_NAME = re.compile(r"[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?")
_VERSION_LABEL = "app.kubernetes.io/version"
# It contains the manifest once more.
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


@dataclasses.dataclass
class Cluster:
    """The MCPServers of one connection.

    :param api_server: the URL of the API server, empty if the kubeconfig cannot be read.
    :param kubeconfig: path of the kubeconfig, if it and ``context`` suffice for a connection.
    :param operator_version: of the operator's Deployment, empty if unknown.
    :param servers: ``manifest``, ``status``, ``generation``, ``terminating`` and ``created`` (its creation time) of
        each MCPServer.
    :param error: why they could not be listed.
    """

    name: str
    api_server: str = ""
    kubeconfig: str = ""
    context: str = ""
    operator_version: str = ""
    servers: list[dict[str, t.Any]] = dataclasses.field(default_factory=list)
    error: McpKubernetesError | None = None


def list_clusters(connections: t.Sequence[Connection], timeout: float, *, find_operator: bool = False) -> list[Cluster]:
    """List the MCPServers of all connections.

    :param timeout: seconds for all of them.
    :param find_operator: read the version of the operator, too.
    :raises ConfigError: two clusters have one name.
    """
    pending = [_start(connection, timeout, find_operator=find_operator) for connection in connections]
    futures.wait(pending, timeout=timeout)
    found = [
        future.result() if future.done() else _timed_out(connection, timeout)
        for connection, future in zip(connections, pending)
    ]
    _check_names(found)
    return found


def _start(connection: Connection, timeout: float, *, find_operator: bool) -> futures.Future[Cluster]:
    future: futures.Future[Cluster] = futures.Future()

    def run() -> None:
        try:
            future.set_result(_list_cluster(connection, timeout, find_operator=find_operator))
        except Exception as exc:  # noqa: BLE001 - raised again in the main thread
            future.set_exception(exc)

    # Not an executor: at exit, Python would wait for a thread that hangs.
    threading.Thread(target=run, name=f"inventory {connection.label}", daemon=True).start()
    return future


def _list_cluster(connection: Connection, timeout: float, *, find_operator: bool) -> Cluster:
    found = Cluster(connection.label)
    try:
        client = Client(connection.auth, timeout=min(timeout, _CALL_TIMEOUT))
        context = context_name(connection.auth)
        # Without credentials of the URL.
        found.api_server = client.api_server
        found.name = _safe(connection.name or context or urlsplit(found.api_server).netloc or connection.label)
        if connection.portable:
            found.context = context
            if connection.kubeconfig:
                # Modules of kubernetes.core merge several files, and could use the credentials of another cluster.
                found.kubeconfig, _context = select(connection.kubeconfig, context)
        for namespace in connection.namespaces or (None,):
            found.servers.extend(_list(client, namespace, connection.label_selector))
        if find_operator:
            found.operator_version = _operator_version(client)
    except McpKubernetesError as exc:
        # A part of the MCPServers would look like all of them.
        found.servers, found.error = [], exc
    return found


def _list(client: Client, namespace: str | None, label_selector: str) -> t.Iterator[dict[str, t.Any]]:
    selectors = {"labelSelector": label_selector} if label_selector else {}
    try:
        for item in client.list(names.API_VERSION, names.KIND, namespace, **selectors):
            yield _kept(item)
    except ApiNotFound:
        raise crd_missing("or remove the cluster's connection") from None
    except ApiForbidden as exc:
        where = f"the namespace {namespace}" if namespace else "all namespaces"
        hint = "" if namespace else ", or list the namespaces that you may read in the option namespaces"
        raise ApiForbidden(
            exc.seen, f"Ask for the right to list {names.PLURAL} ({names.GROUP}) in {where}{hint}."
        ) from None


def _operator_version(client: Client) -> str:
    try:
        deployment = client.find("apps/v1", "Deployment", names.OPERATOR_NAMESPACE, names.OPERATOR_DEPLOYMENT)
    except ApiForbidden:
        return ""
    labels = as_mapping(as_mapping(as_mapping(deployment).get("metadata")).get("labels"))
    return clean(labels.get(_VERSION_LABEL))


def _kept(item: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the manifest and the status of an MCPServer, without fields that the API server sets."""
    meta = as_mapping(item.get("metadata"))
    name, namespace = meta.get("name"), meta.get("namespace")
    for text in (name, namespace):
        if not isinstance(text, str) or not _NAME.fullmatch(text):
            raise KubeError(f"The API server returned an MCPServer with the invalid name {ascii(text)[:80]}.")
    kept: dict[str, t.Any] = {"name": name, "namespace": namespace}
    annotations = {key: text for key, text in as_mapping(meta.get("annotations")).items() if key != _LAST_APPLIED}
    kept.update({key: value for key, value in (("labels", meta.get("labels")), ("annotations", annotations)) if value})
    return {
        "manifest": {
            "apiVersion": names.API_VERSION,
            "kind": names.KIND,
            "metadata": kept,
            "spec": as_mapping(item.get("spec")),
        },
        "status": as_mapping(item.get("status")),
        "generation": meta.get("generation"),
        "terminating": bool(meta.get("deletionTimestamp")),
        "created": meta.get("creationTimestamp"),
    }


def _safe(name: str) -> str:
    return _NOT_IN_NAMES.sub("-", name).strip("-") or "cluster"


def _timed_out(connection: Connection, timeout: float) -> Cluster:
    error = ApiUnreachable(
        f"Listing the MCPServers took longer than {timeout:g} s.",
        "Increase the option timeout, or set namespaces or label_selectors.",
    )
    return Cluster(connection.label, error=error)


def _check_names(clusters: t.Iterable[Cluster]) -> None:
    known: dict[str, str] = {}
    for cluster in clusters:
        if cluster.api_server and known.setdefault(cluster.name, cluster.api_server) != cluster.api_server:
            raise ConfigError(
                f"Two clusters are named {cluster.name}: {known[cluster.name]} and {cluster.api_server}.",
                "Set a different name for each connection.",
                code="CONNECTIONS_INVALID",
            )
