# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Validates a Pod through the API server's port-forward."""

from __future__ import annotations

import typing as t

from .._kube.errors import ApiUnreachable, KubeError
from .._kube.portforward import PodDialer
from .._mcp.errors import ConnectError
from .._workload.pods import is_ready
from .._workload.probe_spec import probe_spec
from .._workload.timeouts import timeouts
from .pod_probe import probe_pod
from .probe_access import read_access

if t.TYPE_CHECKING:
    import socket

    from .._kube.client import Client
    from .._mcp.options import OnItem

_HOST = "localhost"
_PORT_ACTION = "Correct spec.transport.config.http.port, or the port that the server is told to listen on."


def probe_by_port_forward(
    client: Client,
    server: t.Mapping[str, t.Any],
    pod: t.Mapping[str, t.Any],
    timeout: float,
    on_item: t.Optional[OnItem] = None,
) -> dict[str, t.Any]:
    """Validate a Pod and return ``Report.to_dict()``, with ``pod`` added.

    :param timeout: seconds for everything but the start of a process that a session begins with.
    :param on_item: called with each item that the server lists.
    :raises KubeError: the API server did not open the port-forward, which proves nothing about the server.
    """
    meta, spec = pod["metadata"], probe_spec(server)
    dialer = PodDialer(client.configuration, meta["namespace"], meta["name"], spec.port)
    lost: list[KubeError] = []

    def dial(_host: str, _port: int, seconds: float) -> socket.socket:
        try:
            return dialer.dial(seconds)
        except KubeError as exc:
            lost.append(exc)
            raise ConnectError(str(exc), retryable=isinstance(exc, ApiUnreachable)) from None

    try:
        # Servers with DNS rebinding protection accept no other name on their loopback interface.
        report = probe_pod(
            _HOST,
            spec._replace(authority=f"{_HOST}:{spec.port}"),
            timeouts(server, timeout),
            access=read_access(client, server),
            dial=dial,
            on_item=on_item,
        )
    finally:
        dialer.close()
    if lost and not report["reached"] and not dialer.refused:
        raise lost[-1]
    report["pod"] = meta["name"]
    if dialer.refused and not report["reached"]:
        _add_error(report, "PORT_CLOSED", f"Nothing listens on port {spec.port} in the Pod.", _PORT_ACTION)
    elif report["reached"] and not is_ready(pod):
        message = f"The server answers on port {spec.port} of the Pod's loopback interface only."
        _add_error(report, "LOOPBACK_ONLY", message, "Let it listen on 0.0.0.0 instead of 127.0.0.1 or localhost.")
    return report


def _add_error(report: dict[str, t.Any], code: str, message: str, action: str) -> None:
    """Insert an issue that only a connection from inside the Pod can show."""
    report["compliant"] = False
    report["issues"].insert(0, {"code": code, "level": "error", "message": message, "spec": "", "action": action})
