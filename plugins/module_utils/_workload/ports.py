# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The ports of an MCPServer: of its container, of mcp-sidecar, and of its Service."""

from __future__ import annotations

import typing as t

from .fields import mapping
from .sidecar_options import proxied

DEFAULT_PORT = 8080
# The sidecar's port where the server has the default one.
_SECOND_PORT = 8081
_METRICS_PORT = 9090

Object = t.Mapping[str, t.Any]


def port_of(server: Object) -> int:
    """Return the port on which the server's container listens."""
    http = mapping(mapping(mapping(server["spec"], "transport"), "config"), "http")
    return int(http.get("port") or DEFAULT_PORT)


def metrics_port(spec: Object) -> int:
    """Return the port of the sidecar's metrics and health checks."""
    return int(mapping(spec, "metrics").get("port") or _METRICS_PORT)


def served_port(server: Object) -> int:
    """Return the port of the Pods that clients use: that of the sidecar if it is a proxy, else the server's."""
    own, spec = port_of(server), server["spec"]
    if not proxied(spec):
        return own
    return int(mapping(spec, "sidecar").get("port") or (_SECOND_PORT if own == DEFAULT_PORT else DEFAULT_PORT))


def service_port(server: Object) -> int:
    """Return the Service's port: that of the manifest, else the port of the Pods that clients use."""
    return int(mapping(server["spec"], "service").get("port") or served_port(server))
