# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Computes `status.validation` and decides which Pods to probe next."""

from __future__ import annotations

import datetime as dt
import functools
import typing as t

from .._vendor._engine.observe import Validation, blocked_validation, kept_validation, pending_validation, validation_of
from .._vendor._engine.pod_probe import Ending, ending_in, may_still_start
from .._vendor._util import format_time
from .._vendor._workload import gate, job, names, stdio, validation
from .._vendor._workload.objects import fingerprint
from .._vendor._workload.offers import Pin, is_offer_changed, pin_of
from .._vendor._workload.probe_access import ProbeAccess
from .._vendor._workload.probe_spec import ProbeSpec
from .._vendor._workload.timeouts import Timeouts, timeouts
from .._vendor._workload.validation_interval import revalidation_interval
from ..cluster.store import Key, Object
from ..gates import policy
from ..gates import writer as gates
from ..gates.policy import PodAnswer, ValidationResult
from ..validation.access_reader import AccessReader
from ..validation.http_probe import Answer
from ..validation.job_probe import ProbeResults, ValidationJobs
from ..validation.network_proof import NetworkProofs
from ..validation.offer_texts import OfferTexts, named
from ..validation.probe_scheduler import ProbeScheduler
from ..validation.prober import Prober
from ..validation.reachability_checks import ReachabilityChecks
from ..workloads.container_ref import ContainerRef, ProbeRequest, ProbeSchedule, containers_digest, probe_request
from ..workloads.snapshot import Status, WorkloadSnapshot, as_of, generation
from .applied_specs import AppliedSpecs
from .offer_judge import OfferJudge
from .pod_tool_calls import PodToolCalls
from .policy_diagnosis import PolicyDiagnoser

# For a container that may not listen yet: it is probed again once it does.
_EARLY = Timeouts(whole=2.0, request=2.0, start=0.0, light=2.0)
_PASSED, _OPEN = ("Validated", "AuthRequired"), ("Pending", "Validating")


class NetworkChecks(t.NamedTuple):
    """What is checked of the network: which policies close it, whether the own one is enforced, and Gateways."""

    policies: PolicyDiagnoser
    proofs: NetworkProofs
    gateways: ReachabilityChecks


class ValidationStatusComputer:
    """Validates from this process, or by Jobs where the manifest says so."""

    def __init__(
        self,
        scheduler: ProbeScheduler,
        prober: Prober,
        jobs: ValidationJobs,
        credentials: AccessReader,
        texts: OfferTexts,
        network: NetworkChecks,
    ) -> None:
        self._prober = prober
        self._scheduler = scheduler
        self._credentials = credentials
        self._jobs = jobs
        self._specs = AppliedSpecs()
        self._offer_judge = OfferJudge()
        self._texts = texts
        self._policies, self._proofs, self._gateways = network
        self._tool_calls = PodToolCalls()

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone."""
        self._scheduler.forget(key)
        self._proofs.forget(key)
        self._gateways.forget(key)
        self._jobs.forget(key)
        self._credentials.forget(key)
        self._specs.forget(key)
        self._offer_judge.forget(key)
        self._texts.forget(key)
        self._tool_calls.forget(key)

    def compute(
        self, key: Key, server: Object, workload: WorkloadSnapshot, now: dt.datetime, *, leaving: bool
    ) -> ValidationResult:
        """Return the validation of all Pods and of their isolation, and request the probes that are missing."""
        result = self._compute(key, server, workload, now, leaving=leaving)
        validated = result.status.get("state") == "Validated" and workload.rollout.complete and not leaving
        isolation, again = self._proofs.prove(key, server, workload.pods, now, validated=validated)
        reached, recheck = self._gateways.reachability(key, server)
        agains = [seconds for seconds in (result.again, again, recheck) if seconds is not None]
        return result._replace(isolation=isolation, reachability=reached, again=min(agains, default=None))

    def _compute(
        self, key: Key, server: Object, workload: WorkloadSnapshot, now: dt.datetime, *, leaving: bool
    ) -> ValidationResult:
        before = dict((server.get("status") or {}).get("validation") or {})
        if leaving or not validation.enabled(server):
            self._scheduler.forget(key)
            self._jobs.forget(key)
            self._credentials.forget(key)
            return ValidationResult(before if leaving else validation.pending(server))
        if workload.applied == generation(server) and workload.rollout.observed:
            # Only Pods that were made of this manifest are validated against it.
            self._specs.record(key, server)
        wanted = self._specs.of(key)
        self._tool_calls.update(key, workload, wanted)
        access = self._credentials.access(key, server)
        if access is None:  # what is known remains, until they are read
            found = pending_validation(as_of(server, workload.applied or generation(server)))
            return ValidationResult(dict(found.status), found.failure, running=True, waiting=True)
        requests = self._requests(key, server, access, workload.pods, wanted)
        gated = {pod["metadata"]["uid"]: pod for pod in (*workload.pods, *workload.others) if gates.is_gated(pod)}
        others = [
            one._replace(unproven=not gates.is_validated(gated[one.container.pod]))
            for one in self._requests(key, server, access, list(filter(gates.is_gated, workload.others)), None)
        ]
        pin = self._pin(key, server, access)
        results, known = self._probe(key, server, pin, requests, others, now)
        results = results._replace(answers=self._offer_judge.judge(key, server, workload, pin, results.answers))
        answers = tuple(
            PodAnswer(gated[one.container.pod], results.answers.get(one.container), one.spec)
            for one in (*requests, *others)
            if one.container.pod in gated
        )
        about_newest = {pod["metadata"]["uid"] for pod in workload.pods}
        newest = [one for one in answers if one.pod["metadata"]["uid"] in about_newest]
        blocked = None if known else self._policies.blocked(key, server, workload.pods, requests, results.answers)
        if blocked is not None:
            found = blocked_validation(as_of(server, workload.applied or generation(server)), blocked.message)
        elif known:
            found = Validation(kept_validation(as_of(server, workload.applied or generation(server))))
        else:
            found = self._validation(server, workload, requests, results, now, pin)
        passing = [one.answer is not None and policy.passes(one.answer, one.spec) for one in newest]
        return ValidationResult(
            dict(found.status),
            found.failure,
            running=results.running and not known,
            again=results.again,
            answers=answers,
            probed=results.began,
            blocked=blocked is not None,
            waiting=results.began is None and job.runner(server) != "job" and any(map(_is_probed_now, requests)),
            passed=bool(passing) and len(passing) == len(workload.pods) and (known or all(passing)),
            unrecoverable=any(
                one.answer is not None and not policy.passes(one.answer, one.spec) and not may_still_start(one.answer)
                for one in newest
            ),
        )

    def _requests(
        self, key: Key, server: Object, access: ProbeAccess, pods: t.Sequence[Object], wanted: ProbeSpec | None
    ) -> list[ProbeRequest]:
        """Return requests to probe Pods. A Pod with a gate names its spec, since its template may be an earlier one.

        :param wanted: for Pods without a gate.
        """
        if not pods:
            return []
        schedule, request = _schedule(server), _request(server, access)
        keep = functools.partial(self._texts.keep, key) if pin_of(server) is not None else None
        found: list[ProbeRequest] = []
        for pod in pods:
            spec = wanted
            if gates.is_gated(pod):
                own = gate.probe_spec_of(pod, server)
                spec = own and self._tool_calls.add_to(own, key, str(pod["metadata"]["uid"]))
            one = _probe_request(pod, server, spec, schedule, request)
            found += [] if one is None else [one._replace(access=access, keep_offers=keep)]
        return found

    def _pin(self, key: Key, server: Object, access: ProbeAccess) -> Pin | None:
        pin = pin_of(server, access.pin)
        return pin and pin._replace(compare=lambda old, new: named(self._texts.changes(key, old, new)))

    def _validation(
        self,
        server: Object,
        workload: WorkloadSnapshot,
        requests: t.Sequence[ProbeRequest],
        results: ProbeResults,
        now: dt.datetime,
        pin: Pin | None,
    ) -> Validation:
        before = (server.get("status") or {}).get("validation") or {}
        # By the Pods' names, so that of several equally bad Pods the status always shows the same one.
        answered = [one.container for one in requests if one.container in results.answers]
        as_applied = as_of(server, workload.applied or generation(server))
        # Of a container that is not ready, only a success is recorded, which may offer what is not approved.
        refused = any(is_offer_changed(results.answers[container]) for container in answered)
        unready = not refused and not any(one.ready for one in requests)
        if not answered or (unready and before.get("state", "Pending") in _OPEN):
            reached = workload.rollout.ready or (workload.template and not unready)
            return pending_validation(as_applied, running=results.running and bool(reached), problem=results.problem)
        return validation_of(
            as_applied,
            [results.answers[container] for container in answered],
            format_time(now),
            attempts=results.tries,
            validated_containers=containers_digest(answered),
            keep_if_same=True,
            pin=pin,
        )

    def _probe(
        self,
        key: Key,
        server: Object,
        pin: Pin | None,
        requests: t.Sequence[ProbeRequest],
        others: t.Sequence[ProbeRequest],
        now: dt.datetime,
    ) -> tuple[ProbeResults, bool]:
        """Return the known results, and whether an earlier process of the operator has validated these containers.

        :param others: requests for Pods that the status is not about.
        """
        before = (server.get("status") or {}).get("validation") or {}
        all_requests, reported = [*requests, *others], _reported_ending(server, before)
        if job.runner(server) == "job":
            self._scheduler.forget(key)
            if not all_requests:
                return ProbeResults({}), False
            approved = _is_approved(before, pin)
            known = approved and _is_known(before, requests, {})
            results = self._jobs.probe(key, server, all_requests, now, known=known, reported=reported)
            return results, approved and _is_known(before, requests, results.answers)
        self._jobs.forget(key)
        self._prober.observe_restarts(key, all_requests, reported=reported)
        answers = self._scheduler.answers(key)
        known = _is_approved(before, pin) and _is_known(before, requests, answers)
        # The result of a container remains valid while the container is not ready.
        wanted = [one for one in all_requests if _is_probed_now(one) or one.container in answers]
        self._scheduler.set_requests(key, wanted, known=known)
        results = ProbeResults(
            self._scheduler.answers(key),
            self._scheduler.attempts(key),
            self._scheduler.has_unanswered(key),
            began=self._scheduler.first_began(key, (one.container for one in requests)),
        )
        return results, known


def _reported_ending(server: Object, before: Status) -> Ending | None:
    """Return how this generation of a server ends with its session, if an earlier process found that."""
    return ending_in(before.get("issues") or []) if before.get("validatedGeneration") == generation(server) else None


def _is_known(before: Status, requests: t.Sequence[ProbeRequest], answers: t.Mapping[ContainerRef, Answer]) -> bool:
    """Tell whether an earlier process of the operator has validated exactly these containers."""
    open_ones = [one for one in requests if one.ready and one.container not in answers]
    if not open_ones or before.get("state") not in _PASSED:
        return False
    if any(answers[one.container]["compliant"] is False for one in requests if one.container in answers):
        return False
    return bool(before.get("proof") == containers_digest(one.container for one in requests if one.ready))


def _is_approved(before: Status, pin: Pin | None) -> bool:
    """Tell whether the offers in the status are approved, or need not be."""
    if pin is None or not pin.required:
        return True
    offers = before.get("offers") or {}
    return bool(pin.approved) and offers.get("digest") == pin.approved and not offers.get("replicasDiffer")


def _probe_request(
    pod: Object, server: Object, spec: ProbeSpec | None, schedule: ProbeSchedule, request: str
) -> ProbeRequest | None:
    """Return a request to probe a Pod.

    A Pod with a gate is probed as soon as it runs, so that its gate is open when the kubelet evaluates it: once the
    containers are ready, the next evaluation is two seconds later.
    """
    gated = gates.is_gated(pod)
    found = probe_request(pod, spec, schedule, request, timeouts(server)) if spec else None
    if found is None or found.ready or not gated or stdio.starts_for_each(server["spec"]):
        return found
    return found._replace(early=True, timeouts=_EARLY) if gates.is_running(pod) else found


def _is_probed_now(request: ProbeRequest) -> bool:
    return request.ready or request.early


def _schedule(server: Object) -> ProbeSchedule:
    light, threshold = validation.probe(server)
    return ProbeSchedule(revalidation_interval(server), light, threshold)


def _request(server: Object, access: ProbeAccess) -> str:
    """Return a text that changes when the user requests a new validation, and when the credentials change."""
    value = (server["metadata"].get("annotations") or {}).get(names.REVALIDATE_ANNOTATION)
    return "".join(f"-{text}" for text in (value and fingerprint(value), access.version) if text)
