# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Whether the Service of an MCPServer resolves its target port in the Pods.

A target port that is a name is looked up among the ports of the Pod's containers and restartable init containers. If
none has that name, the EndpointSlices have no port, and the Service forwards nothing although the Pods are ready
(https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports). The lookup depends on the manifest
alone, so it needs no watch of EndpointSlices. A number is always resolved.
"""

from __future__ import annotations

import typing as t

from . import names, podspec, sidecar
from .errors import ManifestError
from .fields import mapping


def unresolved_target_port(server: t.Mapping[str, t.Any]) -> str:
    """Return the Service's target port if it is a name that no port of the Pod has; else an empty string."""
    target = sidecar.target_port(server)
    if not isinstance(target, str):
        return ""
    pod: t.Mapping[str, t.Any] = {
        "initContainers": sidecar.containers(server, None),
        "containers": [{"name": names.CONTAINER, "ports": sidecar.container_ports(server)}],
    }
    try:
        pod = podspec.merge(pod, mapping(mapping(server["spec"], "podTemplate"), "spec"))
    except ManifestError:
        return ""  # nothing is applied, and the status says why
    # Those that run beside the server: for Flagger, the sidecar has no restartPolicy and is an ordinary container.
    own = {one["name"] for one in sidecar.containers(server, None)}
    beside = (one for one in pod.get("initContainers") or [] if one.get("restartPolicy") or one.get("name") in own)
    containers = [*pod["containers"], *beside]
    known = {port.get("name") for container in containers for port in container.get("ports") or []}
    return "" if target in known else target
