# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Sessions of exposed servers with several Pods: a session exists in one Pod, and Gateways choose one for each request.

A Gateway that supports it keeps a client with one Pod by a cookie
(https://gateway-api.sigs.k8s.io/geps/gep-1619/, experimental).
"""

from __future__ import annotations

import typing as t

from . import canary, scaling
from .fields import mapping

COOKIE, NONE = "Cookie", "None"
AUTO = "auto"
# The fields of spec.expose, of status.exposure, and of a rule of an HTTPRoute.
FIELD = "sessionPersistence"
# The names of features in the status of a GatewayClass begin with it.
_FEATURE = "HTTPRouteSessionPersistence"
# The result of a run has little room for warnings.
_WARNING = (
    "Clients lose sessions (404): several Pods. Use one replica, no sessions (2026-07-28)"
    " or sessionPersistence: Cookie."
)
Object = t.Mapping[str, t.Any]


def at_stake(server: Object) -> bool:
    """Tell whether clients lose sessions unless Gateways keep them with one Pod, and the manifest leaves that open.

    :param server: with the latest status, in which validation has recorded whether the server keeps sessions.
    """
    if _wanted(server) != AUTO or not (scaling.several(server["spec"]) or canary.wanted(server)):
        return False
    return keeps_sessions(server)


def keeps_sessions(server: Object) -> bool:
    """Tell whether each request of a client must reach the Pod that had its first one."""
    resolved = mapping(mapping(server, "status"), "resolvedTransport")
    return bool(resolved.get("keepsSessions")) or resolved.get("protocol") == "sse"


def supported(gateway_class: Object) -> bool:
    """Tell whether the status of a GatewayClass names session persistence among its features."""
    features = mapping(gateway_class, "status").get("supportedFeatures") or []
    # Before Gateway API 1.3, they were strings.
    names = [one.get("name") if isinstance(one, t.Mapping) else one for one in features]
    return any(str(name).startswith(_FEATURE) for name in names)


def in_schema(document: Object) -> bool:
    """Tell whether HTTPRoutes of the cluster have the field, which only the experimental channel defines.

    :param document: of OpenAPI v3, of the API group.
    """
    for schema in mapping(mapping(document, "components"), "schemas").values():
        kinds = {one.get("kind") for one in schema.get("x-kubernetes-group-version-kind") or []}
        if kinds == {"HTTPRoute"}:
            spec = mapping(mapping(schema, "properties"), "spec")
            rules = mapping(mapping(mapping(mapping(spec, "properties"), "rules"), "items"), "properties")
            return FIELD in rules
    return False


def persistence(server: Object) -> dict[str, t.Any] | None:
    """Return the field of the route's rules; None for rules without it."""
    if _wanted(server) == COOKIE or (at_stake(server) and _known(server) == COOKIE):
        return {"type": COOKIE}
    return None


def warning(server: Object) -> str:
    """Return :func:`loss` in a short form, for the result of a run; empty if nothing is lost."""
    return _WARNING if loss(server) else ""


def loss(server: Object, known: str = "") -> str:
    """Return what is lost because Gateways do not keep clients with one Pod, and what to do; empty if nothing is.

    :param known: :data:`COOKIE` or :data:`NONE`, what the Gateways support; that of the status if it is empty.
    """
    if not (at_stake(server) and scaling.several(server["spec"])) or (known or _known(server)) != NONE:
        return ""
    return (
        "The server keeps sessions and may have several Pods, but its route does not keep a client with one Pod: most"
        " requests of a session get 404. Use one replica, a server without sessions (MCP 2026-07-28), or a Gateway that"
        " supports spec.expose.sessionPersistence: Cookie."
    )


def _wanted(server: Object) -> str:
    return str(mapping(server["spec"], "expose").get(FIELD) or AUTO)


def _known(server: Object) -> str:
    return str(mapping(mapping(server, "status"), "exposure").get(FIELD) or "")
