# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""When an earlier template is to be applied: ``status.rollback``, which the next run obeys.

The key is the template's fingerprint, never the generation: scaling must not try a bad template again.
"""

from __future__ import annotations

import datetime as dt
import time
import typing as t

from .._vendor._util import clean, format_time, parse_time
from .._vendor._workload import gate
from .._vendor._workload.fields import mapping
from .._vendor._workload.fingerprint import fingerprint
from .._vendor._workload.names import REVALIDATE_ANNOTATION
from ..backoff import Backoff
from ..cluster.store import Key, Object
from ..workloads.snapshot import Seen, Status
from .policy import ValidationResult

# Seconds until a template that failed for a cause which may pass is tried again.
_AGAIN = Backoff(first=300.0, most=3600.0, jitter=0.0)


class RollbackDecision(t.NamedTuple):
    """What is known of the templates of an MCPServer.

    :param proved: the fingerprint of the last one that passed.
    :param rollback: what the status says of one that failed; empty where none did.
    :param again: seconds after which it may be another one; None where only a change can.
    :param newly_validated: the newest template has just passed.
    """

    proved: str = ""
    rollback: Status = {}  # noqa: RUF012 - nobody changes it
    again: float | None = None
    newly_validated: bool = False

    @property
    def active(self) -> bool:
        """Whether the last template that passed is to be there instead of what is wanted."""
        return bool(self.rollback.get("active"))


class RollbackPolicy:
    """Looks at one MCPServer at a time, in one thread."""

    def __init__(self, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: dict[Key, tuple[str, float]] = {}

    def forget(self, key: Key) -> None:
        """Forget an MCPServer that is gone."""
        self._since.pop(key, None)

    def decide(
        self, key: Key, server: Object, seen: Seen, verdict: ValidationResult, trouble: str, now: dt.datetime
    ) -> RollbackDecision:
        """Decide.

        :param trouble: what keeps the Pods from being ready, in a sentence.
        """
        status = server.get("status") or {}
        proved = str(status.get("provedTemplate") or "")
        if not gate.wanted(server):
            self.forget(key)
            return RollbackDecision()
        before: Status = dict(status.get("rollback") or {})
        if seen.template and before.get("template") not in (seen.template, seen.rolled_back):
            before = {}  # another template is wanted by now
        if before.get("active"):
            return self._rolled_back(key, server, proved, before, now)
        if not seen.template or not seen.rollout.observed:
            return RollbackDecision(proved, before)
        if verdict.passed and seen.rollout.complete:
            self.forget(key)
            done = before.get("template") == seen.template
            return RollbackDecision(
                proved=seen.template, rollback={} if done else before, newly_validated=proved != seen.template
            )
        return self._waiting(key, server, seen, verdict, proved, before, trouble, now)

    def _waiting(
        self,
        key: Key,
        server: Object,
        seen: Seen,
        verdict: ValidationResult,
        proved: str,
        before: Status,
        trouble: str,
        now: dt.datetime,
    ) -> RollbackDecision:
        """Decide of a template that has not passed yet."""
        if proved in ("", seen.template) or mapping(server["spec"], "validation").get("rollback") == "never":
            return RollbackDecision(proved, before)
        left = gate.deadline_seconds(server) - self._age(key, seen.template)
        if not verdict.unrecoverable and left > 0:
            return RollbackDecision(proved, before, again=left)
        why = verdict.failure if verdict.unrecoverable else trouble
        why = why or f"It has not passed within {gate.deadline_seconds(server)} seconds."
        return RollbackDecision(proved, self._fail(server, seen.template, proved, before, why, verdict, now), again=0.1)

    def _rolled_back(self, key: Key, server: Object, proved: str, before: Status, now: dt.datetime) -> RollbackDecision:
        wait = _seconds_until(before.get("retryTime"), now)
        asked = before.get("request", "") != _request(server)
        if asked or (wait is not None and wait <= 0):
            self.forget(key)
            again = {**before, "active": False, "request": _request(server)}
            return RollbackDecision(proved, {name: value for name, value in again.items() if name != "retryTime"})
        return RollbackDecision(proved, before, again=wait)

    def _fail(
        self,
        server: Object,
        failed: str,
        to: str,
        before: Status,
        why: str,
        verdict: ValidationResult,
        now: dt.datetime,
    ) -> Status:
        tries = int(before.get("tries") or 0) + 1
        found: Status = {
            "template": failed,
            "to": to,
            "active": True,
            "reason": "ValidationFailed" if verdict.unrecoverable else "DeadlineExceeded",
            "message": clean(why, 500),
            "tries": tries,
            "time": format_time(now),
            "request": _request(server),
        }
        if not verdict.unrecoverable:
            found["retryTime"] = format_time(now + dt.timedelta(seconds=_AGAIN.delay(tries)))
        return found

    def _age(self, key: Key, template: str) -> float:
        known, since = self._since.get(key, ("", 0.0))
        if known != template:
            since = self._clock()
            self._since[key] = (template, since)
        return self._clock() - since


def _request(server: Object) -> str:
    value = (server["metadata"].get("annotations") or {}).get(REVALIDATE_ANNOTATION)
    return fingerprint(value) if value else ""


def _seconds_until(moment: t.Any, now: dt.datetime) -> float | None:
    then = parse_time(moment)
    return None if then is None else (then - now).total_seconds()
