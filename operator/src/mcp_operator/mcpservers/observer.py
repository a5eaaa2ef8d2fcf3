# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""From what the store has of one MCPServer to its status, and to the Pods that are to be asked."""

from __future__ import annotations

import datetime as dt
import time
import typing as t

from .._vendor._workload import names, validation
from .._vendor._workload import pods as rules
from .._vendor._workload import status as statuses
from .._vendor._workload.question import Question, question
from .._vendor._workload.rollout import Rollout, rollout
from ..cluster.store import Key, Object
from .applied import Applied
from .diagnosis import Diagnosis, Doctor
from .family import Family
from .subject import Order, order, proof
from .validations import Validations

# Seconds for which a Deployment that its controller has not looked at yet says nothing new.
_UNOBSERVED = 5.0
# Likewise for one that does not count a Pod yet which the kubelet says is ready.
_UNCOUNTED = 1.0
# What of a verdict may differ although it says the same.
_WHEN = frozenset({"attempts", "lastAttemptTime", "lastValidated", "validatedGeneration"})
_PROVED = ("Validated", "AuthRequired")

Status = dict[str, t.Any]


class Look(t.NamedTuple):
    """What came of looking at an MCPServer.

    :param status: what its status should be; None while that is not known.
    :param settled: nothing more is on its way.
    :param again: seconds after which another look may show more; None where only a change can.
    """

    status: Status | None = None
    settled: bool = False
    again: float | None = None


class _Seen(t.NamedTuple):
    """The workload as it is now: of which generation, how far, and the Pods of the newest template."""

    server: Object
    applied: int
    rollout: Rollout
    pods: list[Object]


class Observer:
    """Looks at one MCPServer at a time, in one thread."""

    def __init__(self, family: Family, applied: Applied, validations: Validations, doctor: Doctor) -> None:
        self._family = family
        self._applied = applied
        self._validations = validations
        self._doctor = doctor
        self._questions: dict[Key, Question] = {}
        self._behind: dict[Key, float] = {}
        self._pods: dict[Key, set[str]] = {}

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone."""
        self._validations.want(key, ())
        self._applied.forget(key)
        self._doctor.forget(self._pods.pop(key, ()))
        self._questions.pop(key, None)
        self._behind.pop(key, None)

    def look(self, key: Key, server: Object) -> Look:
        """Look at an MCPServer.

        :param server: with the status that was written last.
        """
        now = dt.datetime.now(dt.UTC)
        deployment = self._family.deployment(key, server)
        progress = rollout(deployment)
        pods = self._family.pods(deployment) if deployment is not None else []
        behind = 0.0
        if deployment is not None and (pods is None or not progress.observed):
            # Its controller is about to say what it makes of the change; until then everything here is of before.
            behind = _UNOBSERVED
        elif sum(rules.is_ready(pod) for pod in pods or ()) > progress.ready:
            behind = _UNCOUNTED
        failure = self._applied.failure(key, server)
        made_of = _made_of(deployment) or _observed(server)
        observed = max(made_of, failure.generation if failure else 0) or _generation(server)
        seen = _Seen(_as_of(server, observed), made_of, progress, pods or [])
        leaving = bool(server["metadata"].get("deletionTimestamp"))
        diagnosis = Diagnosis()
        if deployment is not None and not leaving and progress.ready < progress.desired:
            diagnosis = self._doctor.look(key, deployment, seen.pods, now)
        self._forget_pods(key, seen.pods)
        verdict, words = self._verdict(key, server, seen, now, leaving=leaving)
        wait = self._wait(key, behind)
        if wait > 0:
            return Look(again=wait)
        observation = statuses.Observation(
            progress,
            verdict,
            diagnosis.cause,
            failure=words,
            gave_up=diagnosis.gave_up,
            error=failure.error(made_of) if failure else None,
            leaving=leaving,
        )
        found = statuses.status(seen.server, observation, _text(now))
        settled = _settled(found, progress) and not self._validations.unasked(key)
        return Look(found, settled, diagnosis.again)

    def _wait(self, key: Key, behind: float) -> float:
        """Return for how long a Deployment's controller is still waited for.

        :param behind: seconds that it is given from when it first was behind what is known; 0 where it is not.
        """
        if not behind:
            self._behind.pop(key, None)
            return 0.0
        return behind - (time.monotonic() - self._behind.setdefault(key, time.monotonic()))

    def _verdict(self, key: Key, server: Object, seen: _Seen, now: dt.datetime, *, leaving: bool) -> tuple[Status, str]:
        """Return ``status.validation`` and, where it failed, why in one line; see to it that who has to answer does."""
        before = _validation(server)
        if leaving or not validation.enabled(server):
            self._validations.want(key, ())
            return (before, "") if leaving else (validation.pending(server), "")
        if seen.applied == _generation(server) and seen.rollout.observed:
            # Only what was made of this manifest can answer for it.
            self._questions[key] = question(server)
        asked = self._questions.get(key)
        possible = [order(pod, asked) for pod in seen.pods] if asked else []
        orders = [one for one in possible if one is not None]
        if self._is_known(key, before, orders):
            return _carried_over(before, before, seen.applied), ""
        answers = self._validations.answers(key)
        # Whoever has answered once need not be ready for that to stand.
        orders = [one for one in orders if one.ready or one.subject in answers]
        self._validations.want(key, orders)
        # By the Pods' names, so that of several that are equally bad it is always the same one that is told of.
        told = [(one.subject, answers[one.subject]) for one in orders if one.subject in answers]
        as_applied = _as_of(server, seen.applied or _generation(server))
        if not told:
            running = bool(orders) and bool(seen.rollout.ready)
            waiting = validation.pending(as_applied, running=running)
            return waiting, _words(server) if waiting.get("state") == "Failed" else ""
        reports = [answer for _subject, answer in told]
        found = validation.verdict(
            as_applied,
            reports,
            _text(now),
            tries=self._validations.tries(key),
            proof=proof(subject for subject, _answer in told),
        )
        words = validation.failure(reports) if found["state"] == "Failed" else ""
        same = _essence(found) == _essence(before)
        return (_carried_over(before, found, seen.applied) if same else found), words

    def _is_known(self, key: Key, before: Status, orders: t.Sequence[Order]) -> bool:
        """Tell whether an operator before us has proved exactly these containers, by the same question."""
        if not orders or before.get("state") not in _PROVED or self._validations.tries(key):
            return False
        return before.get("proof") == proof(one.subject for one in orders if one.ready)

    def _forget_pods(self, key: Key, pods: t.Iterable[Object]) -> None:
        now = {str(pod["metadata"]["uid"]) for pod in pods}
        self._doctor.forget(self._pods.get(key, set()) - now)
        self._pods[key] = now


def _settled(found: Status, progress: Rollout) -> bool:
    """Tell whether a status is one that stays until something happens."""
    if found["phase"] in ("Failed", "ValidationFailed", "Terminating"):
        return True
    return progress.complete and found["validation"].get("state") not in ("Pending", "Validating")


def _essence(verdict: Status) -> Status:
    return {name: value for name, value in verdict.items() if name not in _WHEN}


def _carried_over(before: Status, found: Status, applied: int) -> Status:
    """Return a verdict that says what it said before, for what may be another generation of the same containers."""
    return {**before, "validatedGeneration": applied} if found["state"] == "Validated" and applied else before


def _validation(server: Object) -> Status:
    return dict((server.get("status") or {}).get("validation") or {})


def _words(server: Object) -> str:
    """Return why validation failed, as the status says it: what was written before still stands."""
    for condition in (server.get("status") or {}).get("conditions") or []:
        if condition.get("type") == "Degraded" and condition.get("reason") == "ValidationFailed":
            return str(condition.get("message"))
    return ""


def _made_of(deployment: Object | None) -> int:
    """Return the generation of the MCPServer that a Deployment was made of; 0 where it does not say."""
    annotations = (deployment or {}).get("metadata", {}).get("annotations") or {}
    text = str(annotations.get(names.GENERATION_ANNOTATION, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _as_of(server: Object, generation: int) -> Object:
    return {**server, "metadata": {**server["metadata"], "generation": generation}}


def _generation(server: Object) -> int:
    return int(server["metadata"].get("generation") or 0)


def _observed(server: Object) -> int:
    return int((server.get("status") or {}).get("observedGeneration") or 0)


def _text(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
