# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The status of an MCPServer, computed from what was observed; nothing here reads or writes anything."""

from __future__ import annotations

import dataclasses
import typing as t

from .._util import clean
from . import canary, certificate_condition, exposure, names, rollout_manager, stdio, validation
from .conditions import CONDITIONS, conditions, unresolved
from .fields import mapping
from .ports import service_port
from .service_port import unresolved_target_port

if t.TYPE_CHECKING:
    from .observation import Observation
    from .rollout import Rollout


def status(server: t.Mapping[str, t.Any], seen: Observation, now: str) -> dict[str, t.Any]:
    """Return the MCPServer's whole status.

    :param server: the MCPServer as it was last read, with the status that it had.
    :param now: RFC 3339 time, for what changed.
    """
    certificate = certificate_condition.condition(server, seen)
    seen = dataclasses.replace(
        seen,
        unresolved_port=unresolved_target_port(server),
        certificate_ready=certificate,
        cause=certificate_condition.explain(server, seen.cause, certificate),
    )
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
        "serviceEndpoint": f"{host}:{service_port(server)}",
        "transportType": mapping(server["spec"], "transport").get("type") or "http",
        "selector": ",".join(f"{key}={value}" for key, value in names.selector(server["metadata"]["name"]).items()),
        "validation": dict(seen.validation),
        "conditions": conditions(before.get("conditions") or [], phase, message, seen, generation, now),
    }
    if seen.isolation is not None and seen.isolation.digest:
        found["networkIsolation"] = {"digest": seen.isolation.digest, "time": seen.isolation.time}
    persistence = "" if seen.reachability is None else seen.reachability.persistence
    exposed = exposure.observed(server, seen.validation, persistence)
    if exposed:
        found[exposure.FIELD] = exposed
    if seen.reachability is not None and seen.reachability.url:
        found["address"] = {"url": clean(seen.reachability.url, 2048)}
    if seen.templates.proved:
        found["provedTemplate"] = seen.templates.proved
    if seen.templates.rollback:
        found["rollback"] = dict(seen.templates.rollback)
    if seen.rollout_status:
        found[canary.FIELD] = dict(seen.rollout_status)
    resolved = validation.resolved_transport(server, seen.validation, now)
    if resolved:
        found["resolvedTransport"] = resolved
    if stdio.bridged(server["spec"]):
        # The bridge ends with the process that its clients share, and where no process starts any more.
        found["bridge"] = {"mode": stdio.mode(server["spec"]), "childRestarts": seen.restarts}
    record = seen.record or before.get(names.RECORD_FIELD)
    if record:
        found[names.RECORD_FIELD] = record
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
        "Updating": f"{_progress(server, seen)}, {ready}. {seen.cause or ''}",
        "Scaling": f"Waiting for Pods: {ready}. {seen.cause or ''}",
        "Running": f"Validation failed: {seen.failure}"
        if state == "Failed"
        else "MCPServer is running."
        if rollout.desired
        else "Scaled to zero.",
    }
    return phase, f"{messages[phase].strip()} {seen.error.message if seen.error else ''}".strip()


def _progress(server: t.Mapping[str, t.Any], seen: Observation) -> str:
    """Return how far an update is; of a canary that is about its step."""
    message = str(seen.rollout_status.get("message") or "")
    phase = seen.rollout_status.get("phase")
    if message and rollout_manager.manager(server["spec"]) and phase != canary.STABLE:
        return message.removesuffix(".")
    if message and phase in canary.ONGOING:
        return f"Canary: {message.removesuffix('.')}"
    return f"Rolling out: {seen.rollout.updated}/{seen.rollout.desired} updated"


def _obstacle(seen: Observation, *, waits_for_validation: bool) -> tuple[str, str] | None:
    """Return the phase and the message of a server that no client reaches although its Pods are ready."""
    if waits_for_validation:
        return "Creating", "The Pods are ready; strict mode waits for their validation."
    if seen.unresolved_port:
        return "Failed", unresolved(seen.unresolved_port)
    return None


def _is_refused(server: t.Mapping[str, t.Any], state: t.Any, rollout: Rollout) -> bool:
    # What a server offers that wants credentials first is not known; where something is required, its gate stays shut.
    wants = bool(mapping(server["spec"], "validation").get("requiredCapabilities"))
    return state == "Failed" or (state == "AuthRequired" and wants and not rollout.ready and rollout.desired > 0)
