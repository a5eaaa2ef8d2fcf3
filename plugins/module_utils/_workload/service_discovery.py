# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""``spec.expose.integrations``: how gateways and agents of other projects find the Service of an MCP server.

They select it by its labels or the ``appProtocol`` of its port, and read the path and the transport from annotations.
All of it is from the last validation that passed. Sources: agentgateway 1.4 (``agentgatewaybackend/mcp.go``), kagent
(``RemoteMCPServerProtocol`` and the annotations of Services), both Apache-2.0.
"""

from __future__ import annotations

import typing as t

from . import tls
from .fields import mapping
from .ports import service_port

AGENTGATEWAY, KAGENT = "agentgateway", "kagent"
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


def warnings(server: Object) -> list[str]:
    """Return a warning about integrations that cannot be used."""
    if tls.settings(server) is None or not _integrations(server):
        return []
    return ["spec.expose.integrations has no effect: the gateways and agents find servers without TLS only."]


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
