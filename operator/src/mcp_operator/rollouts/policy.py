# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Decides which step of a canary follows: ``status.rollout``. Runs obey it as they obey ``status.rollback``."""

from __future__ import annotations

import datetime as dt
import typing as t

from .._vendor._workload import canary, canary_steps, gate
from .._vendor._workload.canary_analysis import Judgement
from .._vendor._workload.canary_steps import Seen
from ..cluster.store import Key, Object
from ..gates.policy import ValidationResult
from ..gates.rollback import RollbackDecision, begin
from ..workloads.snapshot import Status
from .measurements import CanaryMeasurements
from .pods import Deployed, Update

# Seconds until the status is computed again after a canary was aborted.
_SOON = 0.1


class CanaryDecision(t.NamedTuple):
    """What follows.

    :param rollback: the decision about the rollback, which the canary may have caused.
    :param status: ``status.rollout``; empty without canaries.
    """

    rollback: RollbackDecision
    status: Status


class CanaryPolicy:
    """Decides for one MCPServer at a time, in one thread."""

    def __init__(self, measurements: CanaryMeasurements) -> None:
        self._measurements = measurements

    def remove(self, key: Key) -> None:
        """Drop what is known of an MCPServer that is gone."""
        self._measurements.forget(key)

    def decide(
        self,
        key: Key,
        server: Object,
        update: Update,
        result: ValidationResult,
        back: RollbackDecision,
        now: dt.datetime,
    ) -> CanaryDecision:
        """Return what follows.

        :param result: the validation of the Pods of the newest template.
        :param back: what was decided about a rollback.
        """
        if not canary.wanted(server):  # most have none, and each observation comes here
            self._measurements.forget(key)
            return CanaryDecision(back, {})
        analysis, again = self._measurements.judgement(key, server, _pods(update.stable), _pods(update.canary))
        seen = _seen(update, result, back, analysis)
        found = canary_steps.decide(server, seen, now)
        if found.abort:
            templates = gate.Rollback(seen.template, seen.stable)
            failed = begin(server, back.rollback, templates, found.abort, found.message, now)
            back = back._replace(rollback=failed, again=_SOON)
            found = canary_steps.decide(server, _seen(update, result, back, analysis), now)
        agains = [seconds for seconds in (back.again, found.again, again) if seconds is not None]
        return CanaryDecision(back._replace(again=min(agains, default=None)), found.rollout)


def _pods(part: Deployed | None) -> list[Object]:
    return [] if part is None else list(part.pods.newest or [])


def _seen(update: Update, result: ValidationResult, back: RollbackDecision, analysis: Judgement | None) -> Seen:
    counts = None if update.canary is None else update.canary.rollout
    return Seen(
        update.template,
        back.proved,
        0 if update.stable is None else update.stable.rollout.desired,
        0 if counts is None else counts.desired,
        # Pods that are being deleted do not count.
        result.passed and counts is not None and counts.observed and counts.available >= counts.desired,
        0 if counts is None or not counts.observed else counts.available,
        back.rollback if back.active else {},
        analysis,
    )
