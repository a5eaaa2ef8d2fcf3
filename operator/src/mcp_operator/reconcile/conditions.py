# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The conditions that ansible-operator writes, for watches with ``manageStatus: true``.

They are the same three as there, with ``ansibleResult``, so that clients can wait for ``Successful`` with either
operator. Differences: the reason is never empty, as the API conventions require; ``observedGeneration`` is set;
``lastTransitionTime`` changes only with the status; conditions and fields of other clients are kept; and unchanged
conditions are not written again.
"""

from __future__ import annotations

import datetime as dt
import typing as t

from .._vendor._util import format_time
from ..runs.run_request import HostOutcome, HostResult

Condition = dict[str, t.Any]
# The fields of a condition whose change is worth a write.
_COMPARED = ("status", "reason", "message", "observedGeneration")
_COUNTS = ("ok", "changed", "skipped", "failures")


def running() -> list[dict[str, t.Any]]:
    """Return the conditions at the start of a run of a changed object."""
    return [
        {"type": "Running", "status": "True", "reason": "Running", "message": "Running reconciliation"},
        {"type": "Successful", "status": "False", "reason": "Running", "message": ""},
    ]


def ended(result: HostResult) -> list[dict[str, t.Any]]:
    """Return the conditions after a run."""
    counts = {name: getattr(result, name) for name in _COUNTS}
    if result.outcome is HostOutcome.SUCCEEDED:
        waiting = "Awaiting next reconciliation"
        return [
            {"type": "Running", "status": "True", "reason": "Successful", "message": waiting, "ansibleResult": counts},
            {
                "type": "Successful",
                "status": "True",
                "reason": "Successful",
                "message": "Last reconciliation succeeded",
            },
            {"type": "Failure", "status": "False", "reason": "Successful", "message": ""},
        ]
    return [
        {"type": "Running", "status": "False", "reason": "Failed", "message": ""},
        {"type": "Successful", "status": "False", "reason": "Failed", "message": ""},
        {
            "type": "Failure",
            "status": "True",
            "reason": "Failed",
            "message": result.message,
            "ansibleResult": {**counts, "failures": counts["failures"] + result.unreachable},
        },
    ]


def merged(item: t.Mapping[str, t.Any], wanted: t.Iterable[Condition], now: dt.datetime) -> list[Condition] | None:
    """Return the object's conditions, updated by these; None if nothing changes."""
    status = item.get("status")
    found = status.get("conditions") if isinstance(status, dict) else None
    conditions = [dict(entry) for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    before = [dict(entry) for entry in conditions]
    by_type = {entry.get("type"): entry for entry in conditions}
    moment = format_time(now)
    generation = item["metadata"].get("generation")
    for condition in wanted:
        known = by_type.get(condition["type"])
        if known is None:
            known = {"type": condition["type"]}
            conditions.append(known)
        _update(known, {**condition, **({"observedGeneration": generation} if generation else {})}, moment)
    return conditions if conditions != before else None


def is_outdated(item: t.Mapping[str, t.Any]) -> bool:
    """Return whether the conditions are about another generation; then the start of a run is worth a write."""
    status = item.get("status")
    found = status.get("conditions") if isinstance(status, dict) else None
    for entry in found if isinstance(found, list) else []:
        if isinstance(entry, dict) and entry.get("type") == "Successful":
            return bool(entry.get("observedGeneration") != item["metadata"].get("generation"))
    return True


def _update(known: Condition, condition: Condition, moment: str) -> None:
    result = condition.pop("ansibleResult", None)
    same = all(known.get(name) == condition.get(name) for name in _COMPARED)
    old = known.get("ansibleResult")
    old = {name: old.get(name) for name in _COUNTS} if isinstance(old, dict) else None
    # The counts alone are not worth a write: `changed` becomes zero in the second run of every object.
    if same and (result is None) == (old is None):
        return
    if known.get("status") != condition["status"] or "lastTransitionTime" not in known:
        known["lastTransitionTime"] = moment
    known.update(condition)
    known.pop("ansibleResult", None)
    if result is not None:
        known["ansibleResult"] = {**result, "completion": moment}
