# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The kubelet's probes of a server's container."""

from __future__ import annotations

import typing as t

# Each second, so that a fast server is ready at once; a slow one has two minutes.
_STARTUP = {"periodSeconds": 1, "failureThreshold": 120, "timeoutSeconds": 1}
_READINESS = {"periodSeconds": 5, "failureThreshold": 3, "timeoutSeconds": 5}
_LIVENESS = {"periodSeconds": 10, "failureThreshold": 3, "timeoutSeconds": 5}


def probes(health_check: t.Mapping[str, t.Any] | None, port: int, scheme: str = "http") -> dict[str, dict[str, t.Any]]:
    """Return the probes by the name of their field in the container.

    Without ``healthCheck``, a server is started and ready when its port accepts connections; validation checks whether
    it speaks MCP. With it, its HTTP path is used, for liveness too.

    :param health_check: ``spec.healthCheck``; None if the manifest has none.
    :param port: the transport's port.
    :param scheme: ``https`` for a server with TLS. The kubelet does not verify the certificate.
    """
    if health_check is None:
        tcp = {"tcpSocket": {"port": port}}
        return {"startupProbe": {**tcp, **_STARTUP}, "readinessProbe": {**tcp, **_READINESS}}
    if health_check.get("enabled") is False:
        return {}
    own_port = health_check.get("port") or port
    get = {"httpGet": {"path": health_check.get("path") or "/health", "port": own_port}}
    if scheme == "https" and own_port == port:
        get["httpGet"]["scheme"] = "HTTPS"
    return {
        "startupProbe": {**get, **_STARTUP},
        "readinessProbe": {**get, **_READINESS},
        "livenessProbe": {**get, **_LIVENESS},
    }
