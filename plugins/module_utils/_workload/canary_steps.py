# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The steps of a canary: ``status.rollout``, computed from the last one and from what is observed now.

Nothing else is remembered, so the operator may end at any moment, and the next one continues. A canary that fails is
a rollback: ``status.rollback`` names its template until the manifest has another one.
"""

from __future__ import annotations

import datetime as dt
import typing as t

from .._util import clean, format_time, parse_time
from . import canary_analysis, canary_traffic
from .canary import (
    ABORTED,
    CONDITION,
    FIELD,
    ONGOING,
    PAUSED,
    PROGRESSING,
    PROMOTING,
    STABLE,
    pods,
    replicas,
    steps,
    wanted,
)
from .fields import mapping
from .kstatus import Condition
from .names import ROLLOUT_ANNOTATION
from .objects import fingerprint

if t.TYPE_CHECKING:
    from .canary_analysis import Judgement

PROMOTE, PAUSE, RESUME, ABORT = "promote", "pause", "resume", "abort"
COMMANDS = (PROMOTE, PAUSE, RESUME, ABORT)
# The reasons of status.rollback for a canary that a user aborted, and for one whose calls are worse.
CANARY_ABORTED, ANALYSIS_FAILED = "CanaryAborted", "CanaryAnalysisFailed"
_MESSAGE = 500
_ABORTED = f"The canary was aborted by the annotation {ROLLOUT_ANNOTATION}."
_PROMOTING = "The template passed all steps and replaces the stable one."

Object = t.Mapping[str, t.Any]
Status = dict[str, t.Any]


class Seen(t.NamedTuple):
    """What is observed of an MCPServer with canaries.

    :param template: fingerprint of the manifest's template; empty without the stable Deployment.
    :param stable: fingerprint of the template that passed last; empty if none has.
    :param replicas: the number of Pods that the stable Deployment is to have.
    :param canary: the number of Pods that the canary's Deployment is to have; 0 without one of this template.
    :param passed: the canary has as many Pods as it is to have, and all of them are available and pass validation.
    :param available: the number of its Pods that are available.
    :param failed: ``status.rollback`` while it is active, else empty.
    :param analysis: what its tool calls show; None without an analysis.
    """

    template: str
    stable: str
    replicas: int
    canary: int = 0
    passed: bool = False
    available: int = 0
    failed: Object = {}  # noqa: RUF012 - never modified
    analysis: t.Optional[Judgement] = None


class Next(t.NamedTuple):
    """What follows.

    :param rollout: ``status.rollout``; empty if there is none.
    :param again: seconds after which another step may follow; None if only a change of an object can cause it.
    :param abort: the reason for which the canary is to be rolled back; empty if it is not.
    :param message: explains that reason.
    """

    rollout: Status
    again: t.Optional[float] = None
    abort: str = ""
    message: str = ""


def decide(server: Object, seen: Seen, now: dt.datetime) -> Next:
    """Return what follows.

    :param server: with the status that was written last.
    """
    if not wanted(server) or not seen.stable:
        return Next({})
    before = _before(server, now)
    command, request = command_of(server)
    if seen.failed:
        fields = {"canaryRevision": seen.failed["template"], "message": seen.failed.get("message")}
        rest = _at_rest(before, ABORTED, seen, request, now, fields)
        return Next(*canary_traffic.ended(server, before, rest, now))
    if not seen.template and before.get("phase") in ONGOING:
        # The stable Deployment was deleted, which proves nothing about the canary. A run creates it again.
        return Next(before)
    if seen.template in ("", seen.stable):
        rest = _at_rest(before, STABLE, seen, request, now, {})
        return Next(*canary_traffic.ended(server, before, rest, now))
    state = before
    if not _is_ongoing(before, seen):
        state = _start(seen, now)
        # Commands that were given before are about earlier canaries.
        state["request"] = before.get("request", request)
    if request == state.get("request"):
        command = ""
    reason, message = _end(state, seen, command)
    if reason:
        return Next(before, abort=reason, message=message)
    state.setdefault("step", 1)
    found = _advance(server, state, seen, command, now)
    return found._replace(rollout=canary_traffic.ongoing(server, before, found.rollout, seen.available))


def _before(server: Object, now: dt.datetime) -> Status:
    """Return ``status.rollout`` as it was written last, within bounds: others may have written it.

    Without a time, or with one in the future, a pause would not end.
    """
    found = dict(mapping(mapping(server, "status"), FIELD))
    if found.get("step"):
        found["step"] = min(max(int(found["step"]), 1), len(steps(server)))
    if found.get("canaryReplicas"):
        found["canaryReplicas"] = pods(found)
    since = parse_time(found.get("since"))
    if found and (since is None or since > now):
        found["since"] = format_time(now)
    return found


def _end(state: Status, seen: Seen, command: str) -> tuple[str, str]:
    """Return the reason for which a canary ends, and what explains it; empty if it goes on."""
    if command == ABORT:
        return CANARY_ABORTED, _ABORTED
    if seen.analysis is not None and seen.analysis.result == canary_analysis.FAILED and state["phase"] == PAUSED:
        return ANALYSIS_FAILED, seen.analysis.message
    return "", ""


def command_of(server: Object) -> tuple[str, str]:
    """Return the command in the annotation, and a fingerprint of the value by which a new one is recognized.

    The value is a command, and may go on with any text, for example a time.
    """
    value = str((server["metadata"].get("annotations") or {}).get(ROLLOUT_ANNOTATION) or "")
    words = value.split()
    return (words[0] if words and words[0] in COMMANDS else "", fingerprint(value) if value else "")


def condition(rollout: Object) -> Condition | None:
    """Return the condition about a canary; None without canaries."""
    phase = rollout.get("phase")
    if not phase:
        return None
    message = str(rollout.get("message") or "No canary is in progress.")
    return Condition(CONDITION, "True" if phase in ONGOING else "False", str(phase), message)


def _is_ongoing(before: Object, seen: Seen) -> bool:
    same = (before.get("canaryRevision"), before.get("stableRevision")) == (seen.template, seen.stable)
    return same and before.get("phase") in ONGOING


def _start(seen: Seen, now: dt.datetime) -> Status:
    return {
        "phase": PROGRESSING,
        "step": 1,
        "stableRevision": seen.stable,
        "canaryRevision": seen.template,
        "since": format_time(now),
    }


def _at_rest(before: Status, phase: str, seen: Seen, request: str, now: dt.datetime, fields: Status) -> Status:
    """Return the status while no canary is in progress."""
    found = {"phase": phase, "stableRevision": seen.stable, **fields, "request": request}
    if found.get("message"):
        found["message"] = clean(found["message"], _MESSAGE)
    same = all(before.get(name) == found.get(name) for name in ("phase", "stableRevision", "canaryRevision"))
    found["since"] = before["since"] if same and before.get("since") else format_time(now)
    return {name: value for name, value in found.items() if value}


def _advance(server: Object, state: Status, seen: Seen, command: str, now: dt.datetime) -> Next:
    """Return the next state of a canary in progress."""
    state = _obey(state, command, command_of(server)[1])
    every = steps(server)
    weight = every[state["step"] - 1].weight
    before = pods(state)
    if state["phase"] == PROMOTING:
        # Its Pods serve until those of the stable Deployment have replaced them.
        return Next(_with(state, weight, min(before, seen.replicas), _PROMOTING))
    count, title = replicas(seen.replicas, weight), f"Step {state['step']} of {len(every)}"
    if state["phase"] == PAUSED:
        # More Pods follow with the next step: they would have to pass first.
        count = min(count, before)
    has_pods = seen.canary == count if state["phase"] == PROGRESSING else seen.canary > 0
    if not (seen.passed and count and has_pods):
        return _wait(state, weight, count, title, now)
    if state["phase"] == PROGRESSING:
        state = {**state, "phase": PAUSED, "since": format_time(now)}
    title = f"{title}: {count} of {count + seen.replicas} Pods have the new template"
    return _pause(server, _with(state, weight, count, title), seen, command, now)


def _obey(state: Status, command: str, request: str) -> Status:
    """Return the state after a command, except for what a promotion changes.

    What is promoted before it passes is promoted once it does.
    """
    if command in (PAUSE, RESUME):
        return {**state, "request": request, "paused": command == PAUSE}
    if command == PROMOTE and state["phase"] == PROMOTING:
        return {**state, "request": request}
    return state


def _pause(server: Object, state: Status, seen: Seen, command: str, now: dt.datetime) -> Next:
    """Return the state of a step whose Pods all pass, or of the next step.

    :param state: its message says how many Pods have the new template.
    """
    title, analysis = state["message"], seen.analysis
    successful = analysis is not None and analysis.result == canary_analysis.SUCCESSFUL
    state = _with_result(state, canary_analysis.SUCCESSFUL if successful else "")
    if command == PROMOTE:
        promoted = {**state, "request": command_of(server)[1], "paused": False}
        return _next_step(promoted, server, seen, now)
    if state.get("paused"):
        return Next({**state, "message": f"{title}; paused by the annotation {ROLLOUT_ANNOTATION}."})
    pause, since = steps(server)[state["step"] - 1].pause, parse_time(state.get("since"))
    if pause is None or since is None:
        return Next({**state, "message": f"{title}; waiting to be promoted."})
    until = since + dt.timedelta(seconds=pause)
    if now >= until and (analysis is None or successful):
        return _next_step(state, server, seen, now)
    if now >= until and analysis is not None:
        text = f"{title}; the analysis is inconclusive, so it waits for further calls, or to be promoted. "
        return Next({**_with_result(state, canary_analysis.INCONCLUSIVE), "message": text + analysis.message})
    text = f"{title}; the next step follows at {format_time(until)}."
    return Next({**state, "message": text}, (until - now).total_seconds())


def _with_result(state: Status, result: str) -> Status:
    """Return the state with the result of the analysis; empty for none."""
    rest = {name: value for name, value in state.items() if name != "analysis"}
    return {**rest, "analysis": result} if result else rest


def _wait(state: Status, weight: int, count: int, title: str, now: dt.datetime) -> Next:
    """Return the state of a step whose Pods do not all pass, from which on its pause begins anew."""
    if state["phase"] != PROGRESSING:
        state = {**state, "phase": PROGRESSING, "since": format_time(now)}
    state = _with_result(state, "")
    text = f"waiting for {count} canary Pods to pass validation." if count else "waiting, because it is scaled to zero."
    return Next(_with(state, weight, count, f"{title}: {text}"))


def _next_step(state: Status, server: Object, seen: Seen, now: dt.datetime) -> Next:
    every, moment = steps(server), format_time(now)
    state = _with_result(state, "")
    if state["step"] >= len(every):
        kept = pods(state)
        return Next(_with({**state, "phase": PROMOTING, "since": moment}, every[-1].weight, kept, _PROMOTING))
    step = int(state["step"]) + 1
    weight = every[step - 1].weight
    count = replicas(seen.replicas, weight)
    following = {**state, "phase": PROGRESSING, "step": step, "since": moment}
    return _wait(following, weight, count, f"Step {step} of {len(every)}", now)


def _with(state: Status, weight: int, count: int, message: str) -> Status:
    found = {**state, "weight": weight, "canaryReplicas": count, "message": message}
    return {name: value for name, value in found.items() if value not in ("", False, None)}
