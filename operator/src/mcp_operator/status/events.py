# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What of a change of status is worth an Event, so that ``kubectl describe`` tells the story."""

from __future__ import annotations

import typing as t

from .._vendor._util import clean
from .._vendor._workload.status import HELD

Status = t.Mapping[str, t.Any]

_NOTE = 1000
# Reasons of the condition Ready that the phase tells better.
_UNREMARKABLE = frozenset(
    {"", "DeploymentReady", "DeploymentNotReady", "Terminating", "ValidationFailed", "RolledBack"}
)
_MOST_NAMED = 10
_PASSED = {"Validated": "ValidationPassed", "AuthRequired": "ValidationAuthRequired"}


class Event(t.NamedTuple):
    """One Event about an MCPServer."""

    warning: bool
    reason: str
    action: str
    note: str


def events(before: Status, after: Status) -> list[Event]:
    """Return the Events about a change from one status to another."""
    found = []
    if before.get("phase") != after.get("phase"):
        bad = after.get("phase") in ("Failed", "ValidationFailed")
        found.append(Event(bad, str(after.get("phase")), "Observe", _clean(after.get("message"))))
    ready, degraded = _condition(after, "Ready"), _condition(after, "Degraded")
    reason = str(ready.get("reason") or "")
    stuck = reason not in _UNREMARKABLE and reason != _condition(before, "Ready").get("reason")
    # The phase has said it, where it changed with it.
    if stuck and not any(event.warning for event in found):
        found.append(Event(True, reason, "Observe", _clean(ready.get("message"))))
    validated = _validation(before.get("validation") or {}, after.get("validation") or {}, degraded)
    # Who has passed runs: a fleet that starts has one Event less for each.
    if after.get("phase") == "Running" and any(not event.warning for event in validated):
        found = [event for event in found if event.reason != "Running"]
    found += validated
    found += _held(_condition(before, "Degraded"), degraded)
    found += _changes(before.get("validation") or {}, after.get("validation") or {})
    if _condition(after, "Reconciled").get("status") == "False":
        told = _condition(after, "Reconciled")
        if told.get("message") != _condition(before, "Reconciled").get("message"):
            found.append(Event(True, str(told.get("reason")), "Reconcile", _clean(told.get("message"))))
    return list({(event.reason, event.note): event for event in found}.values())


def _validation(before: Status, after: Status, degraded: Status) -> list[Event]:
    state = after.get("state")
    proof, known = after.get("proof"), before.get("proof")
    if state == before.get("state") and (proof == known or state != "Failed"):
        return []
    if state in _PASSED:
        spoken = f"MCP {after.get('protocolVersion', '')} over {after.get('protocol', 'HTTP')}".replace("  ", " ")
        note = f"It speaks {spoken}." if state == "Validated" else "It wants credentials; what it speaks is not known."
        return [Event(False, _PASSED[state], "Validate", _clean(note))]
    if state == "Failed":
        return [Event(True, "ValidationFailed", "Validate", _clean(degraded.get("message")))]
    return []


def _held(before: Status, after: Status) -> list[Event]:
    """Return the Event about a gate that is held open from now on."""
    reason = after.get("reason")
    if reason not in HELD or reason == before.get("reason"):
        return []
    return [Event(True, str(reason), "Validate", _clean(after.get("message")))]


def _changes(before: Status, after: Status) -> list[Event]:
    """Return the Events about what a server offers otherwise than when it passed the last time."""
    if not before.get("state") == after.get("state") == "Validated":
        return []
    found = []
    lost = [f"capability {name}" for name in _missing(before, after, "capabilities")]
    for kind in ("tool", "resource", "prompt"):
        if all(_is_whole(status, kind) for status in (before, after)):
            lost += [f"{kind} {name}" for name in _missing(before, after, f"{kind}Names")]
    if lost:
        more = f" and {len(lost) - _MOST_NAMED} more" if len(lost) > _MOST_NAMED else ""
        note = f"It does not offer any more: {', '.join(lost[:_MOST_NAMED])}{more}."
        found.append(Event(True, "CapabilityLost", "Validate", _clean(note)))
    old, new = ((status.get("serverInfo") or {}).get("version") for status in (before, after))
    if old != new:
        note = f"The server says that it is version {new or 'unknown'}; it was {old or 'unknown'}."
        found.append(Event(False, "ServerVersionChanged", "Validate", _clean(note)))
    return found


def _missing(before: Status, after: Status, field: str) -> list[str]:
    there = set(after.get(field) or ())
    return [str(name) for name in before.get(field) or () if name not in there]


def _is_whole(status: Status, kind: str) -> bool:
    """Tell whether a status has room for all names of a kind."""
    return len(status.get(f"{kind}Names") or ()) == (status.get(f"{kind}Count") or 0)


def _condition(status: Status, kind: str) -> Status:
    return next((entry for entry in status.get("conditions") or [] if entry.get("type") == kind), {})


def _clean(text: t.Any) -> str:
    return clean(text, _NOTE) or "-"
