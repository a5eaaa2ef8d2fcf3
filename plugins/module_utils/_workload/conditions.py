# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The conditions of an MCPServer.

They follow metav1.Condition: ``lastTransitionTime`` moves only when ``status`` does.
"""

from __future__ import annotations

import typing as t

from .._util import clean
from . import (
    canary,
    canary_steps,
    certificate_condition,
    migration,
    names,
    network_diagnosis,
    network_proof,
    offers,
    reachability,
    validation,
)
from .kstatus import Condition, progress

if t.TYPE_CHECKING:
    from .observation import Observation
    from .rollout import Rollout

# The condition types that this collection writes. Other controllers may add theirs to the same list.
CONDITIONS: t.Final = (
    "Ready",
    "Validated",
    "Available",
    "Progressing",
    "Degraded",
    "Reconciled",
    migration.MIGRATION_NEEDED,
    "Reconciling",
    "Stalled",
    "OffersChanged",
    "ReplicasDiffer",
    network_proof.CONDITION,
    reachability.CONDITION,
    certificate_condition.CONDITION,
    canary.CONDITION,
)
# The reason of Ready and Degraded if the Service resolves no port of the Pods.
TARGET_PORT_NOT_FOUND: t.Final = "TargetPortNotFound"


def conditions(
    before: t.Sequence[t.Mapping[str, t.Any]], phase: str, message: str, seen: Observation, generation: int, now: str
) -> list[dict[str, t.Any]]:
    """Return all conditions of an MCPServer.

    :param before: the conditions as they are in the status.
    :param phase: ``status.phase``.
    :param message: ``status.message``.
    :param generation: the generation that the status is about.
    :param now: RFC 3339 time.
    """
    rollout = seen.rollout
    state = seen.validation.get("state")
    stuck = seen.cause is not None and (seen.gave_up or seen.cause.unrecoverable)
    running = phase == "Running"
    error = seen.error
    reason = _running(rollout, state) if running else _reason(phase, seen)
    found = [
        ("Ready", running, reason, message),
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
    elif network_diagnosis.blocked_by(seen.validation):
        found.append(("Degraded", True, network_diagnosis.REASON, network_diagnosis.blocked_by(seen.validation)))
    elif seen.unresolved_port:
        found.append(("Degraded", True, TARGET_PORT_NOT_FOUND, unresolved(seen.unresolved_port)))
    else:
        found.append(("Degraded", False, "AsExpected", "Nothing is wrong with it."))
    old = {condition.get("type"): condition for condition in before}
    of_canary = canary_steps.condition(seen.rollout_status)
    conditions = [
        Condition("Validated", *validation.condition(seen.validation, seen.failure)),
        *(Condition(type_, "True" if on else "False", why, text) for type_, on, why, text in found),
        migration.condition(seen.validation),
        *progress(
            phase,
            reason,
            message,
            stuck=seen.cause.reason if stuck and seen.cause else "",
            error=error.reason if error else "",
        ),
        *([] if seen.isolation is None else [Condition(network_proof.CONDITION, *seen.isolation[:3])]),
        *([] if seen.reachability is None else [Condition(reachability.CONDITION, *seen.reachability[:3])]),
        *([] if seen.certificate_ready is None else [seen.certificate_ready]),
        *([] if of_canary is None else [of_canary]),
        *(
            Condition(type_, "True" if on else "False", why, text)
            for type_, on, why, text in offers.conditions(
                seen.validation.get("offers") or {}, {str(type_) for type_ in old}
            )
        ),
    ]
    return [_condition(old.get(condition.type), condition, generation, now) for condition in conditions]


def _condition(old: t.Mapping[str, t.Any] | None, condition: Condition, generation: int, now: str) -> dict[str, t.Any]:
    moved = old is None or old.get("status") != condition.status
    return {
        "type": condition.type,
        "status": condition.status,
        "reason": condition.reason,
        "message": clean(condition.message, 1024),
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


def _running(rollout: Rollout, state: t.Any) -> str:
    if not rollout.desired:
        return "ScaledToZero"
    return "ReadyUnvalidated" if state == "Failed" else "DeploymentReady"


def _progress(rollout: Rollout) -> str:
    return "NewReplicaSetAvailable" if rollout.complete else "ReplicaSetUpdated"


def unresolved(port: str) -> str:
    """Return the message for a Service whose target port no Pod has.

    :param port: the name of the target port.
    """
    seen = f"The Service forwards no requests: no container of the Pods has a port named {clean(port, 63)}."
    return f'{seen} Set spec.service.targetPort to "{names.PORT_NAME}" or to a number, or remove it.'
