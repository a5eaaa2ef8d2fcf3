# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Ports that mcp-sidecar cannot open: those of other containers of a finished Pod template, and privileged ones.

The CustomResourceDefinition refuses collisions between fields of the manifest. Containers of ``podTemplate.spec`` have
ports, too: a port of the same number cannot be opened twice in a Pod, and a named target port of a Service is that of
the first container which has one of the name, so clients would be led past the sidecar.
"""

from __future__ import annotations

import typing as t

from .._util import clean
from . import names, ports, sidecar_options, stdio
from .errors import ManifestError
from .fields import mapping

# Below this, a process needs a capability, or this sysctl of the Pod. Container runtimes may set it for all Pods.
_PRIVILEGED = 1024
_SYSCTL = "net.ipv4.ip_unprivileged_port_start"

Object = t.Mapping[str, t.Any]


def check(template: Object) -> None:
    """Check that no container has a port of the sidecar.

    :param template: a finished Pod template.
    :raises ManifestError: one has a port of the same number or name.
    """
    pod = template["spec"]
    beside = [
        *(pod.get("containers") or []),
        *(one for one in pod.get("initContainers") or [] if one.get("restartPolicy") == "Always"),
    ]
    # With Flagger, it is an ordinary container.
    sidecar = next((one for one in beside if one.get("name") == names.SIDECAR), None)
    if sidecar is None:
        return
    for container in beside:
        for port in container.get("ports") or []:
            for taken in () if container is sidecar else sidecar.get("ports") or []:
                _compare(container, port, taken)


def _compare(container: Object, port: Object, taken: Object) -> None:
    where = f"The container {clean(container.get('name'), 63)!r}"
    number = taken["containerPort"]
    if port.get("containerPort") == number and (port.get("protocol") or "TCP") == "TCP":
        raise ManifestError(
            f"{where} has the port {number}, on which the sidecar listens.",
            "Set another port, for example spec.sidecar.port or spec.metrics.port.",
        )
    if port.get("name") and port.get("name") == taken["name"]:
        raise ManifestError(
            f"{where} has a port with the name {taken['name']!r}, which is that of the sidecar's port {number}.",
            "Give the port another name: the Service would lead past the sidecar.",
        )


def warnings(server: Object) -> list[str]:
    """Return warnings about ports that the sidecar may not be able to open."""
    spec = server["spec"]
    security = mapping(mapping(mapping(spec, "podTemplate"), "spec"), "securityContext")
    if any(mapping({"sysctl": one}, "sysctl").get("name") == _SYSCTL for one in security.get("sysctls") or []):
        return []
    found: dict[str, int] = {}
    if stdio.bridged(spec):
        found["spec.transport.config.http.port"] = ports.port_of(server)
    elif sidecar_options.proxied(spec):
        found["spec.sidecar.port"] = ports.served_port(server)
    if sidecar_options.wanted(spec):
        found["spec.metrics.port"] = ports.metrics_port(spec)
    return [
        f"{field} {number} is below 1024: the sidecar can open it only if the runtime or a sysctl allows it."
        for field, number in found.items()
        if number < _PRIVILEGED
    ]
