# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is proved of an MCPServer's Pods, and who is asked so that it is: ``status.validation``."""

from __future__ import annotations

import datetime as dt
import typing as t

from .._vendor._workload import job, validation
from .._vendor._workload.question import Question, question
from ..cluster.store import Key, Object
from .jobs import Asked, ValidationJobs
from .seen import Seen, Status, as_of, generation, text_of
from .subject import Order, order, proof
from .validations import Validations

# What of a verdict may differ although it says the same.
_WHEN = frozenset({"attempts", "lastAttemptTime", "lastValidated", "validatedGeneration"})
_PROVED = ("Validated", "AuthRequired")
_NOBODY = Asked({})


class Verdict(t.NamedTuple):
    """What is known of all Pods together.

    :param status: as ``status.validation`` says it.
    :param failure: why it failed, in one line; empty where it did not.
    :param running: somebody still has to answer for the first time.
    :param again: seconds after which another look may show more; None where only a change can.
    """

    status: Status
    failure: str = ""
    running: bool = False
    again: float | None = None


class Verdicts:
    """Asks in process, or by Jobs where a manifest wants that."""

    def __init__(self, validations: Validations, jobs: ValidationJobs) -> None:
        self._validations = validations
        self._jobs = jobs
        self._questions: dict[Key, Question] = {}

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone."""
        self._validations.want(key, ())
        self._jobs.forget(key)
        self._questions.pop(key, None)

    def look(self, key: Key, server: Object, seen: Seen, now: dt.datetime, *, leaving: bool) -> Verdict:
        """Return what is known, and see to it that whoever has to answer is asked."""
        before = dict((server.get("status") or {}).get("validation") or {})
        if leaving or not validation.enabled(server):
            self._validations.want(key, ())
            return Verdict(before if leaving else validation.pending(server))
        if seen.applied == generation(server) and seen.rollout.observed:
            # Only what was made of this manifest can answer for it.
            self._questions[key] = question(server)
        wanted = self._questions.get(key)
        possible = [order(pod, wanted) for pod in seen.pods] if wanted else []
        orders = [one for one in possible if one is not None]
        if self._is_known(key, before, orders):
            return Verdict(_carried_over(before, before, seen.applied))
        asked = self._ask(key, server, orders, now)
        # By the Pods' names, so that of several that are equally bad it is always the same one that is told of.
        told = [(one.subject, asked.answers[one.subject]) for one in orders if one.subject in asked.answers]
        as_applied = as_of(server, seen.applied or generation(server))
        if not told:
            waiting = validation.pending(as_applied, running=asked.running and bool(seen.rollout.ready))
            if asked.trouble and waiting["state"] in ("Pending", "Validating"):
                issue = {"level": "warning", "code": "VALIDATION_JOB_FAILED", "message": asked.trouble[:300]}
                waiting = {**waiting, "issues": [issue]}
            words = _words(server) if waiting["state"] == "Failed" else ""
            return Verdict(waiting, words, asked.running, asked.again)
        reports = [answer for _subject, answer in told]
        about = proof(subject for subject, _answer in told)
        found = validation.verdict(as_applied, reports, text_of(now), tries=asked.tries, proof=about)
        words = validation.failure(reports) if found["state"] == "Failed" else ""
        same = _essence(found) == _essence(before)
        status = _carried_over(before, found, seen.applied) if same else found
        return Verdict(status, words, asked.running, asked.again)

    def _ask(self, key: Key, server: Object, orders: t.Sequence[Order], now: dt.datetime) -> Asked:
        if job.runner(server) == "job":
            self._validations.want(key, ())
            return self._jobs.ask(key, server, orders, now) if orders else _NOBODY
        answers = self._validations.answers(key)
        # Whoever has answered once need not be ready for that to stand.
        self._validations.want(key, [one for one in orders if one.ready or one.subject in answers])
        return Asked(self._validations.answers(key), self._validations.tries(key), self._validations.unasked(key))

    def _is_known(self, key: Key, before: Status, orders: t.Sequence[Order]) -> bool:
        """Tell whether an operator before us has proved exactly these containers, by the same question."""
        if not orders or before.get("state") not in _PROVED or self._validations.tries(key):
            return False
        return before.get("proof") == proof(one.subject for one in orders if one.ready)


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
