# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which gates are closed when many servers fail at once."""

from __future__ import annotations

import pytest
from mcp_operator._vendor._workload.probe_spec import ProbeSpec
from mcp_operator.cluster.store import Key
from mcp_operator.gates.breaker import CircuitBreaker
from mcp_operator.gates.policy import GatePolicy, PodAnswer

from support.clock import FakeClock

from ..fake_workload import GOOD, bad
from ..gates_and_jobs import GATE

SPEC = ProbeSpec(8080, None, "auto", "a.b.svc:8080", ())


class Writer:
    """Keeps which gates are to be closed."""

    def __init__(self):
        self.closed = []

    def request_update(self, owner, _pod, gate, _change):
        if not gate.open:
            self.closed.append((owner.namespace, owner.name))


class Fleet:
    """Strict servers of which each has one Pod that has passed."""

    def __init__(self):
        self.writer = Writer()
        self.policy = GatePolicy(self.writer, CircuitBreaker(FakeClock().now))

    def probe(self, namespace, name, answer, **validation):
        """Let a probe have a result; return why the gate is held open, and None if it is not."""
        validation = {"strictMode": True, "onFailure": "remove", **validation}
        server = {"metadata": {"name": name, "namespace": namespace}, "spec": {"validation": validation}}
        gate = {"type": GATE, "status": "True", "message": "c of i: It passed.", "reason": "Validated"}
        container = {"name": "mcp-server", "containerID": "c", "imageID": "i", "state": {"running": {}}}
        pod = {
            "metadata": {"name": name, "namespace": namespace, "uid": f"{namespace}-{name}"},
            "spec": {"gated": True},
            "status": {"conditions": [gate], "containerStatuses": [container], "gateIsOurs": True},
        }
        held = self.policy.update_gates(Key("servers", namespace, name), server, [PodAnswer(pod, answer, SPEC)])
        return held and held.reason


@pytest.fixture
def fleet():
    return Fleet()


@pytest.mark.parametrize("code", ["FORBIDDEN", "TLS_EXPECTED", "SSE_CONNECTION_FAILED"])
def test_what_a_proxy_may_have_sent_closes_no_gate_when_several_namespaces_fail_so(fleet, code):
    assert [fleet.probe(f"team-{number}", "s", bad(code)) for number in range(3)] == [None, None, "CircuitBreakerOpen"]
    assert fleet.writer.closed == [("team-0", "s"), ("team-1", "s")]
    for number in range(3):
        fleet.probe(f"team-{number}", "s", GOOD)
    assert fleet.probe("team-2", "s", bad(code)) is None
    assert fleet.writer.closed[-1] == ("team-2", "s")


def test_that_servers_of_several_namespaces_cannot_be_reached_is_reported(fleet):
    found = [fleet.probe(f"team-{number}", "s", bad("TIMEOUT")) for number in range(3)]
    assert found == [None, None, "CircuitBreakerOpen"]
    assert fleet.writer.closed == []


def test_the_last_pod_is_kept_unless_the_manifest_says_otherwise(fleet):
    assert fleet.probe("team", "s", bad(), onFailure="keep") == "LastPodKept"
    assert fleet.probe("team", "s", bad()) is None
    assert fleet.writer.closed == [("team", "s")]


def test_a_failure_with_evidence_counts_as_one_with_which_the_operator_has_nothing_to_do(fleet):
    for number in range(10):
        fleet.probe(f"team-{number}", "s", bad("NOT_MCP"))
    assert fleet.probe("other", "s", bad("FORBIDDEN")) is None


@pytest.mark.parametrize("code", ["TLS_VERIFY_FAILED", "CREDENTIALS_REJECTED", "TIMEOUT"])
def test_expectations_that_do_not_hold_because_of_another_error_close_no_gate(fleet, code):
    answer = bad(code)
    expected = bad("EXPECTATION_FAILED", "tools does not hold: found null.")["issues"]
    assert fleet.probe("team", "s", {**answer, "issues": [*answer["issues"], *expected]}) == fleet.probe(
        "team", "s", answer
    )
    assert fleet.writer.closed == []
    fleet.probe("team", "s", {**answer, "issues": expected})
    assert fleet.writer.closed == [("team", "s")]


def test_an_expired_certificate_closes_the_gate_and_one_that_the_probe_does_not_trust_does_not(fleet):
    untrusted = "The server's certificate is not trusted: {}."
    assert fleet.probe("team", "s", bad("TLS_VERIFY_FAILED", untrusted.format("Hostname mismatch"))) == "AccessRefused"
    assert fleet.writer.closed == []
    assert fleet.probe("team", "s", bad("TLS_VERIFY_FAILED", untrusted.format("certificate has expired"))) is None
    assert fleet.writer.closed == [("team", "s")]
