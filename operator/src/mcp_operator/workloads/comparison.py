# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Compares two states of an object: whether a change can make a status differ."""

from __future__ import annotations

from ..cluster.store import Object


def is_same(before: Object, after: Object) -> bool:
    """Tell whether nothing has changed that a status depends on.

    So it is where only a ReplicaSet's status has changed, which is not kept.
    """
    return _compared(before) == _compared(after)


def _compared(item: Object) -> Object:
    return {**item, "metadata": {**item["metadata"], "resourceVersion": None}}
