# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What an object that was made of another one is, in a few words: which one it is, and what is wanted of it.

The operator's store and the action that applies say it by the same functions: so neither has to read an object in order
to know that it is still what was applied.
"""

from __future__ import annotations

import typing as t

from .fingerprint import fingerprint

# The kinds of which an MCPServer has one or none.
AUTOSCALER = "HorizontalPodAutoscaler"
OPTIONAL = (("autoscaling/v2", AUTOSCALER), ("policy/v1", "PodDisruptionBudget"))

_NOT_WANTED = frozenset({"apiVersion", "kind", "metadata", "status", "state"})


def key_of(item: t.Mapping[str, t.Any]) -> str:
    """Return the name of an object among those of one owner, for example ``Deployment.v1.apps/wikipedia``."""
    group, _slash, version = str(item["apiVersion"]).rpartition("/")
    kind = f"{item['kind']}.{version}.{group}" if group else f"{item['kind']}.{version}"
    return f"{kind}/{item['metadata']['name']}"


def state_of(item: t.Mapping[str, t.Any]) -> str:
    """Return what is wanted of an object, as one short text. Its status does not count, nor do its annotations.

    Controllers write both all the time. A kind without a generation is compared by what is in it, and where only its
    metadata is known by its resourceVersion.

    :param item: an object of the API server's, or what is kept of one with this text in ``state``.
    """
    if "state" in item:
        return str(item["state"])
    meta = item["metadata"]
    content = meta.get("generation") or {key: value for key, value in item.items() if key not in _NOT_WANTED}
    owners = meta.get("ownerReferences") or []
    return fingerprint([content or meta.get("resourceVersion"), meta.get("labels") or {}, owners])
