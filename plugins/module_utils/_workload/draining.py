# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""How a terminating Pod serves on: for some seconds, or until its sessions have ended."""

from __future__ import annotations

import typing as t

from . import ports, sidecar_options

# The default of Kubernetes, seconds.
_GRACE_SECONDS = 30

Object = t.Mapping[str, t.Any]


def grace_seconds(spec: Object, sse: Object | None) -> int:
    """Return the termination grace period in seconds, which includes draining."""
    own = _GRACE_SECONDS if sse is None else int(sse.get("terminationGracePeriodSeconds") or 60)
    return own + sidecar_options.drain_seconds(spec)


def lifecycle(spec: Object) -> dict[str, t.Any]:
    """Return the hooks of the server's container. The kubelet sleeps or waits, so the image needs no program for it.

    mcp-sidecar answers the request of the kubelet when no session is open.
    """
    seconds = sidecar_options.drain_seconds(spec)
    if not seconds:
        return {}
    if sidecar_options.waits(spec):
        return {"preStop": {"httpGet": {"path": "/drained", "port": ports.metrics_port(spec)}}}
    return {"preStop": {"sleep": {"seconds": seconds}}}
