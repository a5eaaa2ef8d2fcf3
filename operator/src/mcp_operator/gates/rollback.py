# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Decides when the template that passed last is applied instead of the newest one: ``status.rollback``.

Runs obey this field. A failed template is identified by its fingerprint, never by the generation: scaling must not try
it again.
"""

from __future__ import annotations

import datetime as dt
import time
import typing as t

from .._vendor._util import clean, format_time, parse_time
from .._vendor._workload import gate
from .._vendor._workload.fields import mapping
from .._vendor._workload.names import REVALIDATE_ANNOTATION
from .._vendor._workload.objects import fingerprint
from ..backoff import Backoff
from ..cluster.store import Key, Object
from ..workloads.snapshot import Status, WorkloadSnapshot
from .policy import ValidationResult

# Delays until a template is tried again that failed for a reason which may pass by itself.
_RETRY = Backoff(first=300.0, most=3600.0, jitter=0.0)
# Seconds until the status is computed again after a rollback has begun.
_SOON = 0.1
# Characters of the message.
_MESSAGE = 500


class RollbackDecision(t.NamedTuple):
    """What is known of the templates of an MCPServer.

    :param proved: fingerprint of the template that passed last; empty if none has.
    :param rollback: ``status.rollback``: what is known of a template that failed; empty if none has.
    :param again: seconds after which the decision may change; None if only a change of an object can change it.
    :param newly_validated: the newest template has just passed.
    """

    proved: str = ""
    rollback: Status = {}  # noqa: RUF012 - it is never changed
    again: float | None = None
    newly_validated: bool = False

    @property
    def active(self) -> bool:
        """Whether the template that passed last is to be applied instead of the newest one."""
        return bool(self.rollback.get("active"))


class _Case(t.NamedTuple):
    """What a decision depends on.

    :param proved: fingerprint of the template that passed last.
    :param rollback: ``status.rollback`` as far as it is about the newest template.
    :param cause: why Pods are not ready, in a sentence.
    """

    key: Key
    server: Object
    workload: WorkloadSnapshot
    result: ValidationResult
    proved: str
    rollback: Status
    cause: str
    now: dt.datetime


class _Trial(t.NamedTuple):
    """A template that is being tried.

    :param since: when its time began, in monotonic seconds.
    :param probed: a Pod of it was probed.
    """

    template: str
    since: float
    probed: bool = False


class RollbackPolicy:
    """Decides for one MCPServer at a time, in one thread.

    :param clock: monotonic seconds.
    """

    def __init__(self, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tried: dict[Key, _Trial] = {}

    def remove(self, key: Key) -> None:
        """Drop what is known of an MCPServer that is gone."""
        self._tried.pop(key, None)

    def decide(
        self,
        key: Key,
        server: Object,
        workload: WorkloadSnapshot,
        result: ValidationResult,
        cause: str,
        now: dt.datetime,
    ) -> RollbackDecision:
        """Decide which template is to be applied.

        :param cause: why Pods are not ready, in a sentence; empty if that is not known.
        """
        if not gate.wanted(server):
            self.remove(key)
            return RollbackDecision()
        status = server.get("status") or {}
        rollback: Status = dict(status.get("rollback") or {})
        if workload.template and rollback.get("template") not in (workload.template, workload.rolled_back):
            rollback = {}  # the manifest has changed since
        case = _Case(key, server, workload, result, str(status.get("provedTemplate") or ""), rollback, cause, now)
        if rollback.get("active"):
            return self._decide_to_retry(case)
        if not workload.template or not workload.rollout.observed:
            return RollbackDecision(case.proved, rollback)
        if result.passed and workload.rollout.complete:
            self.remove(key)
            recovered = rollback.get("template") == workload.template
            return RollbackDecision(
                workload.template,
                {} if recovered else rollback,
                newly_validated=case.proved != workload.template,
            )
        if result.blocked or not workload.rollout.desired or (result.passed and workload.canary):
            # Nothing is proved about the template while validation cannot connect, or there are no Pods. Pods that a
            # later step of a canary adds have time of their own.
            self.remove(key)
            return RollbackDecision(case.proved, rollback)
        return self._decide_to_roll_back(case)

    def _decide_to_roll_back(self, case: _Case) -> RollbackDecision:
        """Decide for a newest template that has not passed yet."""
        template = case.workload.template
        never = mapping(case.server["spec"], "validation").get("rollback") == "never"
        if never or case.proved in ("", template):
            return RollbackDecision(case.proved, case.rollback)
        deadline = gate.deadline_seconds(case.server)
        left = deadline - self._age(case)
        if not case.result.unrecoverable and left > 0:
            return RollbackDecision(case.proved, case.rollback, again=left)
        message = case.result.failure if case.result.unrecoverable else case.cause
        message = message or f"The template did not pass validation within {deadline} seconds."
        return RollbackDecision(case.proved, _begin(case, message), again=_SOON)

    def _decide_to_retry(self, case: _Case) -> RollbackDecision:
        """Decide for a template that was rolled back: it is tried again at its time, or on request."""
        retry = parse_time(case.rollback.get("retryTime"))
        wait = None if retry is None else (retry - case.now).total_seconds()
        requested = case.rollback.get("request", "") != _request(case.server)
        if requested or (wait is not None and wait <= 0):
            self.remove(case.key)
            retried = {**case.rollback, "active": False, "request": _request(case.server)}
            return RollbackDecision(
                case.proved, {name: value for name, value in retried.items() if name != "retryTime"}
            )
        return RollbackDecision(case.proved, case.rollback, again=wait)

    def _age(self, case: _Case) -> float:
        """Return for how many seconds a template has been tried.

        The time begins when a Pod of it is first probed, since a Pod may wait for its probe through no fault of its
        own. If no Pod gets that far, it begins when the template is first seen.
        """
        now, result = self._clock(), case.result
        trial = self._tried.get(case.key)
        if trial is None or trial.template != case.workload.template:
            trial = _Trial(case.workload.template, now)
        if not trial.probed and result.probed is not None:
            trial = trial._replace(since=max(trial.since, result.probed), probed=True)
        elif not trial.probed and result.waiting:
            trial = trial._replace(since=now)
        self._tried[case.key] = trial
        return now - trial.since


def _begin(case: _Case, message: str) -> Status:
    """Return the ``status.rollback`` of a rollback that begins."""
    unrecoverable = case.result.unrecoverable
    reason = "ValidationFailed" if unrecoverable else "DeadlineExceeded"
    found = begin(
        case.server, case.rollback, gate.Rollback(case.workload.template, case.proved), reason, message, case.now
    )
    # A canary is tried again if the manifest changes, or on request.
    if not unrecoverable and not case.workload.canary:
        found["retryTime"] = format_time(case.now + dt.timedelta(seconds=_RETRY.delay(found["tries"])))
    return found


def begin(
    server: Object, before: Status, templates: gate.Rollback, reason: str, message: str, now: dt.datetime
) -> Status:
    """Return the ``status.rollback`` of a rollback that begins and is not retried by itself.

    :param before: what it is as far as it is about the same template.
    """
    return {
        "template": templates.failed,
        "to": templates.to,
        "active": True,
        "reason": reason,
        "message": clean(message, _MESSAGE),
        "tries": int(before.get("tries") or 0) + 1,
        "time": format_time(now),
        "request": _request(server),
    }


def _request(server: Object) -> str:
    """Return the fingerprint of the annotation by which a user requests another validation."""
    value = (server["metadata"].get("annotations") or {}).get(REVALIDATE_ANNOTATION)
    return fingerprint(value) if value else ""
