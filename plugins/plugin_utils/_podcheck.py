# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Validates the Pods of one MCPServer through the API server's port-forward."""

from __future__ import annotations

import typing as t

from ..module_utils._kube.errors import ApiUnreachable, KubeError
from ..module_utils._kube.portforward import PodDialer
from ..module_utils._mcp.api import Options, Target, validate
from ..module_utils._mcp.errors import ConnectError
from ..module_utils._workload import pods as pod_rules
from ..module_utils._workload.probe_spec import probe_spec
from ..module_utils._workload.timeouts import timeouts

if t.TYPE_CHECKING:
    import socket

    from ..module_utils._kube.client import Client

# The kubelet's port-forward ends on the Pod's loopback interface: this is the name that a server there answers to.
_HOST = "localhost"
_PORT_ACTION = "Correct spec.transport.config.http.port, or the port that the server is told to listen on."


def check_pod(
    client: Client, server: t.Mapping[str, t.Any], pod: t.Mapping[str, t.Any], timeout: float
) -> dict[str, t.Any]:
    """Validate one Pod and return ``Report.to_dict()``, with ``pod`` added.

    :param timeout: seconds for everything but the start of a process that a session begins with.
    :raises ApiUnreachable: the API server did not open the way to the Pod, which says nothing about the server in it.
    """
    meta = pod["metadata"]
    asked = probe_spec(server)
    port = asked.port
    target = Target(host=_HOST, port=port, path=asked.path, transport=asked.transport)
    wait = timeouts(server, timeout)
    options = Options(
        timeout=wait.whole,
        start_timeout=wait.start,
        request_timeout=wait.request,
        required_capabilities=asked.capabilities,
    )
    dialer = PodDialer(client.configuration, meta["namespace"], meta["name"], port)
    lost: list[ApiUnreachable] = []

    def dial(_host: str, _port: int, seconds: float) -> socket.socket:
        try:
            return dialer.dial(seconds)
        except ApiUnreachable as exc:
            lost.append(exc)
            raise ConnectError(str(exc), retryable=True) from None
        except KubeError as exc:
            raise ConnectError(str(exc), retryable=False) from None

    try:
        report = validate(target, options, dial=dial).to_dict()
    finally:
        dialer.close()
    if lost and not report["reached"] and not dialer.refused:
        raise lost[-1]
    report["pod"] = meta["name"]
    if dialer.refused and not report["reached"]:
        _blame(report, "PORT_CLOSED", f"Nothing listens on port {port} in the Pod.", _PORT_ACTION)
    elif report["reached"] and not pod_rules.is_ready(pod):
        seen = f"The server answers on port {port} of the Pod's loopback interface only."
        _blame(report, "LOOPBACK_ONLY", seen, "Let it listen on 0.0.0.0 instead of 127.0.0.1 or localhost.")
    return report


def _blame(report: dict[str, t.Any], code: str, seen: str, action: str) -> None:
    """Put first what only the way through the kubelet can tell."""
    report["compliant"] = False
    report["issues"].insert(0, {"code": code, "level": "error", "message": seen, "spec": "", "action": action})
