# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Reads what MCPServers offer, through the API server's port-forward."""

from __future__ import annotations

import typing as t

from .._kube.errors import ApiNotFound
from .._mcp.offers.lock import OfferedItems, entry_problem
from .._util import clean
from .._workload import names
from .._workload.errors import OffersUnknown
from .._workload.ownership import is_owned_by
from .._workload.pod_selector import controlled_by, select_pods
from .._workload.pods import is_ready
from .._workload.tool_call import without_tool_call
from .port_forward_probe import probe_by_port_forward

if t.TYPE_CHECKING:
    from .._kube.client import Client

TIMEOUT: t.Final = 30.0  # seconds for one server

Object = dict[str, t.Any]


def find_servers(client: Client, wanted: t.Sequence[str], namespace: str | None) -> list[Object]:
    """Return MCPServers.

    :param wanted: names, or ``namespace/name``; empty for all.
    :param namespace: of names without one; None for all namespaces, if nothing is wanted by name.
    :raises ApiNotFound: one of them does not exist, or the CustomResourceDefinition does not.
    """
    if not wanted:
        return list(client.list(names.API_VERSION, names.KIND, namespace))
    found = []
    for one in wanted:
        place, _slash, name = one.rpartition("/")
        found.append(client.get(names.API_VERSION, names.KIND, place or namespace or "default", name))
    return found


def key_of(server: Object) -> str:
    """Return the name of an MCPServer in a lock file."""
    return f"{server['metadata']['namespace']}/{server['metadata']['name']}"


def served_offers(client: Client, server: Object, timeout: float = TIMEOUT) -> Object:
    """Return what a Pod of an MCPServer offers, as an entry of a lock file.

    :param timeout: in seconds.
    :raises OffersUnknown: there is no ready Pod, or what it offers is not known completely.
    :raises KubeError: the API server did not answer, or rejected a request.
    """
    pod = _pod_of(client, server)
    items = OfferedItems()
    report = probe_by_port_forward(client, without_tool_call(server), pod, timeout, items.add)
    offers = report.get("offers") or {}
    digest = offers.get("digest")
    if not digest:
        first = next((f"{issue['code']}: {issue['message']}" for issue in report["issues"]), "")
        problem = offers.get("problem") or first or "it was not listed"
        raise OffersUnknown(f"What MCPServer {key_of(server)} offers is not known: {clean(problem, 300)}")
    entry = items.entry(digest)
    problem = entry_problem(entry)
    if problem:
        raise OffersUnknown(
            f"What MCPServer {key_of(server)} offers cannot be shown as it is: {problem}.",
            "The server probably repeats the credentials that it was sent; fix the server.",
        )
    return entry


def _pod_of(client: Client, server: Object) -> t.Mapping[str, t.Any]:
    """Return the first ready Pod of the newest template, or else of an earlier one."""
    meta = server["metadata"]
    namespace, name = meta["namespace"], meta["name"]
    selector = ",".join(f"{key}={value}" for key, value in names.selector(name).items())
    deployment = client.find("apps/v1", "Deployment", namespace, name)
    if deployment is None or not is_owned_by(deployment, server):
        raise ApiNotFound(f"MCPServer {key_of(server)} has no Deployment.", code="NO_DEPLOYMENT", status=404)
    selected = select_pods(
        deployment,
        controlled_by(client.list("apps/v1", "ReplicaSet", namespace, labelSelector=selector)),
        controlled_by(client.list("v1", "Pod", namespace, labelSelector=selector)),
    )
    ready = next((pod for pod in (*(selected.newest or ()), *selected.older) if is_ready(pod)), None)
    running = ready or next(
        (pod for pod in selected.newest or () if (pod.get("status") or {}).get("phase") == "Running"), None
    )
    if running is None:
        raise OffersUnknown(
            f"MCPServer {key_of(server)} has no running Pod, so what it offers is not known.",
            "Wait until a Pod runs; see kubectl describe mcpserver.",
        )
    return running
