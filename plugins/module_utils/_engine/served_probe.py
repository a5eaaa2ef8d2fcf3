# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Validates a Pod that serves an MCPServer; waits for one that is ready."""

from __future__ import annotations

import time
import typing as t

from .._workload import names
from .._workload.errors import NoServingPod
from .port_forward_probe import probe_by_port_forward
from .serving_pod import serving_pod

if t.TYPE_CHECKING:
    from .._kube.client import Client
    from .._mcp.options import OnItem

_INTERVAL: t.Final = 1.0  # seconds from one look at the Pods to the next


def probe_served(
    client: Client, server: t.Mapping[str, t.Any], timeout: float, on_item: t.Optional[OnItem] = None
) -> dict[str, t.Any]:
    """Validate a Pod of an MCPServer through a port-forward and return ``Report.to_dict()``, with ``pod`` added.

    :param timeout: seconds until a Pod must be ready, and then seconds for the validation.
    :param on_item: called with each item that the server lists.
    :raises NoServingPod: there is no such Pod.
    :raises KubeError: the API server did not answer, or rejected a request.
    """
    deadline = time.monotonic() + timeout
    while True:
        pod = serving_pod(client, server)
        late = time.monotonic() >= deadline
        if pod is not None:
            report = probe_by_port_forward(client, server, pod, timeout, on_item)
            # Some servers end with their client, so the Pod may be ready no more.
            if report["reached"] or late:
                return report
        elif late:
            meta = server["metadata"]
            raise NoServingPod(
                f"In {timeout:.0f} s, MCPServer {names.server_key(server)} had no Pod whose containers are ready.",
                f"See kubectl describe mcpserver -n {meta['namespace']} {meta['name']}.",
            )
        time.sleep(_INTERVAL)
