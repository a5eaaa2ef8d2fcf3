# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The fields of a manifest that need mcp-sidecar in the Pods, and the options that it gets for them.

An HTTP server gets it as a proxy before the server. A stdio server has it already, with the same options.
"""

from __future__ import annotations

import typing as t

from . import stdio
from .fields import mapping

Object = t.Mapping[str, t.Any]

# Names of metrics: those of vitorbari/mcp-operator, so that the same manifest keeps them.
_NAMES = "compatible"


def wanted(spec: Object) -> bool:
    """Tell whether the Pods need mcp-sidecar for something else than the stdio transport."""
    return bool(mapping(spec, "metrics").get("enabled"))


def proxied(spec: Object) -> bool:
    """Tell whether clients reach the server through the proxy."""
    return wanted(spec) and not stdio.bridged(spec)


def options(server: Object, metrics_port: int) -> list[str]:
    """Return the options of mcp-sidecar for the fields of the manifest; empty if it has none.

    :param metrics_port: the port of the metrics and of the health checks, which the kubelet uses.
    """
    spec, meta = server["spec"], server["metadata"]
    if not wanted(spec):
        return []
    metrics = mapping(spec, "metrics")
    words = [
        f"--metrics-listen=:{metrics_port}",
        f"--metrics-names={metrics.get('names') or _NAMES}",
        f"--server-name={meta['namespace']}/{meta['name']}",
    ]
    words += [f"--tool={tool}" for tool in metrics.get("tools") or []]
    if metrics.get("otlpEndpoint"):
        words.append(f"--otlp-endpoint={metrics['otlpEndpoint']}")
    return words
