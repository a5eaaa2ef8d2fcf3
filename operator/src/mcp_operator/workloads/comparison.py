# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Compares two states of an object: whether a change can make a status differ."""

from __future__ import annotations

from .._vendor._workload.names import RECORD_FIELD
from ..cluster.store import Object

# Changes with each write.
_TIME = "lastReconcileTime"


def is_same(before: Object, after: Object) -> bool:
    """Tell whether nothing has changed that a status depends on.

    So it is where only a ReplicaSet's status has changed, which is not kept, and where the record of a reconciliation
    was written to the status of an MCPServer, which happens once for each of them while a fleet comes to rest.
    """
    return _compared(before) == _compared(after)


def _compared(item: Object) -> Object:
    compared = {**item, "metadata": {**item["metadata"], "resourceVersion": None}}
    status = item.get("status") or {}
    if _TIME in status:  # of an MCPServer
        compared["status"] = {name: value for name, value in status.items() if name not in (RECORD_FIELD, _TIME)}
    return compared
