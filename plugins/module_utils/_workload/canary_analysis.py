# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""``spec.rollout.analysis``: the tool calls of a canary, compared with those of the stable Pods.

The results have the names that they have in Argo Rollouts
(https://argo-rollouts.readthedocs.io/en/stable/features/analysis/).
"""

from __future__ import annotations

import typing as t

from . import canary, sidecar_options
from .fields import mapping

SUCCESSFUL, FAILED, INCONCLUSIVE = "Successful", "Failed", "Inconclusive"
# The key of the calls of all tools among those of each tool.
ALL = ""
_MIN_CALLS = 20
_ERROR_INCREASE = 5
_LATENCY_INCREASE = 100
# Seconds by which a mean duration must be longer: the noise of short ones is larger than any percentage.
_NOTICEABLE = 0.05

Object = t.Mapping[str, t.Any]


class Calls(t.NamedTuple):
    """The calls of a tool.

    :param number: of calls.
    :param errors: how many of them failed.
    :param timed: the number of requests whose durations are known.
    :param seconds: the sum of their durations.
    """

    number: float = 0.0
    errors: float = 0.0
    timed: float = 0.0
    seconds: float = 0.0


Measured = t.Mapping[str, Calls]


class Judgement(t.NamedTuple):
    """What the calls show.

    :param result: SUCCESSFUL, FAILED or INCONCLUSIVE.
    :param message: sentences about the cause; empty for SUCCESSFUL.
    """

    result: str
    message: str = ""


class _Limits(t.NamedTuple):
    min_calls: int
    error_increase: int
    latency_increase: int


def wanted(server: Object) -> bool:
    """Tell whether the manifest wants the analysis; the sidecar measures the calls."""
    return canary.wanted(server) and sidecar_options.measures_canary(server["spec"])


def window(server: Object) -> str:
    """Return what identifies the pause whose calls are compared; empty while there is none."""
    known = mapping(mapping(server, "status"), canary.FIELD)
    if not wanted(server) or known.get("phase") != canary.PAUSED:
        return ""
    return " ".join(str(known.get(name)) for name in ("canaryRevision", "step", "since"))


def since(now: Measured, before: Measured) -> dict[str, Calls]:
    """Return the calls between two measurements of a Pod; a sidecar that restarted counts from 0."""
    found = {}
    for tool, calls in now.items():
        earlier = before.get(tool, Calls())
        restarted = any(one < other for one, other in zip(calls, earlier))
        found[tool] = calls if restarted else Calls(*(one - other for one, other in zip(calls, earlier)))
    return found


def total(pods: t.Iterable[Measured]) -> dict[str, Calls]:
    """Return the calls of all Pods of one side."""
    found: dict[str, Calls] = {}
    for measured in pods:
        for tool, calls in measured.items():
            found[tool] = Calls(*(one + other for one, other in zip(calls, found.get(tool, Calls()))))
    return found


def judge(server: Object, stable: Measured, tried: Measured) -> Judgement:
    """Return what the calls during a pause show.

    A tool is compared if both sides have enough calls of it. All calls together are compared with those of the stable
    Pods, or with no errors if these have too few calls, as with a weight of 100.
    """
    limits = _limits(server)
    for tool in sorted(tried):
        enough = stable.get(tool, Calls()).number >= limits.min_calls
        if tried[tool].number >= limits.min_calls and (enough or tool == ALL):
            worse = _worse(tried[tool], stable[tool] if enough else Calls(), limits)
            if worse:
                return Judgement(FAILED, f"The canary {worse}" + (f" in calls of the tool {tool}." if tool else "."))
    if tried.get(ALL, Calls()).number < limits.min_calls:
        return Judgement(INCONCLUSIVE, f"The canary has had fewer than {limits.min_calls} tool calls in this step.")
    return Judgement(SUCCESSFUL)


def _worse(tried: Calls, stable: Calls, limits: _Limits) -> str:
    """Return how the canary is worse than the limits allow; empty if it is not."""
    rate, allowed = _percent(tried), _percent(stable) + limits.error_increase
    if rate > allowed:
        return f"fails {rate:.1f}% of {tried.number:.0f} calls, the stable Pods fail {_percent(stable):.1f}%"
    mean, usual = _mean(tried), _mean(stable)
    if stable.timed and mean > usual * (1 + limits.latency_increase / 100) and mean - usual > _NOTICEABLE:
        return f"takes {mean * 1000:.0f} ms on average, the stable Pods take {usual * 1000:.0f} ms"
    return ""


def _percent(calls: Calls) -> float:
    return 100 * calls.errors / calls.number if calls.number else 0.0


def _mean(calls: Calls) -> float:
    return calls.seconds / calls.timed if calls.timed else 0.0


def _limits(server: Object) -> _Limits:
    given = mapping(mapping(server["spec"], canary.FIELD), "analysis")
    defaults = {
        "minCalls": _MIN_CALLS,
        "maxErrorRateIncrease": _ERROR_INCREASE,
        "maxLatencyIncrease": _LATENCY_INCREASE,
    }
    return _Limits(*(int(default if given.get(name) is None else given[name]) for name, default in defaults.items()))
