# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``spec.rollout``: which steps are admitted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from kubernetes.client import ApiException

Admit = Callable[..., dict[str, Any]]
STRICT = {"strictMode": True}
METRICS = {"metrics": {"enabled": True}}
LIMITS = {"minCalls": 20, "maxErrorRateIncrease": 5, "maxLatencyIncrease": 100}


def canary(*steps: Any, **fields: Any) -> dict[str, Any]:
    rollout = {"strategy": "canary", **({"steps": list(steps)} if steps else {})}
    return {"image": "a/b", "validation": STRICT, "rollout": rollout, **fields}


def analyzed(analysis: dict[str, Any], **fields: Any) -> dict[str, Any]:
    found = canary(**{**METRICS, **fields})
    return {**found, "rollout": {**found["rollout"], "analysis": analysis}}


def step(weight: int, pause: Any = None) -> dict[str, Any]:
    return {"weight": weight, **({} if pause is None else {"pause": pause})}


@pytest.mark.parametrize(
    "spec",
    [
        {"image": "a/b", "rollout": {}},
        {"image": "a/b", "rollout": {"strategy": "rolling"}},
        canary(),
        canary(step(1), step(100)),
        canary(step(10, "5m"), step(20, 30), step(30, "1h30m"), step(40, "0"), step(50, "168h"), step(60, 604800)),
        canary(*(step(weight) for weight in range(5, 105, 5))),
        {"image": "a/b", "rollout": {"managedBy": "argo-rollouts"}},
        {"image": "a/b", "rollout": {"managedBy": "flagger"}},
    ],
)
def test_rollouts(spec: dict[str, Any], admit: Admit) -> None:
    found = admit(spec)["spec"]["rollout"]
    assert found == {"strategy": "rolling", **spec["rollout"]}


def test_an_analysis_has_defaults(admit: Admit) -> None:
    assert admit(analyzed({}))["spec"]["rollout"]["analysis"] == LIMITS
    assert admit(analyzed({"minCalls": 1}))["spec"]["rollout"]["analysis"] == {**LIMITS, "minCalls": 1}


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (canary(validation={}), "requires validation.strictMode"),
        (canary(validation={**STRICT, "enabled": False}), "requires validation.strictMode"),
        (canary(strategy={"type": "Recreate"}), "Recreate"),
        (canary(step(0)), "greater than or equal to 1"),
        (canary(step(101)), "less than or equal to 100"),
        (canary({"pause": "5m"}), "Required value"),
        (canary(step(50), step(10)), "the weights must ascend"),
        (canary(step(10), step(10)), "the weights must ascend"),
        (canary(*(step(weight) for weight in range(1, 22))), "must have at most 20 items"),
        (canary(step(10, "soon")), "must be a time"),
        (canary(step(10, -1)), "must be a time"),
        (canary(step(10, "169h")), "must be a time"),
        (canary(step(10, 604801)), "must be a time"),
        (canary(step(10, "999999")), "must be a time"),
        (canary(step(10, "1d")), "must be a time"),
        ({"image": "a/b", "rollout": {"strategy": "rolling", "steps": [step(10)]}}, "steps is allowed only"),
        ({"image": "a/b", **METRICS, "rollout": {"analysis": {}}}, "analysis is allowed only"),
        (analyzed({}, metrics={"enabled": False}), "rollout.analysis needs metrics.enabled"),
        (analyzed({"minCalls": 0}), "greater than or equal to 1"),
        (analyzed({"maxErrorRateIncrease": 101}), "less than or equal to 100"),
        (analyzed({"maxLatencyIncrease": -1}), "greater than or equal to 0"),
        ({"image": "a/b", "rollout": {"strategy": "blue-green"}}, "Unsupported value"),
        ({"image": "a/b", "rollout": {"managedBy": "spinnaker"}}, "Unsupported value"),
        (
            {"image": "a/b", "validation": STRICT, "rollout": {"strategy": "canary", "managedBy": "flagger"}},
            "managedBy is not allowed",
        ),
    ],
)
def test_rollouts_that_cannot_be(spec: dict[str, Any], message: str, admit: Admit) -> None:
    with pytest.raises(ApiException) as refused:
        admit(spec)
    assert message in str(json.loads(refused.value.body)["message"])
