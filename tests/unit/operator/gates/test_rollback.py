# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""From when on the time of a new template counts."""

from __future__ import annotations

import datetime as dt

import pytest
from mcp_operator._vendor._workload.rollout import Rollout
from mcp_operator.cluster.store import Key
from mcp_operator.gates.policy import ValidationResult
from mcp_operator.gates.rollback import RollbackPolicy
from mcp_operator.workloads.snapshot import WorkloadSnapshot

KEY = Key("servers", "team", "wiki")
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SERVER = {
    "metadata": {"name": "wiki", "namespace": "team"},
    "spec": {"validation": {"strictMode": True}},
    "status": {"provedTemplate": "good"},
}
ROLLOUT = Rollout(desired=1, replicas=2, updated=1, ready=1, available=1, observed=True)
WORKLOAD = WorkloadSnapshot(SERVER, 1, ROLLOUT, [], template="bad")


@pytest.fixture
def decide(clock):
    policy = RollbackPolicy(clock.now)

    def step(seconds=0.0, template="bad", **result):
        clock.step(seconds)
        workload = WORKLOAD._replace(template=template)
        return policy.decide(KEY, SERVER, workload, ValidationResult({}, **result), "", NOW)

    return step


def test_a_template_whose_pods_never_start_has_its_time_from_when_it_is_first_seen(decide):
    assert decide().again == 300
    assert decide(299).again == 1
    assert decide(1).active


def test_a_pod_that_waits_for_its_first_probe_loses_no_time(decide, clock):
    decide()
    for _ in range(10):
        assert decide(100, waiting=True).again == 300
    probed = clock.now() + 30
    assert decide(40, probed=probed).again == 290
    assert decide(289, probed=probed).again == 1
    assert decide(1, probed=probed).active


def test_a_restarted_container_that_waits_again_does_not_extend_the_time(decide, clock):
    decide()
    decide(10, probed=clock.now() + 10)
    assert decide(100, waiting=True).again == 200
    assert decide(100, probed=clock.now() + 100).again == 100
    assert decide(100).active


def test_another_template_has_its_own_time(decide, clock):
    decide(probed=clock.now())
    decide(299)
    assert decide(1, template="worse", waiting=True).again == 300
    assert decide(299, template="worse", probed=clock.now()).again == 1


def test_a_template_that_validation_cannot_connect_to_is_not_rolled_back(decide, clock):
    probed = clock.now()
    decide(probed=probed)
    assert not decide(1000, probed=probed, blocked=True).active
    assert decide(probed=clock.now()).again == 300


def test_a_server_without_pods_is_not_rolled_back(clock):
    policy = RollbackPolicy(clock.now)
    none = WORKLOAD._replace(rollout=Rollout(0, 0, 0, 0, 0, observed=True))

    def decide(workload):
        return policy.decide(KEY, SERVER, workload, ValidationResult({}), "", NOW)

    decide(none)
    clock.step(100_000)
    assert not decide(none).active
    # Its time begins with its Pods.
    assert decide(WORKLOAD).again == 300


def test_pods_that_a_canary_gets_later_have_time_of_their_own(clock):
    policy = RollbackPolicy(clock.now)
    canary = WORKLOAD._replace(canary=True)

    def decide(**result):
        return policy.decide(KEY, SERVER, canary, ValidationResult({}, **result), "", NOW)

    began = clock.now()
    decide(probed=began)
    clock.step(100)
    assert decide(probed=began, passed=True).proved == "good"
    clock.step(100_000)
    assert decide(probed=began).again == 300
    clock.step(300)
    found = decide(probed=began)
    assert found.active
    assert "retryTime" not in found.rollback


def test_a_rolling_update_that_fails_for_lack_of_time_is_retried(decide):
    decide()
    assert "retryTime" in decide(300).rollback
