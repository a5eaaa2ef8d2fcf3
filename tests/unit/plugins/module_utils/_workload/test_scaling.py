# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import scaling, server
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError


def test_the_manifest_says_how_many_unless_an_autoscaler_does():
    assert scaling.replicas({}) == 1
    assert scaling.replicas({"replicas": 0}) == 0
    assert scaling.replicas({"replicas": 3, "hpa": {"enabled": True}}) is None
    assert scaling.replicas({"replicas": 3, "autoscaling": "external"}) is None


def test_two_autoscalers_are_refused():
    with pytest.raises(ManifestError, match="two autoscalers would set the number"):
        scaling.replicas({"autoscaling": "external", "hpa": {"enabled": True}})


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ({}, False),
        ({"replicas": 0}, False),
        ({"replicas": 2}, True),
        ({"replicas": 5, "hpa": {"enabled": True, "maxReplicas": 1}}, False),
        ({"hpa": {"enabled": True}}, True),
        ({"hpa": {"enabled": True, "minReplicas": 2}}, True),
        ({"autoscaling": "external"}, True),
    ],
)
def test_where_there_are_several_pods_or_may_be(spec, wanted):
    assert scaling.several(spec) is wanted


def test_an_update_costs_no_pod_unless_the_manifest_says_so():
    ours = {"maxUnavailable": 0, "maxSurge": "25%"}
    assert scaling.strategy({}, None) == {"type": "RollingUpdate", "rollingUpdate": ours}
    tight = {"strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}}
    assert scaling.strategy(tight, None)["rollingUpdate"] == {"maxUnavailable": 1, "maxSurge": 0}
    assert scaling.strategy({"strategy": {"type": "Recreate"}}, {"maxSurge": 1}) == {"type": "Recreate"}


def test_an_autoscaler_takes_memory_metrics_of_its_own_and_a_policy():
    custom = {"type": "Pods", "pods": {"metric": {"name": "mcp_requests"}}}
    made = scaling.hpa(
        {
            "hpa": {
                "enabled": True,
                "targetMemoryUtilizationPercentage": 60,
                "metrics": [custom],
                "scaleDownBehavior": {"selectPolicy": "Min"},
            }
        }
    )
    assert made is not None
    assert [metric["type"] for metric in made["metrics"]] == ["Resource", "Pods"]
    assert made["metrics"][0]["resource"]["name"] == "memory"
    assert made["behavior"] == {"scaleDown": {"selectPolicy": "Min"}}


@pytest.mark.parametrize(
    ("spec", "cause"),
    [
        ({"replicas": 3, "hpa": {"enabled": True}}, "spec.hpa.enabled is true"),
        ({"replicas": 0, "hpa": {"enabled": True}}, "spec.hpa.enabled is true"),
        ({"replicas": 3, "autoscaling": "external"}, "spec.autoscaling is external"),
    ],
)
def test_a_number_that_has_no_effect_is_warned_about(spec, cause):
    [found] = server.warnings({"metadata": {"name": "a", "namespace": "n"}, "spec": {"image": "i:1", **spec}})
    assert found.startswith("spec.replicas has no effect")
    assert cause in found
    assert len(found) <= 120, "results of a batch hold no longer warnings"


@pytest.mark.parametrize(
    "spec", [{"replicas": 3}, {"replicas": 3, "hpa": {"enabled": False}}, {"replicas": 1, "hpa": {"enabled": True}}]
)
def test_a_number_that_counts_or_is_the_default_is_not_warned_about(spec):
    assert scaling.warnings(spec) == []
