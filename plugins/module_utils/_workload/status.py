# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The status of an MCPServer, computed from what was observed; nothing here reads or writes anything.

Conditions follow metav1.Condition: ``lastTransitionTime`` moves only when ``status`` does.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._util import clean
from . import names, stdio, validation
from .server import mapping, port_of, service_port
from .service_port import unresolved_target_port

if t.TYPE_CHECKING:
    from .pods import Cause
    from .rollout import Rollout


@dataclasses.dataclass(frozen=True)
class Error:
    """Why a manifest was not applied.

    :param behind: the workload was made of an earlier manifest.
    """

    reason: str
    message: str
    behind: bool = True


# The condition types that this collection writes. Other controllers may add theirs to the same list.
CONDITIONS: t.Final = ("Ready", "Available", "Progressing", "Degraded", "Reconciled")
# The reason of Ready and Degraded if the Service resolves no port of the Pods.
TARGET_PORT_NOT_FOUND: t.Final = "TargetPortNotFound"
# Reasons of the condition Degraded: why the gate of a Pod that fails validation is held open.
CIRCUIT_BREAKER_OPEN: t.Final = "CircuitBreakerOpen"
LAST_POD_KEPT: t.Final = "LastPodKept"
GATE_HELD_REASONS: t.Final = (CIRCUIT_BREAKER_OPEN, LAST_POD_KEPT)


class HeldGate(t.NamedTuple):
    """Why a gate is held open: one of :data:`GATE_HELD_REASONS`, and a message."""

    reason: str
    message: str


class Templates(t.NamedTuple):
    """The fingerprint of the template that passed last, and ``status.rollback``, for Pods with a readiness gate."""

    proved: str = ""
    rollback: t.Mapping[str, t.Any] = {}


@dataclasses.dataclass(frozen=True)
class Observation:
    """What a status is computed from.

    :param cause: why the Pods are not ready; None if there is no sign of a problem.
    :param validation: ``status.validation`` by :mod:`.validation`.
    :param failure: the first error of a failed validation, or of a failed apply.
    :param gave_up: the Pods have not become ready in time.
    :param error: why the manifest was not applied.
    :param leaving: the MCPServer is being deleted.
    :param held: why a Pod that fails validation still serves; None if none does.
    :param unresolved_port: the Service's target port, if no port of the Pods has that name; set by :func:`status`.
    :param templates: fingerprints of the template that passed last, and of one that failed.
    :param rolled_back: what was done instead of serving a template that failed; empty if none failed.
    :param restarts: of the Pods (:func:`.pods.restarts`), for stdio servers.
    """

    rollout: Rollout
    validation: t.Mapping[str, t.Any]
    cause: Cause | None = None
    failure: str = ""
    gave_up: bool = False
    rolled_back: str = ""
    error: Error | None = None
    leaving: bool = False
    restarts: int = 0
    held: HeldGate | None = None
    unresolved_port: str = ""
    templates: Templates = dataclasses.field(default_factory=Templates)


def status(server: t.Mapping[str, t.Any], seen: Observation, now: str) -> dict[str, t.Any]:
    """Return the MCPServer's whole status.

    :param server: the MCPServer as it was last read, with the status that it had.
    :param now: RFC 3339 time, for what changed.
    """
    seen = dataclasses.replace(seen, unresolved_port=unresolved_target_port(server))
    phase, message = phase_of(server, seen)
    before = server.get("status") or {}
    generation = int(server["metadata"].get("generation") or 0)
    host = names.host(server["metadata"]["name"], server["metadata"]["namespace"])
    found: dict[str, t.Any] = {
        "phase": phase,
        "message": clean(message, 1024),
        "observedGeneration": generation,
        "replicas": seen.rollout.replicas,
        "readyReplicas": seen.rollout.ready,
        "availableReplicas": seen.rollout.available,
        "serviceEndpoint": f"{host}:{service_port(mapping(server['spec'], 'service'), port_of(server))}",
        "transportType": mapping(server["spec"], "transport").get("type") or "http",
        "selector": ",".join(f"{key}={value}" for key, value in names.selector(server["metadata"]["name"]).items()),
        "validation": dict(seen.validation),
        "conditions": _conditions(before.get("conditions") or [], phase, message, seen, generation, now),
    }
    if seen.templates.proved:
        found["provedTemplate"] = seen.templates.proved
    if seen.templates.rollback:
        found["rollback"] = dict(seen.templates.rollback)
    resolved = validation.resolved_transport(server, seen.validation, now)
    if resolved:
        found["resolvedTransport"] = resolved
    if stdio.bridged(server["spec"]):
        # The bridge ends with the process that its clients share, and where no process starts any more.
        found["bridge"] = {"mode": stdio.mode(server["spec"]), "childRestarts": seen.restarts}
    found["lastReconcileTime"] = before.get("lastReconcileTime", now) if same_status(before, found) else now
    return found


def same_status(one: t.Mapping[str, t.Any], other: t.Mapping[str, t.Any]) -> bool:
    """Tell whether two statuses are equal for a reader, so that none needs to be written over the other.

    ``lastReconcileTime``, the order of conditions, and conditions of other controllers make no difference.
    """
    return _content(one) == _content(other)


def _content(found: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    content = {key: value for key, value in found.items() if key != "lastReconcileTime"}
    conditions = {entry.get("type"): entry for entry in found.get("conditions") or []}
    content["conditions"] = {type_: conditions[type_] for type_ in CONDITIONS if type_ in conditions}
    return content


def phase_of(server: t.Mapping[str, t.Any], seen: Observation) -> tuple[str, str]:
    """Return the phase and a message that gives the reason."""
    strict = validation.strict(server) and validation.enabled(server)
    state = seen.validation.get("state")
    rollout = seen.rollout
    ready = f"{rollout.ready}/{rollout.desired} ready"
    if seen.leaving:
        return "Terminating", "The MCPServer is being deleted."
    if seen.error is not None and (seen.error.behind or not rollout.ready):
        return ("Updating" if rollout.ready else "Failed"), seen.error.message
    if seen.cause is not None and (seen.gave_up or seen.cause.unrecoverable):
        text = f"{seen.cause} {seen.cause.action}".strip()
        # Earlier Pods that still serve keep the phase from being Failed.
        return ("Updating" if rollout.ready else "Failed"), text
    if strict and _is_refused(server, state, rollout):
        return "ValidationFailed", f"Refused in strict mode: {seen.failure} {seen.rolled_back}".strip()
    phase = rollout.phase
    if phase == "Running" and rollout.desired:
        obstacle = _obstacle(seen, waits_for_validation=strict and state not in ("Validated", "AuthRequired"))
        if obstacle is not None:
            return obstacle
    messages = {
        "Creating": f"Waiting for Pods: {ready}. {seen.cause or ''}",
        "Updating": f"Rolling out: {rollout.updated}/{rollout.desired} updated, {ready}. {seen.cause or ''}",
        "Scaling": f"Waiting for Pods: {ready}. {seen.cause or ''}",
        "Running": f"Validation failed: {seen.failure}"
        if state == "Failed"
        else "MCPServer is running."
        if rollout.desired
        else "Scaled to zero.",
    }
    return phase, f"{messages[phase].strip()} {seen.error.message if seen.error else ''}".strip()


def _obstacle(seen: Observation, *, waits_for_validation: bool) -> tuple[str, str] | None:
    """Return the phase and the message of a server that no client reaches although its Pods are ready."""
    if waits_for_validation:
        return "Creating", "The Pods are ready; strict mode waits for their validation."
    if seen.unresolved_port:
        return "Failed", _unresolved(seen.unresolved_port)
    return None


def _unresolved(port: str) -> str:
    seen = f"The Service forwards no requests: no container of the Pods has a port named {clean(port, 63)}."
    return f'{seen} Set spec.service.targetPort to "{names.PORT_NAME}" or to a number, or remove it.'


def _is_refused(server: t.Mapping[str, t.Any], state: t.Any, rollout: Rollout) -> bool:
    # What a server offers that wants credentials first is not known; where something is required, its gate stays shut.
    wants = bool(mapping(server["spec"], "validation").get("requiredCapabilities"))
    return state == "Failed" or (state == "AuthRequired" and wants and not rollout.ready and rollout.desired > 0)


def _conditions(
    before: t.Sequence[t.Mapping[str, t.Any]], phase: str, message: str, seen: Observation, generation: int, now: str
) -> list[dict[str, t.Any]]:
    rollout = seen.rollout
    state = seen.validation.get("state")
    stuck = seen.cause is not None and (seen.gave_up or seen.cause.unrecoverable)
    running = phase == "Running"
    error = seen.error
    found = [
        ("Ready", running, _running(rollout) if running else _reason(phase, seen), message),
        (
            "Available",
            rollout.available > 0,
            "DeploymentAvailable" if rollout.available else "DeploymentNotAvailable",
            f"{rollout.available} of {rollout.desired} Pods are available.",
        ),
        (
            "Progressing",
            not stuck,
            str(seen.cause.reason) if stuck and seen.cause else _progress(rollout),
            str(seen.cause) if stuck else f"{rollout.updated} of {rollout.desired} Pods have the newest template.",
        ),
        (
            "Reconciled",
            error is None,
            "ReconcileSuccess" if error is None else error.reason,
            "The manifests are applied." if error is None else error.message,
        ),
    ]
    if error is not None:
        found.append(("Degraded", True, error.reason, error.message))
    elif seen.held:
        found.append(("Degraded", True, seen.held.reason, seen.held.message))
    elif state == "Failed":
        found.append(("Degraded", True, "ValidationFailed", seen.failure))
    elif stuck and seen.cause:
        found.append(("Degraded", True, seen.cause.reason, str(seen.cause)))
    elif seen.unresolved_port:
        found.append(("Degraded", True, TARGET_PORT_NOT_FOUND, _unresolved(seen.unresolved_port)))
    else:
        found.append(("Degraded", False, "AsExpected", "Nothing is wrong with it."))
    old = {condition.get("type"): condition for condition in before}
    return [_condition(old.get(type_), type_, on, reason, text, generation, now) for type_, on, reason, text in found]


def _condition(
    old: t.Mapping[str, t.Any] | None, type_: str, on: bool, reason: str, message: str, generation: int, now: str
) -> dict[str, t.Any]:
    value = "True" if on else "False"
    moved = old is None or old.get("status") != value
    return {
        "type": type_,
        "status": value,
        "reason": reason,
        "message": clean(message, 1024),
        "observedGeneration": generation,
        "lastTransitionTime": now if moved or old is None else old.get("lastTransitionTime", now),
    }


def _reason(phase: str, seen: Observation) -> str:
    if phase == "ValidationFailed":
        if seen.rolled_back and seen.rollout.desired:
            return "RolledBack"
        # Pods of an earlier template, which never passed either, still serve.
        return "Unproven" if seen.rollout.ready and seen.rollout.updated < seen.rollout.replicas else "ValidationFailed"
    if phase == "Terminating":
        return "Terminating"
    if seen.error is not None:
        return seen.error.reason
    if phase == "Failed" and seen.unresolved_port and not seen.cause:
        return TARGET_PORT_NOT_FOUND
    return seen.cause.reason if seen.cause else "DeploymentNotReady"


def _running(rollout: Rollout) -> str:
    return "DeploymentReady" if rollout.desired else "ScaledToZero"


def _progress(rollout: Rollout) -> str:
    return "NewReplicaSetAvailable" if rollout.complete else "ReplicaSetUpdated"
