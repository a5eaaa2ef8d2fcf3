# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""A fingerprint of the ConfigMaps and Secrets that a Pod refers to. Their content is not kept."""

from __future__ import annotations

import typing as t

from .._kube.errors import ApiForbidden
from .._workload import config
from .._workload.objects import fingerprint

if t.TYPE_CHECKING:
    from .._kube.client import Client

# The fields that Pods see.
_CONTENT = ("data", "binaryData")


def config_hash(client: Client, namespace: str, pod: t.Mapping[str, t.Any]) -> str:
    """Return the fingerprint. A missing object is part of it; a Pod that needs the object reports that itself.

    :param pod: a Pod's spec.
    :raises ApiForbidden: an object may not be read.
    """
    seen = []
    for kind, name in config.references(pod):
        try:
            found = client.find("v1", kind, namespace, name)
        except ApiForbidden:
            field = "configMaps" if kind == config.CONFIG_MAP else "secrets"
            raise ApiForbidden(
                f"spec.podTemplate.configHash needs to read {kind} {namespace}/{name}, which is not allowed.",
                f"Name it in the chart's value configHash: [{{namespace: {namespace}, {field}: [{name}]}}], or give "
                "the operator's ServiceAccount a Role with this resourceName; or switch configHash off.",
                code="CONFIG_FORBIDDEN",
                status=403,
            ) from None
        seen.append([kind, name, None if found is None else [found.get(field) for field in _CONTENT]])
    return fingerprint(seen)
