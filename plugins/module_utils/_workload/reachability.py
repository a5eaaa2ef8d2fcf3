# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Whether clients reach an MCPServer through its Gateways, from the statuses of its HTTPRoute and of the Gateways.

The address comes from the status of the Gateway alone, and the host name is one that a listener of it serves. So a
manifest cannot direct the validation to a URL of its choice.
"""

from __future__ import annotations

import typing as t

from .._util import clean
from . import exposure
from .exposure import Parent
from .fields import mapping
from .objects import fingerprint

CONDITION = "Reachable"
NOT_VALIDATED, ROUTE_MISSING = "NotValidated", "RouteMissing"
GATEWAY_NOT_FOUND, NOT_PROGRAMMED = "GatewayNotFound", "NotProgrammed"
ROUTE_NOT_ACCEPTED, HOSTNAME_CONFLICT = "RouteNotAccepted", "HostnameConflict"
NO_HOSTNAME, UNKNOWN = "NoHostname", "NotProved"
VALIDATION_FAILED, UNREACHED, PROVED = "ValidationFailed", "GatewayUnreached", "ValidatedThroughGateway"
_SCHEMES = {"HTTP": ("http", 80), "HTTPS": ("https", 443)}
_WILDCARD = "*."

Object = t.Mapping[str, t.Any]


class Reachability(t.NamedTuple):
    """The condition :data:`CONDITION`.

    :param url: that clients use; empty while it is unknown.
    :param persistence: whether Gateways keep sessions, by :mod:`.route_sessions`; empty if that was not looked at.
    """

    status: str
    reason: str
    message: str
    url: str = ""
    persistence: str = ""


class Way(t.NamedTuple):
    """How to reach the server through one Gateway.

    :param address: an address or a host name, from the status of the Gateway.
    :param host: the host name that clients use; the address if the listener and the route name none.
    """

    parent: Parent
    address: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The ``Host`` that clients send."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == dict(_SCHEMES.values())[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL that clients use."""
        return f"{self.scheme}://{self.authority}{self.path}"


def digest(server: Object) -> str:
    """Return what identifies a proof: it is repeated after a change of what the route is made of."""
    return fingerprint([exposure.route(server), exposure.backend_tls(server), exposure.inputs(server)])


def not_validated() -> Reachability:
    """Return the condition of a server whose route is not made yet."""
    return Reachability("False", NOT_VALIDATED, "The route is created once the server has passed validation.")


def unknown() -> Reachability:
    """Return the condition before the first proof."""
    return Reachability("Unknown", UNKNOWN, "It has not been tried yet whether clients reach the server.")


def before(server: Object) -> Reachability | None:
    """Return what the status says about the current generation of the manifest; None if it says nothing."""
    status = mapping(server, "status")
    for condition in status.get("conditions") or []:
        if (
            condition.get("type") == CONDITION
            and condition.get("observedGeneration") == server["metadata"].get("generation")
            and condition.get("reason") not in (NOT_VALIDATED, UNKNOWN)
        ):
            url = str(mapping(status, "address").get("url") or "")
            return Reachability(str(condition["status"]), str(condition["reason"]), str(condition["message"]), url)
    return None


def way(
    server: Object, route: Object | None, parent: Parent, gateway: Object | None, others: t.Iterable[Object] = ()
) -> Way | Reachability:
    """Return how to reach the server through a Gateway, or why that is impossible.

    :param route: the HTTPRoute; None if it does not exist.
    :param gateway: None if it does not exist.
    :param others: all HTTPRoutes that may have the same host name and path.
    """
    if gateway is None:
        return _problem(GATEWAY_NOT_FOUND, f"{_named(parent)} does not exist.")
    if route is None:
        return _problem(ROUTE_MISSING, "The HTTPRoute does not exist. The condition Reconciled says why.")
    problem = _not_programmed(parent, gateway) or _not_accepted(parent, route)
    found = problem or _through(server, parent, gateway)
    if isinstance(found, Reachability) and found.reason != HOSTNAME_CONFLICT:
        return found
    rival = _rival(route, parent, others)
    if not rival:
        return found
    text = f"{rival} has the same host name and path, and takes precedence."
    if isinstance(found, Way):
        return _problem(HOSTNAME_CONFLICT, text, found.url)
    return found._replace(message=f"{text} {found.message}")


def _through(server: Object, parent: Parent, gateway: Object) -> Way | Reachability:
    """Return how to reach the server through a Gateway that accepts its route."""
    listener = _listener(parent, gateway, exposure.hostnames(server))
    if listener is None:
        text = f"{_named(parent)} has no listener for HTTP or HTTPS with this port, section name and host name."
        return _problem(ROUTE_NOT_ACCEPTED, text)
    address = _address(gateway)
    if not address:
        return _problem(NOT_PROGRAMMED, f"{_named(parent)} has no address in its status.")
    host = _host(exposure.hostnames(server), str(listener.get("hostname") or "").lower())
    if host is None:
        text = "The host names are wildcards, so there is no URL to try. Set a complete name in spec.expose.hostnames."
        return Reachability("Unknown", NO_HOSTNAME, text)
    scheme = _SCHEMES[str(listener["protocol"])][0]
    return Way(parent, address, scheme, host or address, int(listener["port"]), exposure.public_path(server))


def _not_programmed(parent: Parent, gateway: Object) -> Reachability | None:
    condition = _condition(mapping(gateway, "status").get("conditions"), "Programmed")
    if condition.get("status") == "True":
        return None
    said = _said(condition) or "No controller has programmed it."
    class_ = clean(mapping(gateway, "spec").get("gatewayClassName"), 253)
    return _problem(NOT_PROGRAMMED, f"{_named(parent)} of the class {class_} is not programmed. {said}")


def _not_accepted(parent: Parent, route: Object) -> Reachability | None:
    generation = route["metadata"].get("generation")
    entries = [
        entry
        for entry in mapping(route, "status").get("parents") or []
        if _parent(mapping(entry, "parentRef"), str(route["metadata"]["namespace"])) == parent
    ]
    conditions = [condition for entry in entries for condition in entry.get("conditions") or []]
    current = [one for one in conditions if one.get("observedGeneration") in (None, generation)]
    for type_ in ("Accepted", "ResolvedRefs"):
        condition = _condition(current, type_)
        if condition.get("status") != "True":
            said = _said(condition) or "No controller has looked at the route yet."
            # Some controllers refuse the younger of two equal routes.
            reason = HOSTNAME_CONFLICT if "Conflict" in str(condition.get("reason")) else ROUTE_NOT_ACCEPTED
            return _problem(reason, f"{_named(parent)} does not accept the route. {said}")
    return None


def _parent(reference: Object, namespace: str) -> Parent:
    """Return the parent to which a route of a namespace refers."""
    return Parent(
        str(reference.get("namespace") or namespace),
        str(reference.get("name")),
        str(reference.get("sectionName") or ""),
        int(reference.get("port") or 0),
    )


def _listener(parent: Parent, gateway: Object, hostnames: t.Sequence[str]) -> Object | None:
    """Return the listener that clients use; of several, the first one with HTTPS."""
    found = [
        one
        for one in mapping(gateway, "spec").get("listeners") or []
        if one.get("protocol") in _SCHEMES
        and parent.section in ("", one.get("name"))
        and parent.port in (0, one.get("port"))
        and _serves(str(one.get("hostname") or "").lower(), hostnames)
    ]
    return min(found, key=lambda one: one["protocol"] != "HTTPS", default=None)


def _serves(listened: str, hostnames: t.Sequence[str]) -> bool:
    return not listened or not hostnames or any(_intersects(listened, name) for name in hostnames)


def _intersects(one: str, other: str) -> bool:
    """Tell whether two host names, which may begin with a wildcard label, have a name in common."""
    for pattern, name in ((one, other), (other, one)):
        if pattern.startswith(_WILDCARD) and name.removeprefix("*").endswith(pattern[1:]) and name != pattern[2:]:
            return True
    return one == other


def _host(hostnames: t.Sequence[str], listened: str) -> str | None:
    """Return the host name that clients use; empty if any will do, None if all are wildcards."""
    complete = [name for name in hostnames if not name.startswith(_WILDCARD)]
    served = [name for name in complete if not listened or _intersects(listened, name)]
    if served:
        return served[0]
    if listened and not listened.startswith(_WILDCARD):
        return listened
    return None if hostnames or listened else ""


def _address(gateway: Object) -> str:
    addresses = mapping(gateway, "status").get("addresses") or []
    kinds = ("IPAddress", "Hostname")
    known = [one for one in addresses if one.get("type", "IPAddress") in kinds and one.get("value")]
    return str(known[0]["value"]) if known else ""


def _rival(route: Object, parent: Parent, others: t.Iterable[Object]) -> str:
    """Return the other HTTPRoute that takes precedence over this one on the same Gateway; empty for none.

    Source: https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule, "Proxy or Load Balancer routing precedence".
    """
    own = route["metadata"]
    for other in others:
        meta = other["metadata"]
        if meta.get("uid") == own.get("uid") or not _attached(other, parent) or not _overlaps(route, other):
            continue
        if _age(other) < _age(route):
            same = meta["namespace"] == own["namespace"]
            return f"The HTTPRoute {meta['name']}" if same else "An older HTTPRoute of another namespace"
    return ""


def _age(route: Object) -> tuple[str, str]:
    meta = route["metadata"]
    return str(meta.get("creationTimestamp")), f"{meta['namespace']}/{meta['name']}"


def _attached(route: Object, parent: Parent) -> bool:
    """Tell whether a route may have a listener of a parent in common: each may select some by name or by port."""
    namespace = str(route["metadata"]["namespace"])
    for entry in mapping(route, "status").get("parents") or []:
        other = _parent(mapping(entry, "parentRef"), namespace)
        accepted = _condition(entry.get("conditions"), "Accepted").get("status") == "True"
        if (
            accepted
            and (other.namespace, other.name) == (parent.namespace, parent.name)
            and (other.section == parent.section or "" in (other.section, parent.section))
            and (other.port == parent.port or 0 in (other.port, parent.port))
        ):
            return True
    return False


def _overlaps(one: Object, other: Object) -> bool:
    """Tell whether two routes have a host name and a match in common, word for word."""
    return bool(_matches(one) & _matches(other))


def _matches(route: Object) -> set[tuple[str, str, str]]:
    spec = mapping(route, "spec")
    paths = {
        (str(path.get("type", "PathPrefix")), str(path.get("value", "/")))
        for rule in spec.get("rules") or []
        for match in rule.get("matches") or [{}]
        if not (set(match) - {"path"})  # further conditions make a match more specific
        for path in [mapping(match, "path")]
    }
    return {(str(host).lower(), *path) for host in spec.get("hostnames") or [""] for path in paths}


def _condition(conditions: t.Any, type_: str) -> Object:
    return next((one for one in conditions or [] if one.get("type") == type_), {})


def _said(condition: Object) -> str:
    return " ".join(filter(None, (clean(condition.get(field), 300) for field in ("reason", "message"))))


def _named(parent: Parent) -> str:
    return f"The Gateway {clean(parent.namespace, 63)}/{clean(parent.name, 253)}"


def _problem(reason: str, message: str, url: str = "") -> Reachability:
    return Reachability("False", reason, message, url)
