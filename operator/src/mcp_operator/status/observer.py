# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""From what the store has of one MCPServer to its status, and to the Pods that are to be asked."""

from __future__ import annotations

import datetime as dt
import typing as t

from .._vendor._engine.diagnosis import Diagnosis
from .._vendor._util import format_time
from .._vendor._workload import names
from .._vendor._workload import pods as rules
from .._vendor._workload import status as statuses
from .._vendor._workload.pod_selector import SelectedPods
from .._vendor._workload.rollout import Rollout, rollout
from ..clock import SYSTEM, Clock
from ..cluster.store import Key, Object
from ..gates.policy import GatePolicy
from ..gates.revision_history import RevisionMarker
from ..gates.rollback import RollbackDecision, RollbackPolicy
from ..gates.writer import is_gated
from ..workloads.lister import WorkloadLister
from ..workloads.snapshot import Status, WorkloadSnapshot, as_of, generation
from .diagnosis import PodDiagnoser
from .last_run import LastRuns
from .validation_status import ValidationStatusComputer

# Seconds for which a Deployment that its controller has not looked at yet says nothing new.
_UNOBSERVED = 5.0
# Likewise for one that does not count a Pod yet which the kubelet says is ready.
_UNCOUNTED = 1.0


class Look(t.NamedTuple):
    """What came of looking at an MCPServer.

    :param status: what its status should be; None while that is not known.
    :param settled: nothing more is on its way.
    :param again: seconds after which another look may show more; None where only a change can.
    """

    status: Status | None = None
    settled: bool = False
    again: float | None = None


class Observer:
    """Looks at one MCPServer at a time, in one thread."""

    def __init__(
        self,
        lister: WorkloadLister,
        last_runs: LastRuns,
        verdicts: ValidationStatusComputer,
        doctor: PodDiagnoser,
        gate_policy: GatePolicy,
        revision_marker: RevisionMarker,
        clock: Clock = SYSTEM,
    ) -> None:
        self._clock = clock
        self._gate_policy = gate_policy
        self._revision_marker = revision_marker
        self._rollback_policy = RollbackPolicy(clock.now)
        self._lister = lister
        self._last_runs = last_runs
        self._verdicts = verdicts
        self._diagnoser = doctor
        self._behind: dict[Key, float] = {}
        self._pods: dict[Key, set[str]] = {}

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone."""
        self._verdicts.forget(key)
        self._last_runs.remove(key)
        self._diagnoser.forget(self._pods.pop(key, ()))
        self._gate_policy.remove(key)
        self._rollback_policy.remove(key)
        self._behind.pop(key, None)

    def look(self, key: Key, server: Object) -> Look:
        """Look at an MCPServer.

        :param server: with the status that was written last.
        """
        now = dt.datetime.fromtimestamp(self._clock.epoch(), dt.UTC)
        deployment = self._lister.deployment(key, server)
        progress = rollout(deployment)
        selected = self._lister.pods(deployment) if deployment is not None else SelectedPods(newest=[])
        behind = 0.0
        if deployment is not None and (selected.newest is None or not progress.observed):
            # Its controller is about to say what it makes of the change; until then everything here is of before.
            behind = _UNOBSERVED
        elif sum(map(rules.is_ready, selected.newest or ())) > progress.ready:
            behind = _UNCOUNTED
        failure = self._last_runs.failure(key, server)
        made_of = _made_of(deployment) or _observed(server)
        observed = max(made_of, failure.generation if failure else 0) or generation(server)
        annotations = (deployment or {}).get("metadata", {}).get("annotations") or {}
        seen = WorkloadSnapshot(
            as_of(server, observed),
            made_of,
            progress,
            selected.newest or [],
            selected.older,
            _template(selected.replica_set),
            str(annotations.get(names.ROLLED_BACK_ANNOTATION, "")),
        )
        leaving = bool(server["metadata"].get("deletionTimestamp"))
        diagnosis = Diagnosis()
        if deployment is not None and not leaving and not progress.complete:
            # Also where as many as are wanted are ready: those may all be of an earlier template.
            waiting = [pod for pod in seen.pods if not _waits_for_gate(pod)]
            diagnosis = self._diagnoser.diagnose(key, server, deployment, waiting, now)
        self._forget_pods(key, seen.pods)
        verdict = self._verdicts.look(key, server, seen, now, leaving=leaving)
        held = None
        if verdict.answers and not leaving:
            # The gates come first: whoever is proved is not to wait until somebody else is counted.
            held = self._gate_policy.update_gates(key, server, verdict.answers)
        elif not seen.template:
            self._gate_policy.remove(key)
        wait = self._wait(key, behind)
        if wait > 0:
            return Look(again=wait)
        decision = self._rollback_policy.decide(key, server, seen, verdict, str(diagnosis.cause or ""), now)
        if decision.newly_validated:
            self._revision_marker.mark_passed(key, server, decision.proved)
        back = decision.active
        observation = statuses.Observation(
            progress,
            _refused(server, decision) if back else verdict.status,
            None if back else diagnosis.cause,
            failure=str(decision.rollback["message"]) if back else verdict.failure,
            gave_up=diagnosis.gave_up and not back,
            rolled_back="The last template that passed serves." if back else "",
            error=failure.error(made_of) if failure else None,
            leaving=leaving,
            restarts=sum(map(rules.restarts, seen.pods)),
            held=held,
            templates=statuses.Templates(decision.proved, decision.rollback),
        )
        found = statuses.status(seen.server, observation, format_time(now))
        agains = [again for again in (diagnosis.again, verdict.again, decision.again) if again is not None]
        return Look(found, _settled(found, progress) and not verdict.running, min(agains, default=None))

    def _wait(self, key: Key, behind: float) -> float:
        """Return for how long a Deployment's controller is still waited for.

        :param behind: seconds that it is given from when it first was behind what is known; 0 where it is not.
        """
        if not behind:
            self._behind.pop(key, None)
            return 0.0
        return behind - (self._clock.now() - self._behind.setdefault(key, self._clock.now()))

    def _forget_pods(self, key: Key, pods: t.Iterable[Object]) -> None:
        now = {str(pod["metadata"]["uid"]) for pod in pods}
        self._diagnoser.forget(self._pods.get(key, set()) - now)
        self._pods[key] = now


def _waits_for_gate(pod: Object) -> bool:
    """Tell whether nothing but its gate keeps a Pod from being ready."""
    conditions = pod["status"].get("conditions") or []
    ready = any(entry.get("type") == "ContainersReady" and entry.get("status") == "True" for entry in conditions)
    return ready and is_gated(pod)


def _refused(server: Object, decision: RollbackDecision) -> Status:
    """Return the verdict on the template that is wanted, while another one serves."""
    before = dict((server.get("status") or {}).get("validation") or {})
    if before.get("state") == "Failed":
        return before
    issue = {"level": "error", "code": "DEADLINE_EXCEEDED", "message": decision.rollback["message"]}
    return {**before, "state": "Failed", "issues": [issue]}


def _settled(found: Status, progress: Rollout) -> bool:
    """Tell whether a status is one that stays until something happens."""
    if found["phase"] in ("Failed", "ValidationFailed", "Terminating"):
        return True
    # Where no Pod is wanted, nobody will answer.
    return progress.complete and (
        not progress.desired or found["validation"].get("state") not in ("Pending", "Validating")
    )


def _template(replica_set: Object | None) -> str:
    """Return the fingerprint of a ReplicaSet's Pod template; empty if its Pods have no readiness gate."""
    return str((replica_set["metadata"].get("labels") or {}).get(names.TEMPLATE_LABEL, "")) if replica_set else ""


def _made_of(deployment: Object | None) -> int:
    """Return the generation of the MCPServer that a Deployment was made of; 0 where it does not say."""
    annotations = (deployment or {}).get("metadata", {}).get("annotations") or {}
    text = str(annotations.get(names.GENERATION_ANNOTATION, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _observed(server: Object) -> int:
    return int((server.get("status") or {}).get("observedGeneration") or 0)
