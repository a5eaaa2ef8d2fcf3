# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The URLs of an MCPServer for clients, from its status."""

from __future__ import annotations

import re
import typing as t
from urllib.parse import urlsplit

from .._util import clean
from . import names, tls
from .client_config import SSE, STREAMABLE_HTTP, Endpoint
from .errors import ClientConfigError
from .fields import mapping
from .reachability import CONDITION

GATEWAY: t.Final = "gateway"
SERVICE: t.Final = "service"

# The characters of RFC 3986. Braces are none: clients replace ${NAME} by a variable of their environment.
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", re.ASCII)

Object = t.Mapping[str, t.Any]


def gateway_url(server: Object) -> str:
    """Return the URL of the server outside the cluster; empty if it is not exposed."""
    return clean(mapping(mapping(server, "status"), "address").get("url"), 2048)


def unreachable(server: Object) -> str:
    """Return why clients do not reach the server through its gateway; empty if they do, or if it is not known."""
    for condition in mapping(server, "status").get("conditions") or []:
        if condition.get("type") == CONDITION and condition.get("status") == "False":
            return f"{clean(condition.get('reason'), 100)}: {clean(condition.get('message'), 300)}"
    return ""


def reachable_url(server: Object) -> str:
    """Return the URL of the server outside the cluster; empty if it is not exposed, or clients do not reach it."""
    return "" if unreachable(server) else gateway_url(server)


def endpoint(server: Object, via: str, token_variable: str = "") -> Endpoint:
    """Return how clients connect to a server that was validated.

    :param via: ``gateway``, ``service``, or empty for the gateway of a server that clients reach through it, else its
        Service.
    :raises ClientConfigError: the server was not validated, or has no such URL.
    """
    found = mapping(mapping(server, "status"), "validation")
    service = clean(found.get("endpoint"), 2048)
    if not service:
        state = clean(found.get("state")) or "Pending"
        raise ClientConfigError(
            f"MCPServer {names.server_key(server)} has no URL, because it was not validated (state {state}).",
            "Wait until it is Validated.",
        )
    outside = gateway_url(server) if via == GATEWAY else reachable_url(server)
    if via == GATEWAY and not outside:
        raise ClientConfigError(f"MCPServer {names.server_key(server)} has no URL of a gateway.", "Set spec.expose.")
    url = service if via == SERVICE or not outside else outside
    if not _is_http(url):
        raise ClientConfigError(f"The status of MCPServer {names.server_key(server)} has the URL {url}, which is none.")
    return Endpoint(url, SSE if found.get("protocol") == SSE else STREAMABLE_HTTP, token_variable)


def _is_http(url: str) -> bool:
    """Tell whether a text is the URL of a server. Writers of the status choose it, and clients connect to it."""
    try:
        return bool(_URL.fullmatch(url)) and bool(urlsplit(url).hostname)
    except ValueError:
        return False


def forwarded(server: Object, port: int, token_variable: str = "") -> Endpoint:
    """Return how a client connects through a port of its own machine that is forwarded to a Pod.

    :raises ClientConfigError: the server was not validated, or has a certificate, which is for another host.
    """
    if tls.settings(server) is not None:
        raise ClientConfigError(
            f"MCPServer {names.server_key(server)} has a certificate for {clean(tls.server_name(server))}, which"
            " clients reject at a forwarded port.",
            "Connect through its gateway or its Service.",
        )
    inside = endpoint(server, SERVICE, token_variable)
    return inside._replace(url=f"http://127.0.0.1:{port}{urlsplit(inside.url).path}")


def unique_names(servers: t.Sequence[Object]) -> dict[str, Object]:
    """Return servers by a name that only one of them has: with the namespace where two have the same name.

    No name of Kubernetes has the separator, so that no other server can have the result as its name.
    """
    plain = [clean(server["metadata"]["name"]) for server in servers]
    return {
        name if plain.count(name) == 1 else names.server_key(server).replace("/", "_"): server
        for name, server in zip(plain, servers)
    }
