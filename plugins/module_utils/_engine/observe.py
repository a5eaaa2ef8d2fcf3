# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Computes the status of an MCPServer from observed data.

Nothing here reads or writes: deploy passes what it listed and waited for, the operator what its store holds.
"""

from __future__ import annotations

import typing as t

from .._util import clean
from .._workload import pods as rules
from .._workload import validation as rules_of_validation
from .._workload.network_diagnosis import BLOCKED
from .._workload.observation import Error, HeldGate, Observation, Templates
from .._workload.status import status
from .diagnosis import Diagnosis

if t.TYPE_CHECKING:
    from .._workload.network_proof import Isolation
    from .._workload.offers import Pin
    from .._workload.reachability import Reachability
    from .._workload.rollout import Rollout

Object = t.Mapping[str, t.Any]
Status = dict[str, t.Any]

# Fields of status.validation that differ between two validations with the same result.
_OF_THE_ATTEMPT = frozenset({"attempts", "lastAttemptTime", "lastValidated", "validatedGeneration", "results"})
_MAX_RESULTS = 5


class Validation(t.NamedTuple):
    """The validation of all Pods.

    :param status: ``status.validation``.
    :param failure: why it failed, in one line; empty if it did not.
    """

    status: Object
    failure: str = ""


class RolledBack(t.NamedTuple):
    """That the newest template failed and does not serve.

    :param validation: of that template.
    :param action: what was done instead.
    """

    validation: Validation
    action: str


class Observed(t.NamedTuple):
    """What a status is computed from.

    :param pods: of the newest template.
    :param validation: of these Pods.
    :param rolled_back: None unless an earlier template, or none, serves in place of the newest one.
    :param error: why the manifest was not applied.
    :param deleting: the MCPServer is being deleted.
    :param held: why the readiness gate of a Pod that fails is held open.
    :param templates: fingerprints of the template that passed last, and of one that failed.
    :param rollout_status: ``status.rollout``; empty without canaries.
    :param isolation: whether the NetworkPolicy is enforced; None without one.
    :param reachability: whether clients reach the server through its Gateways; None if it is not exposed.
    :param certificate: the Certificate of cert-manager; None without one.
    :param record: of the last reconciliation; empty for the one in the status.
    """

    rollout: Rollout
    pods: t.Sequence[Object]
    validation: Validation
    diagnosis: Diagnosis = Diagnosis()
    rolled_back: t.Optional[RolledBack] = None
    error: t.Optional[Error] = None
    deleting: bool = False
    held: t.Optional[HeldGate] = None
    templates: Templates = Templates()
    rollout_status: Object = {}  # noqa: RUF012 - never modified
    isolation: t.Optional[Isolation] = None
    reachability: t.Optional[Reachability] = None
    certificate: t.Optional[Object] = None
    record: str = ""


def compute_status(server: Object, observed: Observed, now: str) -> Status:
    """Return the whole status of an MCPServer.

    :param server: with its latest status, and the generation that the status is about.
    :param now: RFC 3339 time.
    """
    back = observed.rolled_back
    # The Pods that serve after a rollback say nothing about the template that failed.
    validation = observed.validation if back is None else back.validation
    diagnosis = observed.diagnosis if back is None else Diagnosis()
    return status(
        server,
        Observation(
            observed.rollout,
            validation.status,
            diagnosis.cause,
            failure=validation.failure,
            gave_up=diagnosis.gave_up,
            rolled_back="" if back is None else back.action,
            error=observed.error,
            leaving=observed.deleting,
            restarts=sum(map(rules.restarts, observed.pods)),
            held=observed.held,
            templates=observed.templates,
            rollout_status=observed.rollout_status,
            isolation=observed.isolation,
            reachability=observed.reachability,
            certificate=observed.certificate,
            record=observed.record,
        ),
        now,
    )


def pending_validation(server: Object, *, running: bool = False, problem: str = "") -> Validation:
    """Return the validation of Pods without a result: the last result for this generation, if there is one.

    :param running: a validation is under way.
    :param problem: why no validation is under way.
    """
    found = rules_of_validation.pending(server, running=running)
    if problem and found["state"] in ("Pending", "Validating"):
        issue = {"level": "warning", "code": "VALIDATION_JOB_FAILED", "message": problem[:300]}
        found = {**found, "issues": [issue]}
    return Validation(found, _last_failure(server) if found["state"] == "Failed" else "")


def blocked_validation(server: Object, message: str) -> Validation:
    """Return the validation of Pods that validation cannot connect to, which proves nothing about them.

    :param message: why it cannot; empty while that is being found out.
    """
    status = server.get("status") or {}
    before = status.get("validation") or {}
    if before.get("state") == "Failed":
        server = {**server, "status": {**status, "validation": {**before, "state": "Pending"}}}
    found = rules_of_validation.pending(server, running=not message)
    issues = [issue for issue in found.get("issues") or [] if issue.get("code") != BLOCKED]
    if message:
        issues = [{"level": "warning", "code": BLOCKED, "message": message}, *issues]
    return Validation({**found, "issues": issues})


def validation_of(
    server: Object,
    reports: t.Sequence[Object],
    now: str,
    *,
    attempts: t.Optional[int] = None,
    validated_containers: str = "",
    keep_if_same: bool = False,
    pin: t.Optional[Pin] = None,
) -> Validation:
    """Return the validation of Pods from their reports.

    :param reports: ``Report.to_dict()`` of each Pod, at least one.
    :param now: RFC 3339 time of the validation.
    :param attempts: how often this generation was validated; None for once more than before.
    :param validated_containers: a digest of the containers.
    :param pin: what the server may offer; reports that must match it have been judged.
    :param keep_if_same: a repeated result keeps the time and the count of the first one, so that no status is written.
    """
    before = (server.get("status") or {}).get("validation") or {}
    found = rules_of_validation.verdict(
        server, reports, now, tries=attempts, validated_containers=validated_containers, pin=pin
    )
    found["provedReplicas"] = sum(report["compliant"] is not False for report in reports)
    failure = rules_of_validation.failure(reports) if found["state"] == "Failed" else ""
    if keep_if_same and _without_attempt(found) == _without_attempt(before):
        return Validation(kept_validation(server), failure)
    result = {"time": found["lastAttemptTime"], "state": found["state"]}
    if failure:
        result["message"] = clean(failure, 200)
    return Validation({**found, "results": [result, *(before.get("results") or [])][:_MAX_RESULTS]}, failure)


def kept_validation(server: Object) -> Status:
    """Return ``status.validation`` as it is, for what may be another generation of the same containers."""
    before = dict((server.get("status") or {}).get("validation") or {})
    if before.get("state") == "Validated":
        before["validatedGeneration"] = int(server["metadata"].get("generation") or 0)
    return before


def _without_attempt(validation: Object) -> Status:
    return {name: value for name, value in validation.items() if name not in _OF_THE_ATTEMPT}


def _last_failure(server: Object) -> str:
    """Return why the validation failed, from the condition that says so."""
    for condition in (server.get("status") or {}).get("conditions") or []:
        if condition.get("type") == "Degraded" and condition.get("reason") == "ValidationFailed":
            return str(condition.get("message"))
    return ""
