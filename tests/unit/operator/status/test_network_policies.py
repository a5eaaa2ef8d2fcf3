# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Pods that are ready, and that validation cannot connect to because of network policies of others."""

from __future__ import annotations

import pytest
from mcp_operator._vendor._kube.errors import ApiForbidden

from ..fake_workload import GOOD, bad

DENY = {"metadata": {"name": "default-deny"}, "spec": {"podSelector": {}, "policyTypes": ["Ingress"]}}
ALLOW = {
    "metadata": {"name": "allow"},
    "spec": {"podSelector": {}, "ingress": [{"from": [{"namespaceSelector": {}}]}]},
}
TIMEOUT = {**bad("TIMEOUT", "Timed out."), "connected": False}
HANGS = bad("TIMEOUT", "Timed out while waiting for a connection to 10.0.0.1 port 8080.")
STRICT = {"strictMode": True}


class Refused:
    def __iter__(self):
        raise ApiForbidden("No rights.", "Ask.", status=403)


def started(cluster, answer, *policies, **spec):
    cluster.answer = answer
    cluster.network_policies = policies
    cluster.create(**spec)
    cluster.deploy()
    cluster.pod()
    cluster.deploy(ready=1)


def is_blocked(cluster):
    issues = cluster.status().get("validation", {}).get("issues") or []
    return any(issue["code"] == "BLOCKED_BY_NETWORK_POLICY" for issue in issues)


def test_a_healthy_server_behind_a_policy_of_others_does_not_fail(cluster):
    started(cluster, TIMEOUT, DENY)
    cluster.until(lambda: is_blocked(cluster))
    assert cluster.status()["phase"] == "Running"
    assert cluster.status()["validation"]["state"] == "Pending"
    assert cluster.condition("Validated")["reason"] == "BlockedByNetworkPolicy"
    degraded = cluster.condition("Degraded")
    assert (degraded["status"], degraded["reason"]) == ("True", "BlockedByNetworkPolicy")
    assert "default-deny" in degraded["message"]
    assert "mcp-operator-system" in degraded["message"]
    assert not any(status["validation"]["state"] == "Failed" for status in cluster.writes)


def test_a_strict_server_waits_and_says_why(cluster):
    cluster.answer = TIMEOUT
    cluster.network_policies = (DENY,)
    cluster.create(validation={"strictMode": True})
    cluster.deploy(mark="new")
    cluster.pod(gated=True, conditions=({"type": "ContainersReady", "status": "True"},))
    cluster.until(lambda: is_blocked(cluster))
    assert cluster.status()["phase"] == "Creating"
    assert cluster.condition("Ready")["reason"] == "BlockedByNetworkPolicy"
    assert "default-deny" in cluster.status()["message"]


def test_it_passes_as_soon_as_the_validator_is_let_in(cluster):
    started(cluster, TIMEOUT, DENY)
    cluster.until(lambda: is_blocked(cluster))
    cluster.answer = GOOD
    cluster.becomes("Running", "Validated")
    assert cluster.condition("Degraded")["status"] == "False"


@pytest.mark.parametrize(
    ("answer", "policies"),
    [(TIMEOUT, ()), (TIMEOUT, (DENY, ALLOW)), (HANGS, (DENY,)), (bad(), (DENY,))],
    ids=["no policy", "let in", "accepted and never answered", "answered"],
)
def test_other_failures_stay_failures(cluster, answer, policies):
    started(cluster, answer, *policies)
    cluster.becomes("Running", "Failed")
    assert cluster.condition("Degraded")["reason"] == "ValidationFailed"


def test_without_the_right_to_read_policies_the_failure_stays(cluster):
    cluster.network_policies = Refused()
    cluster.answer = TIMEOUT
    cluster.create()
    cluster.deploy()
    cluster.pod()
    cluster.deploy(ready=1)
    cluster.becomes("Running", "Failed")
