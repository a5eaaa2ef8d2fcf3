# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Compares two states of an object: whether a change can make a status differ."""

from __future__ import annotations

import typing as t

from .._vendor._workload.names import RECONCILED_ANNOTATION
from ..cluster.store import Object


def is_same(before: Object, after: Object) -> bool:
    """Tell whether nothing has changed that a status depends on.

    So it is where only a ReplicaSet's status has changed, which is not kept, and where the controller has recorded that
    it has reconciled an MCPServer, which it does once for each of them while a fleet comes to rest.
    """
    if {**before, "metadata": None} != {**after, "metadata": None}:
        return False
    return _compared(before["metadata"]) == _compared(after["metadata"])


def _compared(metadata: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    annotations = metadata.get("annotations") or {}
    return {
        **metadata,
        "resourceVersion": None,
        "annotations": {name: value for name, value in annotations.items() if name != RECONCILED_ANNOTATION},
    }
