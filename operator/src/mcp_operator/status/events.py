# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Decides which changes of a status become Events, which ``kubectl describe`` shows."""

from __future__ import annotations

import typing as t

from .._vendor._util import clean
from .._vendor._workload import canary
from .._vendor._workload import certificate_condition as certificate
from .._vendor._workload.canary_analysis import INCONCLUSIVE
from .._vendor._workload.observation import GATE_HELD_REASONS
from .._vendor._workload.reachability import CONDITION as REACHABLE
from .._vendor._workload.reachability import NOT_VALIDATED

Status = t.Mapping[str, t.Any]
# Returns what differs between the offers of two digests, with texts; empty if it is not known.
Differences = t.Callable[[str, str], str]

# The API server rejects Events with more bytes of note (k8s.io/kubernetes/pkg/apis/core/validation/events.go).
_NOTE = 1024
# Reasons of the condition Ready for which the phase, or the validation, has its own Event.
_COVERED = frozenset({"", "DeploymentReady", "DeploymentNotReady", "Terminating", "ValidationFailed", "RolledBack"})
# The most capabilities and items that one note lists.
_MOST_LISTED = 10
_PASSED = {"Validated": "ValidationPassed", "AuthRequired": "ValidationAuthRequired"}
_FAILED = ("Failed", "ValidationFailed")


class Event(t.NamedTuple):
    """One Event about an MCPServer."""

    warning: bool
    reason: str
    action: str
    note: str


def events(
    before: Status, after: Status, change: str = "", differences: Differences = lambda _old, _new: ""
) -> list[Event]:
    """Return the Events about a change from one status to another.

    :param change: a sentence about the last change of the manifest, for what may have been caused by it.
    :param differences: what differs between the offers of two digests.

    One cause gives one Event. Where several would carry the same note, the one with the most specific reason is kept:
    a phase is less specific than a condition, and that is less specific than a failed run.
    """
    phase = _phase(before, after)
    validation = _validation(before, after, phase)
    # A server that passes is running: a fleet that starts has one Event less for each server.
    if after.get("phase") == "Running" and any(not event.warning for event in validation):
        phase = []
    found = [
        *phase,
        *_not_ready(before, after, phase),
        *validation,
        *_rollback(before, after, change),
        *_canary(before.get(canary.FIELD) or {}, after.get(canary.FIELD) or {}, change),
        *_held_gate(before, after, change),
        *_offer(before.get("validation") or {}, after.get("validation") or {}),
        *_changed_offers(before, after, differences),
        *_reachable(before, after),
        *_not_issued(before, after),
        *_failed_run(before, after),
    ]
    return list({event.note or event.reason: event for event in found}.values())


def revalidation(text: str) -> Event:
    """Return the Event about a request to validate again."""
    return Event(False, "RevalidationRequested", "Validate", _note(text))


def warning(text: str) -> Event:
    """Return the Event about a field that is accepted and has no effect."""
    return Event(True, "SpecWarning", "Reconcile", _note(text))


def _phase(before: Status, after: Status) -> list[Event]:
    phase = str(after.get("phase"))
    if before.get("phase") == after.get("phase"):
        return []
    return [Event(phase in _FAILED, phase, "Observe", _note(after.get("message")))]


def _not_ready(before: Status, after: Status, phase: t.Sequence[Event]) -> list[Event]:
    """Return the Event about a new reason why the server is not ready, unless the phase has changed because of it."""
    ready = _condition(after, "Ready")
    reason = str(ready.get("reason") or "")
    known = reason in _COVERED or reason == _condition(before, "Ready").get("reason")
    if known or any(event.warning for event in phase):
        return []
    return [Event(True, reason, "Observe", _note(ready.get("message")))]


def _validation(before: Status, after: Status, phase: t.Sequence[Event]) -> list[Event]:
    """Return the Event about a new result, unless the phase has changed because of it."""
    old, new = before.get("validation") or {}, after.get("validation") or {}
    state = new.get("state")
    if state == old.get("state") and (new.get("proof") == old.get("proof") or state != "Failed"):
        return []
    if state in _PASSED:
        spoken = " ".join(filter(None, ("MCP", str(new.get("protocolVersion") or ""))))
        note = f"The server speaks {spoken} over {new.get('protocol') or 'HTTP'}."
        if state != "Validated":
            note = "The server requires authentication, so its protocol and capabilities are unknown."
        return [Event(False, _PASSED[state], "Validate", _note(note))]
    if state == "Failed" and not any(event.reason == "ValidationFailed" for event in phase):
        degraded = _condition(after, "Degraded")
        failure = degraded if degraded.get("reason") == "ValidationFailed" else after
        return [Event(True, "ValidationFailed", "Validate", _note(failure.get("message")))]
    return []


def _rollback(before: Status, after: Status, change: str) -> list[Event]:
    """Return the Event about a rollback that begins."""
    old, new = before.get("rollback") or {}, after.get("rollback") or {}
    if not new.get("active") or (old.get("active") and old.get("template") == new.get("template")):
        return []
    text = f"Pod template {new.get('template')} failed; applying {new.get('to')} instead."
    return [Event(True, "RolledBack", "Rollback", _note(f"{text} {change} {new.get('message')}"))]


def _canary(old: Status, new: Status, change: str) -> list[Event]:
    """Return the Event about a canary that begins, takes another step or has replaced the stable template.

    One that is aborted is a rollback, and has the Event of a rollback.
    """
    was, now = old.get("phase"), new.get("phase")
    if now == canary.STABLE and was == canary.PROMOTING:
        note = f"Pod template {new.get('stableRevision')} passed its canary and has replaced the earlier one."
        return [Event(False, "CanaryPromoted", "Rollout", _note(note))]
    if now not in canary.ONGOING:
        return []
    message = str(new.get("message"))
    if was not in canary.ONGOING or old.get("canaryRevision") != new.get("canaryRevision"):
        note = f"Trying Pod template {new.get('canaryRevision')}. {change} {message}"
        return [Event(False, "CanaryStarted", "Rollout", _note(note))]
    if new.get("analysis") == INCONCLUSIVE != old.get("analysis"):
        return [Event(True, "CanaryInconclusive", "Rollout", _note(message))]
    if old.get("step") != new.get("step") or (now == canary.PROMOTING and was != now):
        return [Event(False, "CanaryStep", "Rollout", _note(message))]
    return []


def _held_gate(before: Status, after: Status, change: str) -> list[Event]:
    """Return the Event about a readiness gate that is held open from now on."""
    degraded = _condition(after, "Degraded")
    reason = degraded.get("reason")
    if reason not in GATE_HELD_REASONS or reason == _condition(before, "Degraded").get("reason"):
        return []
    return [Event(True, str(reason), "Validate", _note(f"{degraded.get('message')} {change}"))]


def _offer(before: Status, after: Status) -> list[Event]:
    """Return the Events about what a server offers that passes again, compared with its last pass."""
    if not before.get("state") == after.get("state") == "Validated":
        return []
    found = []
    lost = [f"capability {name}" for name in _missing(before, after, "capabilities")]
    for kind in ("tool", "resource", "prompt"):
        if all(_lists_all(status, kind) for status in (before, after)):
            lost += [f"{kind} {name}" for name in _missing(before, after, f"{kind}Names")]
    if lost:
        more = f" and {len(lost) - _MOST_LISTED} more" if len(lost) > _MOST_LISTED else ""
        note = f"The server no longer offers: {', '.join(lost[:_MOST_LISTED])}{more}."
        found.append(Event(True, "CapabilityLost", "Validate", _note(note)))
    old, new = ((status.get("serverInfo") or {}).get("version") for status in (before, after))
    if old != new:
        note = f"The server's version changed from {old or 'unknown'} to {new or 'unknown'}."
        found.append(Event(False, "ServerVersionChanged", "Validate", _note(note)))
    return found


def _changed_offers(before: Status, after: Status, differences: Differences) -> list[Event]:
    """Return the Events about offers that differ from what is approved, or between Pods."""
    found = []
    for kind in ("OffersChanged", "ReplicasDiffer"):
        new, old = _condition(after, kind), _condition(before, kind)
        if new.get("status") == "True" and (old.get("status"), old.get("message")) != ("True", new.get("message")):
            texts = _texts(after, differences) if kind == "OffersChanged" else ""
            found.append(Event(True, str(new.get("reason")), "Validate", _note(texts or new.get("message"))))
    return found


def _reachable(before: Status, after: Status) -> list[Event]:
    """Return the Event about a server that clients reach through its Gateways, or no longer do for another reason."""
    new, old = _condition(after, REACHABLE), _condition(before, REACHABLE)
    if (new.get("status"), new.get("reason")) == (old.get("status"), old.get("reason")):
        return []
    if new.get("status") == "True":
        url = (after.get("address") or {}).get("url")
        return [Event(False, REACHABLE, "Validate", _note(f"Clients reach the server at {url}."))]
    if new.get("status") != "False" or new.get("reason") == NOT_VALIDATED:
        return []
    return [Event(True, str(new.get("reason")), "Validate", _note(new.get("message")))]


def _not_issued(before: Status, after: Status) -> list[Event]:
    """Return the Event about a certificate that cert-manager fails to issue; other problems have their own Events."""
    new, old = (_condition(status, certificate.CONDITION) for status in (after, before))
    failed = (certificate.ISSUANCE_FAILED, certificate.RENEWAL_FAILED)
    if new.get("reason") not in failed or new.get("reason") == old.get("reason"):
        return []
    return [Event(True, str(new["reason"]), "Issue", _note(new.get("message")))]


def _texts(after: Status, differences: Differences) -> str:
    """Return what changed in the offers with the old and the new text; empty if that is not known."""
    offers = (after.get("validation") or {}).get("offers") or {}
    old, new = str(offers.get("approved") or offers.get("baseline") or ""), str(offers.get("digest") or "")
    texts = differences(old, new) if old and not offers.get("problem") else ""
    return f"{texts} The server offers {new}." if texts else ""


def _failed_run(before: Status, after: Status) -> list[Event]:
    """Return the Event about a run that failed, or that fails for another cause."""
    new, old = _condition(after, "Reconciled"), _condition(before, "Reconciled")
    if new.get("status") != "False" or new.get("message") == old.get("message"):
        return []
    return [Event(True, str(new.get("reason")), "Reconcile", _note(new.get("message")))]


def _missing(before: Status, after: Status, field: str) -> list[str]:
    present = set(after.get(field) or ())
    return [str(name) for name in before.get(field) or () if name not in present]


def _lists_all(status: Status, kind: str) -> bool:
    """Tell whether a status lists all names of a kind; it has room for some only."""
    return len(status.get(f"{kind}Names") or ()) == (status.get(f"{kind}Count") or 0)


def _condition(status: Status, kind: str) -> Status:
    return next((entry for entry in status.get("conditions") or [] if entry.get("type") == kind), {})


def _note(text: t.Any) -> str:
    note = clean(text, _NOTE)
    data = note.encode()
    return note if len(data) <= _NOTE else data[: _NOTE - len("…".encode())].decode(errors="ignore") + "…"
