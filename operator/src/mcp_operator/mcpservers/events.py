# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What of a change of status is worth an Event, so that ``kubectl describe`` tells the story."""

from __future__ import annotations

import typing as t

from .._vendor._workload.text import clean

Status = t.Mapping[str, t.Any]

_NOTE = 1000
# Reasons of the condition Ready that the phase tells better.
_UNREMARKABLE = frozenset(
    {"", "DeploymentReady", "DeploymentNotReady", "Terminating", "ValidationFailed", "RolledBack"}
)
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


def _condition(status: Status, kind: str) -> Status:
    return next((entry for entry in status.get("conditions") or [] if entry.get("type") == kind), {})


def _clean(text: t.Any) -> str:
    return clean(text, _NOTE) or "-"
