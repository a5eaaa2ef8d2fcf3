# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Computes the status of an MCPServer from what the store holds."""

from __future__ import annotations

import datetime as dt
import typing as t

from .._vendor._engine.diagnosis import Diagnosis
from .._vendor._engine.observe import Observed, RolledBack, Validation, compute_status
from .._vendor._util import format_time
from .._vendor._workload import managed, names, network_diagnosis, rollout_manager
from .._vendor._workload.canary import PAUSED
from .._vendor._workload.canary_steps import ANALYSIS_FAILED, CANARY_ABORTED
from .._vendor._workload.observation import HeldGate, Templates
from .._vendor._workload.pods import Cause, is_ready
from .._vendor._workload.rollout import Rollout
from ..clock import SYSTEM, Clock
from ..cluster.store import Key, Object
from ..gates.policy import GatePolicy, ValidationResult
from ..gates.revision_history import RevisionMarker
from ..gates.rollback import RollbackDecision, RollbackPolicy
from ..gates.writer import is_gated
from ..rollouts.managed import managed_update
from ..rollouts.pods import Update, update_of
from ..rollouts.policy import CanaryPolicy
from ..workloads.lister import WorkloadLister
from ..workloads.snapshot import Status, WorkloadSnapshot, as_of, generation
from .diagnosis import PodDiagnoser
from .last_run import LastRuns
from .validation_status import ValidationStatusComputer

# Seconds in which the status of a Deployment may be of an earlier generation.
_UNOBSERVED = 5.0
# Seconds in which the status of a Deployment may not count a ready Pod.
_UNCOUNTED = 1.0
# The issues that explain why a template whose Pods passed was rolled back, by the reason.
_CODES = {CANARY_ABORTED: "CANARY_ABORTED", ANALYSIS_FAILED: "CANARY_ANALYSIS_FAILED"}


class ObservedStatus(t.NamedTuple):
    """The status of an MCPServer.

    :param status: None while it is unknown.
    :param settled: no change is in progress.
    :param again: seconds after which the status may differ; None if only a change can make it differ.
    """

    status: Status | None = None
    settled: bool = False
    again: float | None = None


class RolloutParts(t.NamedTuple):
    """What marks the templates that passed, and what decides about canaries."""

    revision_marker: RevisionMarker
    canary_policy: CanaryPolicy


class Observer:
    """Computes the statuses of MCPServers, one at a time. Not thread-safe."""

    def __init__(
        self,
        lister: WorkloadLister,
        last_runs: LastRuns,
        validation: ValidationStatusComputer,
        diagnoser: PodDiagnoser,
        gate_policy: GatePolicy,
        rollouts: RolloutParts,
        clock: Clock = SYSTEM,
    ) -> None:
        self._clock = clock
        self._gate_policy = gate_policy
        self._revision_marker, self._canary_policy = rollouts
        self._rollback_policy = RollbackPolicy(clock.now)
        self._lister = lister
        self._last_runs = last_runs
        self._validation = validation
        self._diagnoser = diagnoser
        self._behind: dict[Key, float] = {}
        self._pods: dict[Key, set[str]] = {}

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone."""
        self._validation.forget(key)
        self._last_runs.remove(key)
        self._diagnoser.forget(self._pods.pop(key, ()))
        self._gate_policy.remove(key)
        self._rollback_policy.remove(key)
        self._canary_policy.remove(key)
        self._behind.pop(key, None)

    def observe(self, key: Key, server: Object) -> ObservedStatus:
        """Compute the status of an MCPServer, and start what its computation needs: probes, gates, reads of Events.

        :param server: with the status that was written last.
        """
        now = dt.datetime.fromtimestamp(self._clock.epoch(), dt.UTC)
        failure = self._last_runs.failure(key, server)
        deployment = self._lister.deployment(key, server)
        manager: Object | None = None
        managed_by = rollout_manager.manager(server["spec"])
        if managed_by:
            update, manager = managed_update(self._lister, key, server, deployment)
        else:
            update = update_of(self._lister, deployment, self._lister.canary(key, server))
        workload = _snapshot(server, deployment, update, failure.generation if failure else 0)
        deleting = bool(server["metadata"].get("deletionTimestamp"))
        diagnosis = Diagnosis()
        creating = update.incomplete
        if creating is not None and not deleting and not workload.rollout.complete:
            # Also if as many Pods as desired are ready: all of them may have an earlier template.
            waiting = [pod for pod in workload.pods if not _waits_for_gate(pod)]
            diagnosis = self._diagnoser.diagnose(key, server, creating, waiting, now)
        self._forget_pods(key, workload.pods)
        result = self._validation.compute(key, server, workload, now, leaving=deleting)
        blocked = network_diagnosis.blocked_by(result.status) if result.blocked else ""
        if blocked and diagnosis.cause is None and not workload.rollout.complete:
            diagnosis = diagnosis._replace(cause=Cause(network_diagnosis.REASON, blocked))
        # Gates do not wait for the counts of the Deployment.
        held = self._update_gates(key, server, workload, result, deleting=deleting)
        wait = self._wait(key, _grace(deployment, update))
        if wait > 0:
            return ObservedStatus(again=wait)
        if managed_by:
            decision, rollout_status = RollbackDecision(), managed.status(server, manager, format_time(now))
        else:
            decision = self._rollback_policy.decide(key, server, workload, result, str(diagnosis.cause or ""), now)
            decision, rollout_status = self._canary_policy.decide(key, server, update, result, decision, now)
        if decision.newly_validated:
            self._revision_marker.mark_passed(key, server, decision.proved)
        observed = Observed(
            workload.rollout,
            workload.pods,
            Validation(result.status, result.failure),
            diagnosis,
            rolled_back=_rolled_back(server, decision, result),
            error=failure.error(workload.applied) if failure else None,
            deleting=deleting,
            held=held,
            templates=Templates(decision.proved, decision.rollback),
            isolation=result.isolation,
            reachability=result.reachability,
            certificate=self._lister.certificate(key, server),
            rollout_status=rollout_status,
            record=self._last_runs.reconciliation(key, server),
        )
        found = compute_status(workload.server, observed, format_time(now))
        agains = [again for again in (diagnosis.again, result.again, decision.again) if again is not None]
        settled = _is_settled(found, workload.rollout) and not result.running
        return ObservedStatus(found, settled, min(agains, default=None))

    def _update_gates(
        self, key: Key, server: Object, workload: WorkloadSnapshot, result: ValidationResult, *, deleting: bool
    ) -> HeldGate | None:
        if result.answers and not deleting:
            return self._gate_policy.update_gates(key, server, result.answers)
        if not workload.template:
            self._gate_policy.remove(key)
        return None

    def _wait(self, key: Key, grace: float) -> float:
        """Return for how many seconds the Deployment's controller may still be behind.

        :param grace: seconds that it has from when it was first behind; 0 if it is not behind.
        """
        if not grace:
            self._behind.pop(key, None)
            return 0.0
        return grace - (self._clock.now() - self._behind.setdefault(key, self._clock.now()))

    def _forget_pods(self, key: Key, pods: t.Iterable[Object]) -> None:
        now = {str(pod["metadata"]["uid"]) for pod in pods}
        self._diagnoser.forget(self._pods.get(key, set()) - now)
        self._pods[key] = now


def _waits_for_gate(pod: Object) -> bool:
    """Tell whether a Pod would be ready without its gate."""
    conditions = pod["status"].get("conditions") or []
    ready = any(entry.get("type") == "ContainersReady" and entry.get("status") == "True" for entry in conditions)
    return ready and is_gated(pod)


def _rolled_back(server: Object, decision: RollbackDecision, result: ValidationResult) -> RolledBack | None:
    """Return the validation of the newest template while an earlier one serves; None if the newest one serves.

    :param result: the validation of the Pods as they are now. Of the newest template only when the rollback begins.
    """
    if not decision.active:
        return None
    status = server.get("status") or {}
    begins = not (status.get("rollback") or {}).get("active")
    before = dict(result.status if begins and result.unrecoverable else status.get("validation") or {})
    message = str(decision.rollback["message"])
    if before.get("state") != "Failed":
        code = _CODES.get(str(decision.rollback.get("reason")), "DEADLINE_EXCEEDED")
        issue = {"level": "error", "code": code, "message": message}
        before = {**before, "state": "Failed", "issues": [issue]}
    return RolledBack(Validation(before, message), "The last template that passed serves.")


def _is_settled(found: Status, progress: Rollout) -> bool:
    """Tell whether a status persists until something changes."""
    if found["phase"] in ("Failed", "ValidationFailed", "Terminating"):
        return True
    # Without desired Pods, no validation follows.
    if found.get("rollout", {}).get("phase") == PAUSED:
        return True
    return progress.complete and (
        not progress.desired or found["validation"].get("state") not in ("Pending", "Validating")
    )


def _grace(deployment: Object | None, update: Update) -> float:
    """Return how long the Deployment's controller may be behind, in seconds; 0 if it is not behind."""
    newest = update.pods.newest
    if deployment is not None and (newest is None or not update.rollout.observed):
        return _UNOBSERVED
    return _UNCOUNTED if sum(map(is_ready, newest or ())) > update.rollout.ready else 0.0


def _snapshot(server: Object, deployment: Object | None, update: Update, failed_generation: int) -> WorkloadSnapshot:
    """Return what is known of a workload.

    :param failed_generation: the generation that could not be applied; 0 if there is none.
    """
    applied = _applied_generation(deployment) or _observed(server)
    annotations = (deployment or {}).get("metadata", {}).get("annotations") or {}
    return WorkloadSnapshot(
        as_of(server, max(applied, failed_generation) or generation(server)),
        applied,
        update.rollout,
        update.pods.newest or [],
        update.pods.older,
        update.template,
        str(annotations.get(names.ROLLED_BACK_ANNOTATION, "")),
        update.tried,
    )


def _applied_generation(deployment: Object | None) -> int:
    """Return the generation of the MCPServer that a Deployment was made of; 0 if it is unknown."""
    annotations = (deployment or {}).get("metadata", {}).get("annotations") or {}
    text = str(annotations.get(names.GENERATION_ANNOTATION, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _observed(server: Object) -> int:
    return int((server.get("status") or {}).get("observedGeneration") or 0)
