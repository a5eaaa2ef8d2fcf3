# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The ConfigMaps and Secrets that a Pod refers to.

Kubernetes does not roll Pods when one of them changes. If the manifest enables it, a fingerprint of their content is
part of the Pod template, so that a change causes a rollout.
"""

from __future__ import annotations

import typing as t

from . import names
from .fields import mapping

CONFIG_MAP, SECRET = "ConfigMap", "Secret"
# mcp-sidecar reads renewed certificates without a restart.
_RELOADED = frozenset({names.TLS_VOLUME, names.CLIENT_CA_VOLUME, names.AUTH_CA_VOLUME})
# How often they are read again, seconds.
PERIOD = 60.0
Reference = tuple[str, str]


def hashed(server: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the fingerprint of ConfigMaps and Secrets is part of an MCPServer's Pod template."""
    return mapping(server["spec"], "podTemplate").get("configHash") is True


def references(pod: t.Mapping[str, t.Any]) -> list[Reference]:
    """Return kind and name of each object that a Pod spec refers to, sorted and without duplicates."""
    found: set[tuple[str, t.Any]] = set()
    for container in (*_items(pod, "initContainers"), *_items(pod, "containers")):
        for variable in _items(container, "env"):
            source = mapping(variable, "valueFrom")
            found.add((CONFIG_MAP, mapping(source, "configMapKeyRef").get("name")))
            found.add((SECRET, mapping(source, "secretKeyRef").get("name")))
        for source in _items(container, "envFrom"):
            found.add((CONFIG_MAP, mapping(source, "configMapRef").get("name")))
            found.add((SECRET, mapping(source, "secretRef").get("name")))
    for volume in _items(pod, "volumes"):
        if volume.get("name") in _RELOADED:
            continue
        found.add((CONFIG_MAP, mapping(volume, "configMap").get("name")))
        found.add((SECRET, mapping(volume, "secret").get("secretName")))
        for source in _items(mapping(volume, "projected"), "sources"):
            found.add((CONFIG_MAP, mapping(source, "configMap").get("name")))
            found.add((SECRET, mapping(source, "secret").get("name")))
    return sorted((kind, name) for kind, name in found if isinstance(name, str) and name)


def _items(of: t.Mapping[str, t.Any], name: str) -> list[t.Mapping[str, t.Any]]:
    found = of.get(name)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
