# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is proved of an MCPServer's Pods, and who is asked so that it is: ``status.validation``."""

from __future__ import annotations

import datetime as dt
import typing as t

from .._vendor._engine.pod_probe import is_transient
from .._vendor._util import clean, format_time
from .._vendor._workload import gate, job, names, stdio, validation
from .._vendor._workload.objects import fingerprint
from .._vendor._workload.probe_spec import ProbeSpec, probe_spec
from .._vendor._workload.timeouts import Timeouts, timeouts
from ..cluster.store import Key, Object
from ..gates import policy
from ..gates import writer as gates
from ..gates.policy import PodAnswer, ValidationResult
from ..validation.http_probe import Answer
from ..validation.job_probe import Asked, ValidationJobs
from ..validation.probe_scheduler import ProbeScheduler
from ..workloads.container_ref import ContainerRef, ProbeRequest, ProbeSchedule, containers_digest, probe_request
from ..workloads.snapshot import Status, WorkloadSnapshot, as_of, generation

# What of a verdict may differ although it says the same.
_WHEN = frozenset({"attempts", "lastAttemptTime", "lastValidated", "validatedGeneration", "results"})
_RESULTS = 5
# For one that may not listen yet: when it does, it is asked again.
_EARLY = Timeouts(whole=2.0, request=2.0, start=0.0, light=2.0)
_PROVED = ("Validated", "AuthRequired")
_OPEN = ("Pending", "Validating")
_NOBODY = Asked({})


class ValidationStatusComputer:
    """Asks in process, or by Jobs where a manifest wants that."""

    def __init__(self, scheduler: ProbeScheduler, jobs: ValidationJobs) -> None:
        self._scheduler = scheduler
        self._jobs = jobs
        self._questions: dict[Key, ProbeSpec] = {}

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone."""
        self._scheduler.set_requests(key, ())
        self._jobs.forget(key)
        self._questions.pop(key, None)

    def look(
        self, key: Key, server: Object, seen: WorkloadSnapshot, now: dt.datetime, *, leaving: bool
    ) -> ValidationResult:
        """Return what is known, and see to it that whoever has to answer is asked."""
        before = dict((server.get("status") or {}).get("validation") or {})
        if leaving or not validation.enabled(server):
            self._scheduler.set_requests(key, ())
            self._jobs.forget(key)
            return ValidationResult(before if leaving else validation.pending(server))
        if seen.applied == generation(server) and seen.rollout.observed:
            # Only what was made of this manifest can answer for it.
            self._questions[key] = probe_spec(server)
        wanted = self._questions.get(key)
        schedule, request = _schedule(server), _request(server)
        requests = [one for pod in seen.pods if (one := _order(pod, server, wanted, schedule, request))]
        others = [
            one
            for pod in seen.others
            if gates.is_gated(pod) and (one := _order(pod, server, None, schedule, request)) is not None
        ]
        asked, known = self._ask(key, server, before, requests, others, now)
        gated = {pod["metadata"]["uid"]: pod for pod in (*seen.pods, *seen.others) if gates.is_gated(pod)}
        answers = tuple(
            PodAnswer(gated[one.container.pod], asked.answers.get(one.container), one.spec)
            for one in (*requests, *others)
            if one.container.pod in gated
        )
        about_newest = {pod["metadata"]["uid"] for pod in seen.pods}
        newest = [one for one in answers if one.pod["metadata"]["uid"] in about_newest]
        found = self._verdict(server, seen, before, requests, asked, now, known=known)
        passing = [one.answer is not None and policy.passes(one.answer, one.spec) for one in newest]
        return found._replace(
            answers=answers,
            passed=bool(passing) and len(passing) == len(seen.pods) and (known or all(passing)),
            unrecoverable=any(
                one.answer is not None and not policy.passes(one.answer, one.spec) and not is_transient(one.answer)
                for one in newest
            ),
        )

    def _verdict(
        self,
        server: Object,
        seen: WorkloadSnapshot,
        before: Status,
        requests: t.Sequence[ProbeRequest],
        asked: Asked,
        now: dt.datetime,
        *,
        known: bool,
    ) -> ValidationResult:
        if known:
            return ValidationResult(_carried_over(before, before, seen.applied), again=asked.again)
        # By the Pods' names, so that of several that are equally bad it is always the same one that is told of.
        told = [(one.container, asked.answers[one.container]) for one in requests if one.container in asked.answers]
        as_applied = as_of(server, seen.applied or generation(server))
        unready = not any(one.ready for one in requests)
        if not told or (unready and before.get("state", "Pending") in _OPEN):
            reached = seen.rollout.ready or (seen.template and any(one.ready for one in requests))
            waiting = validation.pending(as_applied, running=asked.running and bool(reached))
            if asked.trouble and waiting["state"] in _OPEN:
                issue = {"level": "warning", "code": "VALIDATION_JOB_FAILED", "message": asked.trouble[:300]}
                waiting = {**waiting, "issues": [issue]}
            words = _words(server) if waiting["state"] == "Failed" else ""
            return ValidationResult(waiting, words, asked.running, asked.again)
        reports = [answer for _subject, answer in told]
        about = containers_digest(container for container, _answer in told)
        found = validation.verdict(as_applied, reports, format_time(now), tries=asked.tries, validated_containers=about)
        found["provedReplicas"] = sum(answer["compliant"] is not False for answer in reports)
        words = validation.failure(reports) if found["state"] == "Failed" else ""
        same = _essence(found) == _essence(before)
        status = _carried_over(before, found, seen.applied) if same else _with_results(before, found, words)
        return ValidationResult(status, words, asked.running, asked.again)

    def _ask(
        self,
        key: Key,
        server: Object,
        before: Status,
        requests: t.Sequence[ProbeRequest],
        others: t.Sequence[ProbeRequest],
        now: dt.datetime,
    ) -> tuple[Asked, bool]:
        """Return what is known, and whether that is what an operator before us has proved.

        :param others: of Pods of earlier templates.
        """
        everybody = [*requests, *others]
        if job.runner(server) == "job":
            self._scheduler.set_requests(key, ())
            if not everybody:
                return _NOBODY, False
            asked = self._jobs.ask(key, server, everybody, now, known=_is_known(before, requests, {}))
            return asked, _is_known(before, requests, asked.answers)
        self._jobs.forget(key)
        answers = self._scheduler.answers(key)
        known = _is_known(before, requests, answers)
        # Whoever has answered once need not be ready for that to stand.
        wanted = [one for one in everybody if one.ready or one.early or one.container in answers]
        self._scheduler.set_requests(key, wanted, known=known)
        asked = Asked(self._scheduler.answers(key), self._scheduler.attempts(key), self._scheduler.has_unanswered(key))
        return asked, known


def _is_known(before: Status, requests: t.Sequence[ProbeRequest], answers: t.Mapping[ContainerRef, Answer]) -> bool:
    """Tell whether an operator before us has proved exactly these containers, by the same question."""
    open_ones = [one for one in requests if one.ready and one.container not in answers]
    if not open_ones or before.get("state") not in _PROVED:
        return False
    if any(answer["compliant"] is False for answer in answers.values()):
        return False
    return bool(before.get("proof") == containers_digest(one.container for one in requests if one.ready))


def _order(
    pod: Object, server: Object, wanted: ProbeSpec | None, schedule: ProbeSchedule, request: str
) -> ProbeRequest | None:
    """Return how a Pod is asked: one with a gate says itself what, as it may be of another template.

    Such a one is asked as soon as it runs, so that its gate is open when the kubelet looks: once the containers are
    ready, it looks again only two seconds later.
    """
    gated = gates.is_gated(pod)
    asked = gate.probe_spec_of(pod, server) if gated else wanted
    found = probe_request(pod, asked, schedule, request, timeouts(server)) if asked else None
    if found is None or found.ready or not gated or stdio.starts_for_each(server["spec"]):
        return found
    return found._replace(early=True, timeouts=_EARLY) if gates.is_running(pod) else found


def _schedule(server: Object) -> ProbeSchedule:
    light, threshold = validation.probe(server)
    return ProbeSchedule(validation.interval(server), light, threshold)


def _request(server: Object) -> str:
    """Return what is to be another text where everything is to be proved anew."""
    value = (server["metadata"].get("annotations") or {}).get(names.REVALIDATE_ANNOTATION)
    return f"-{fingerprint(value)}" if value else ""


def _with_results(before: Status, found: Status, words: str) -> Status:
    """Return a verdict with those before it."""
    result = {"time": found["lastAttemptTime"], "state": found["state"]}
    if words:
        result["message"] = clean(words, 200)
    return {**found, "results": [result, *(before.get("results") or [])][:_RESULTS]}


def _essence(verdict: Status) -> Status:
    return {name: value for name, value in verdict.items() if name not in _WHEN}


def _carried_over(before: Status, found: Status, applied: int) -> Status:
    """Return a verdict that says what it said before, for what may be another generation of the same containers."""
    return {**before, "validatedGeneration": applied} if found["state"] == "Validated" and applied else before


def _words(server: Object) -> str:
    """Return why validation failed, as the status says it: what was written before still stands."""
    for condition in (server.get("status") or {}).get("conditions") or []:
        if condition.get("type") == "Degraded" and condition.get("reason") == "ValidationFailed":
            return str(condition.get("message"))
    return ""
