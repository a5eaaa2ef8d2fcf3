# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Shows whether clients reach an MCPServer through its Gateways, by a light validation through each of them.

No credentials are sent. Nothing of an answer becomes part of the result but the code of an issue: the owner of a
Gateway may have chosen its address.
"""

from __future__ import annotations

import typing as t
from urllib.parse import quote

from .._errors import McpKubernetesError
from .._kube.errors import ApiForbidden, KubeError
from .._mcp.api import validate
from .._mcp.issues.catalogue import ISSUE_KINDS
from .._mcp.options import Options, Target
from .._mcp.transport.outside import dial_outside
from .._workload import exposure, reachability, route_sessions
from .._workload.fields import mapping
from .._workload.probe_spec import probe_spec
from .._workload.reachability import Reachability, Way
from .pod_probe import error_codes, is_unreached

if t.TYPE_CHECKING:
    from .._kube.client import Client
    from .._mcp.options import Dialer
    from .._workload.exposure import Parent

Object = t.Mapping[str, t.Any]

# Seconds for one validation through a Gateway.
_TIMEOUT = 10.0


class Proof(t.NamedTuple):
    """How the validation through a Gateway is made.

    :param dial: opens the connections; refuses addresses of this host, of its link and of metadata services.
    :param routes: returns all HTTPRoutes that may conflict, of all namespaces if they may be read.
    """

    dial: Dialer = dial_outside
    routes: t.Callable[[], t.Iterable[Object]] = tuple


def check(client: Client, server: Object, proof: Proof) -> Reachability:
    """Return whether clients reach the server through each of its Gateways: the first problem, else the first way.

    :param server: with the latest status, and with a route.
    """
    found: list[Way] = []
    gateways: list[Object | None] = []
    try:
        meta = server["metadata"]
        route = client.find(exposure.API_VERSION, exposure.ROUTE, meta["namespace"], meta["name"])
        for parent in exposure.parents(server):
            gateways.append(_gateway(client, parent))
            way = reachability.way(server, route, parent, gateways[-1], proof.routes())
            if isinstance(way, Reachability):
                return way
            found.append(way)
        results = [_prove(server, way, proof.dial) for way in found]
        persistence = _persistence(client, gateways) if route_sessions.at_stake(server) else ""
    except ApiForbidden as exc:
        text = f"{exc.seen} Set the chart's value gatewayAPI.enable to true."
        return Reachability("Unknown", reachability.UNKNOWN, text)
    except McpKubernetesError as exc:
        return Reachability("Unknown", reachability.UNKNOWN, str(exc))
    result = next((result for result in results if result.status != "True"), results[0])
    lost = route_sessions.loss(server, persistence)
    return result._replace(persistence=persistence, message=f"{result.message} {lost}".strip())


def _persistence(client: Client, gateways: t.Iterable[Object | None]) -> str:
    """Return whether HTTPRoutes have session persistence, and the classes of all Gateways support it.

    What cannot be read does not.
    """
    names = {str(mapping(gateway or {}, "spec").get("gatewayClassName")) for gateway in gateways}
    try:
        for name in sorted(names):
            path = f"/apis/{exposure.API_VERSION}/gatewayclasses/{quote(name, safe='')}"
            if not route_sessions.supported(client.request("GET", path, what="read a GatewayClass")):
                return route_sessions.NONE
        schemas = client.request(
            "GET", f"/openapi/v3/apis/{exposure.API_VERSION}", what="read the schema of HTTPRoutes"
        )
    except KubeError:
        return route_sessions.NONE
    return route_sessions.COOKIE if route_sessions.in_schema(schemas) else route_sessions.NONE


def _gateway(client: Client, parent: Parent) -> Object | None:
    return client.find(exposure.API_VERSION, exposure.GATEWAY, parent.namespace, parent.name)


def _prove(server: Object, way: Way, dial: Dialer) -> Reachability:
    target = Target(
        scheme=way.scheme,
        host=way.address,
        port=way.port,
        path=way.path,
        transport=str((exposure.inputs(server) or {}).get("protocol") or probe_spec(server).transport),
        host_header=way.authority,
        server_name=way.host if way.scheme == "https" else None,
    )
    options = Options(timeout=_TIMEOUT, request_timeout=_TIMEOUT, light=True)
    report = validate(target, options, dial=dial).to_dict()
    through = f"Gateway {way.parent.namespace}/{way.parent.name}"
    if report["requires_auth"]:
        return _proved(way, f"The server requires credentials through the {through}, as clients will see.")
    if report["compliant"] is not False:
        return _proved(way, f"A validation through the {through} passed.")
    if is_unreached(report):
        text = (
            f"No connection to the {through} at {way.address} port {way.port}. Clients elsewhere may reach it: the "
            "address may not be routed from here."
        )
        return Reachability("Unknown", reachability.UNREACHED, text, way.url)
    code = min(error_codes(report))
    action = ISSUE_KINDS[code].action if code in ISSUE_KINDS else ""
    text = f"The validation through the {through} failed: {code}. {action}".strip()
    return Reachability("False", reachability.VALIDATION_FAILED, text, way.url)


def _proved(way: Way, message: str) -> Reachability:
    return Reachability("True", reachability.PROVED, message, way.url)
