# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Reads what MCPServers offer, through the API server's port-forward."""

from __future__ import annotations

import re
import typing as t
from concurrent.futures import ThreadPoolExecutor

from .._errors import McpKubernetesError
from .._kube.errors import ApiNotFound, crd_missing
from .._mcp.errors import InvalidTarget
from .._mcp.offers.lock import OfferedItems, entry_problem
from .._util import clean
from .._workload import names
from .._workload.errors import NoServingPod, OffersUnknown
from .._workload.tool_call import without_tool_call
from .namespaces import require_namespace
from .served_probe import probe_served

if t.TYPE_CHECKING:
    from .._kube.client import Client

TIMEOUT: t.Final = 30.0  # seconds for one server
_THREADS: t.Final = 8
_CREDENTIALS: t.Final = "Set spec.validation.auth, or correct the credentials that it names."

# The name of an MCPServer in a lock file.
_SERVER_KEY: t.Final = re.compile(r"(?P<namespace>[a-z0-9][-a-z0-9]{0,62})/[a-z0-9][-a-z0-9]{0,62}")

Object = dict[str, t.Any]
# By the name in a lock file: an entry, or why it is not known.
Served = dict[str, t.Union[Object, McpKubernetesError]]


def fleet_offers(client: Client, wanted: t.Sequence[str], namespace: str | None, timeout: float = TIMEOUT) -> Served:
    """Return what MCPServers offer, several at a time.

    :param wanted: names, or ``namespace/name``; empty for all.
    :param namespace: of names without one; None for all namespaces, if nothing is wanted by name.
    :param timeout: seconds for one server.
    :raises KubeError: the API server does not answer, or there is no such MCPServer.
    """

    def read(server: Object) -> Object | McpKubernetesError:
        try:
            return served_offers(client, server, timeout)
        except McpKubernetesError as exc:
            return exc

    servers = find_servers(client, wanted, namespace)
    if not servers:
        # To take none for a result would let a check pass that has the wrong namespace.
        raise ApiNotFound(
            f"There is no MCPServer in {f'the namespace {clean(namespace)}' if namespace else 'any namespace'}.",
            "Check the namespace and the context.",
        )
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="offers") as pool:
        return dict(zip(map(names.server_key, servers), pool.map(read, servers)))


def fleet_covers(wanted: t.Sequence[str], namespace: str | None, name: str) -> bool:
    """Tell by its name in a lock file whether :func:`fleet_offers` would return an MCPServer, if it existed.

    With names it raises an error for one that does not exist. Other entries are those of servers by URL.

    :param wanted: as of :func:`fleet_offers`.
    :param namespace: likewise.
    """
    found = _SERVER_KEY.fullmatch(name)
    return not wanted and found is not None and namespace in (None, found["namespace"])


def find_servers(client: Client, wanted: t.Sequence[str], namespace: str | None) -> list[Object]:
    """Return MCPServers.

    :param wanted: names, or ``namespace/name``; empty for all.
    :param namespace: of names without one; None for all namespaces, if nothing is wanted by name.
    :raises ApiNotFound: one of them, the namespace or the CustomResourceDefinition does not exist.
    :raises InvalidTarget: what is wanted is not a name.
    """
    if not wanted:
        found = list(_of_namespace(client, namespace))
        if namespace and not found:
            # The API server lists a namespace that does not exist as an empty one.
            require_namespace(client, namespace)
        return found
    return [_find(client, one, namespace) for one in wanted]


def _of_namespace(client: Client, namespace: str | None) -> t.Iterator[Object]:
    try:
        yield from client.list(names.API_VERSION, names.KIND, namespace)
    except ApiNotFound:
        raise crd_missing() from None


def _find(client: Client, wanted: str, namespace: str | None) -> Object:
    place, slash, name = wanted.rpartition("/")
    if not name or "/" in place or (slash and not place):
        raise InvalidTarget(f"{clean(wanted)!r} is not the name of an MCPServer.", "Give NAME or NAMESPACE/NAME.")
    place = place or namespace or "default"
    found = client.find(names.API_VERSION, names.KIND, place, name)
    if found is None:
        if next(_of_namespace(client, place), None) is None:
            require_namespace(client, place)
        raise ApiNotFound(
            f"There is no MCPServer {clean(place)}/{clean(name)}.",
            "Give its namespace too: NAMESPACE/NAME.",
            status=404,
        )
    return found


def served_offers(client: Client, server: Object, timeout: float = TIMEOUT) -> Object:
    """Return what a Pod of an MCPServer offers, as an entry of a lock file.

    :param timeout: seconds until a Pod must be ready, and then seconds until it must have listed everything.
    :raises OffersUnknown: there is no such Pod, or what it offers is not known completely.
    :raises KubeError: the API server did not answer, or rejected a request.
    """
    items = OfferedItems()
    try:
        report = probe_served(client, without_tool_call(server), timeout, items.add)
    except NoServingPod as exc:
        raise OffersUnknown(f"{exc.seen.rstrip('.')}, so what it offers is not known.", exc.action) from None
    return known_entry(f"MCPServer {names.server_key(server)}", report, items, _CREDENTIALS)


def known_entry(name: str, report: t.Mapping[str, t.Any], items: OfferedItems, credentials: str) -> Object:
    """Return the entry of a lock file for a server that was validated.

    :param name: of the server, for messages.
    :param report: ``Report.to_dict()``.
    :param items: what the server listed.
    :param credentials: what to do if the server requires credentials.
    :raises OffersUnknown: it is not known completely.
    """
    offers = report.get("offers") or {}
    digest = offers.get("digest")
    if not digest:
        seen, action = _obstacle(report, offers.get("problem"), credentials)
        raise OffersUnknown(f"What {name} offers is not known: {clean(seen, 300).rstrip('.')}.", clean(action, 300))
    entry = items.entry(digest)
    problem = entry_problem(entry)
    if problem:
        raise OffersUnknown(
            f"What {name} offers cannot be shown as it is: {problem}.",
            "Fix the server. Unless it is nested too deeply, it probably repeats the credentials that it was sent.",
        )
    return entry


def _obstacle(report: t.Mapping[str, t.Any], problem: str | None, credentials: str) -> tuple[str, str]:
    """Return why a report has no digest, and what to do."""
    if problem:
        return problem, ""
    if report["requires_auth"]:
        return "it requires credentials", credentials
    issue = next(iter(report["issues"]), None)
    return (f"{issue['code']}: {issue['message']}", str(issue["action"])) if issue else ("it was not listed", "")
