# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A status that a tool has restored with an MCPServer is about the Pods of another cluster. Nothing of it counts."""

from __future__ import annotations

import typing as t

from .._vendor._workload import names
from .._vendor._workload.conditions import CONDITIONS

Status = t.Mapping[str, t.Any]


def without_restored_status(found: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return an MCPServer without a status that is older than the MCPServer, or that another client wrote alone.

    Both times are of the API server. Tools restore the managers of fields, too, with their times.
    """
    if "status" not in found or _is_own(found["metadata"]):
        return found
    return {field: value for field, value in found.items() if field != "status"}


def has_more(found: Status, wanted: Status) -> bool:
    """Tell whether a status has fields or conditions that the wanted one lacks; those of other controllers excepted."""
    return any(
        name not in wanted
        or (bool(_surplus(value, wanted[name])) if name == "conditions" else _is_more(value, wanted[name]))
        for name, value in found.items()
    )


def merged(found: Status, wanted: Status) -> dict[str, t.Any]:
    """Return the wanted status with the conditions of other controllers."""
    others = [one for one in found.get("conditions") or [] if one.get("type") not in CONDITIONS]
    ours = [one for one in wanted.get("conditions") or [] if one.get("type") in CONDITIONS]
    return {**wanted, "conditions": [*ours, *others]}


def _is_more(found: t.Any, wanted: t.Any) -> bool:
    if not isinstance(found, dict) or not isinstance(wanted, dict):
        return False
    return any(name not in wanted or _is_more(value, wanted[name]) for name, value in found.items())


def _surplus(found: t.Sequence[Status], wanted: t.Sequence[Status]) -> set[t.Any]:
    return ({one.get("type") for one in found} & set(CONDITIONS)) - {one.get("type") for one in wanted}


def _is_own(meta: t.Mapping[str, t.Any]) -> bool:
    created = str(meta.get("creationTimestamp") or "")
    return any(
        entry.get("manager") == names.STATUS_MANAGER
        and entry.get("subresource") == "status"
        # In RFC 3339, in UTC and without fractions.
        and str(entry.get("time") or created) >= created
        for entry in meta.get("managedFields") or []
    )
