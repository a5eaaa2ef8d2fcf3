# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""How gateways and agents of other projects find an MCP server: fields of ``spec.expose``.

They select the Service by its labels or the ``appProtocol`` of its port, and read the path and the transport from
annotations; Kuadrant's MCP Gateway and Envoy AI Gateway have kinds of their own. All of it is from the last validation
that passed. Sources: agentgateway 1.4 (``agentgatewaybackend/mcp.go``), kagent (``RemoteMCPServerProtocol`` and the
annotations of Services), Kuadrant's MCP Gateway 0.9 (``MCPServerRegistration``), Envoy AI Gateway 1.0 (``MCPRoute``),
all Apache-2.0.
"""

from __future__ import annotations

import typing as t

from . import exposure, tls
from .fields import mapping, omit_empty
from .ports import service_port

AGENTGATEWAY, KAGENT = "agentgateway", "kagent"
_ENVOY_AI_GATEWAY = "envoyAIGateway"
_SSE = "sse"
_HTTPS = "https"

Object = t.Mapping[str, t.Any]


def app_protocol(server: Object) -> str | None:
    """Return ``appProtocol`` of the Service's port; None for a port without it."""
    if tls.settings(server) is not None:
        return _HTTPS
    if AGENTGATEWAY in _wanted(server):
        return "agentgateway.dev/mcp-sse" if _protocol(server) == _SSE else "agentgateway.dev/mcp"
    return None


def service_labels(server: Object) -> dict[str, str]:
    """Return the labels of the Service by which it is found."""
    return {"kagent.dev/mcp-service": "true"} if KAGENT in _wanted(server) and tls.settings(server) is None else {}


def service_annotations(server: Object) -> dict[str, str]:
    """Return the annotations of the Service with its path, port and transport."""
    wanted = _wanted(server) if tls.settings(server) is None else []
    found: dict[str, str] = {}
    if AGENTGATEWAY in wanted:
        found["agentgateway.dev/mcp-path"] = _path(server)
    if KAGENT in wanted:
        found["kagent.dev/mcp-service-path"] = _path(server)
        found["kagent.dev/mcp-service-port"] = str(service_port(server))
        found["kagent.dev/mcp-service-protocol"] = "SSE" if _protocol(server) == _SSE else "STREAMABLE_HTTP"
    return found


def registration(server: Object) -> dict[str, t.Any] | None:
    """Return ``spec`` of the MCPServerRegistration; None for a server that is not registered.

    The MCP Gateway sends requests to the path of the server, by the host name of the route.
    """
    if not _registers(server) or not exposure.routed(server):
        return None
    target = {"group": exposure.GROUP, "kind": exposure.ROUTE, "name": server["metadata"]["name"]}
    prefix = mapping(mapping(server["spec"], "expose"), "kuadrant").get("prefix")
    return {"targetRef": target, "path": exposure.server_path(server), **omit_empty({"prefix": prefix})}


def mcp_route(server: Object) -> dict[str, t.Any] | None:
    """Return ``spec`` of the MCPRoute; None for a server without one.

    Envoy AI Gateway speaks Streamable HTTP only, and an MCPRoute belongs to Gateways of its own namespace.
    """
    if not _has_mcp_route(server) or not exposure.routed(server) or _protocol(server) == _SSE:
        return None
    gateways = exposure.gateways_of_its_namespace(server)
    if not gateways:
        return None
    backend = {"group": "", "kind": "Service", "name": server["metadata"]["name"], "port": service_port(server)}
    return {
        "parentRefs": gateways,
        "path": _mcp_route_path(server),
        "backendRefs": [{**backend, "path": exposure.server_path(server)}],
    }


def warnings(server: Object) -> list[str]:
    """Return warnings about integrations that cannot be used."""
    found = []
    if tls.settings(server) is not None and _integrations(server):
        found.append("spec.expose.integrations has no effect: the gateways and agents find servers without TLS only.")
    if _registers(server) and exposure.public_path(server) != exposure.server_path(server):
        found.append("spec.expose.kuadrant needs the path of the server in the route: remove spec.expose.path.")
    if _has_mcp_route(server):
        if _protocol(server) == _SSE:
            found.append("spec.expose.envoyAIGateway has no effect: the server speaks HTTP+SSE.")
        elif not exposure.gateways_of_its_namespace(server):
            found.append("spec.expose.envoyAIGateway has no effect: no parentRef is in the server's namespace.")
        elif not exposure.hostnames(server) and _mcp_route_path(server) == exposure.public_path(server):
            found.append("spec.expose.envoyAIGateway.path is that of the HTTPRoute: set another one, or hostnames.")
    return found


def _has_mcp_route(server: Object) -> bool:
    return mapping(server["spec"], "expose").get(_ENVOY_AI_GATEWAY) is not None


def _mcp_route_path(server: Object) -> str:
    """Return the path of clients; the default is used by no other MCPServer of these Gateways."""
    path = mapping(mapping(server["spec"], "expose"), _ENVOY_AI_GATEWAY).get("path")
    return str(path or f"/mcp/{server['metadata']['name']}")


def _registers(server: Object) -> bool:
    return mapping(server["spec"], "expose").get("kuadrant") is not None


def _wanted(server: Object) -> list[str]:
    """Return the integrations of a server that has passed validation: before, its transport is not known."""
    return _integrations(server) if _found(server).get("serverPath") else []


def _integrations(server: Object) -> list[str]:
    return [str(name) for name in mapping(server["spec"], "expose").get("integrations") or []]


def _path(server: Object) -> str:
    return str(_found(server)["serverPath"])


def _protocol(server: Object) -> str:
    return str(_found(server).get("protocol") or "")


def _found(server: Object) -> Object:
    return mapping(mapping(server, "status"), "exposure")
