# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The fleet's numbers are those of the statuses, and vanish with them."""

from __future__ import annotations

import json

import pytest
from mcp_operator.cluster.store import Key, Store
from mcp_operator.status.fleet_metrics import CONDITIONS, PHASES, ROLLOUT_PHASES, STATES, FleetMetrics
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest

WATCH = "mcpservers"
MADE = "2026-01-01T00:00:00Z"
MADE_SECONDS = 1767225600.0
VALIDATED = {
    "state": "Validated",
    "compliant": True,
    "attempts": 2,
    "protocol": "sse",
    "protocolVersion": "2024-11-05",
    "capabilities": ["tools", "prompts"],
    "toolCount": 3,
    "lastAttemptTime": "2026-01-01T00:00:30Z",
    "lastValidated": "2026-01-01T00:00:04Z",
    "serverInfo": {"name": "hostile", "version": "{{ 1 }}"},
    "issues": [{"level": "warning", "code": "NOT_MCP", "message": "x"}, {"level": "loud", "code": "MADE_UP"}],
}
STATUS = {
    "phase": "Running",
    "replicas": 2,
    "readyReplicas": 1,
    "availableReplicas": 1,
    "conditions": [{"type": "Ready", "status": "True"}, {"type": "Degraded", "status": "False"}],
    "validation": VALIDATED,
}


class Metrics:
    """A store with MCPServers, and what Prometheus would see of it."""

    def __init__(self) -> None:
        self.store, self.registry, self.leading = Store(), CollectorRegistry(), True
        FleetMetrics(self.store, WATCH, lambda: self.leading, self.registry)

    def put(self, name="wiki", status=STATUS, spec=None, namespace="team"):
        meta = {"name": name, "namespace": namespace, "creationTimestamp": MADE, "resourceVersion": json.dumps(status)}
        self.store.put(Key(WATCH, namespace, name), {"metadata": meta, "spec": spec or {}, "status": status})

    def value(self, name, **labels):
        return self.registry.get_sample_value(name, {"namespace": "team", "name": "wiki", **labels})

    def series(self):
        return [
            (sample.name, sample.labels)
            for family in self.registry.collect()
            for sample in family.samples
            if family.name.startswith("mcpserver_")
        ]


@pytest.fixture
def metrics():
    return Metrics()


def test_what_the_status_says(metrics):
    metrics.put(spec={"hpa": {"enabled": True}, "validation": {"strictMode": True}})
    for phase in PHASES:
        assert metrics.value("mcpserver_phase", phase=phase) == float(phase == "Running")
    for state in STATES:
        assert metrics.value("mcpserver_validation_state", state=state) == float(state == "Validated")
    assert metrics.value("mcpserver_ready_total") == 1
    assert metrics.value("mcpserver_condition", condition="Degraded") == 0
    assert metrics.value("mcpserver_condition", condition="Reconciled") is None, "what nobody said is not told"
    assert metrics.value("mcpserver_replicas", transport_type="http") == 2
    assert metrics.value("mcpserver_ready_replicas", transport_type="http") == 1
    assert metrics.value("mcpserver_available_replicas", transport_type="http") == 1
    assert metrics.value("mcpserver_hpa_enabled") == 1
    assert metrics.value("mcpserver_strict_mode") == 1
    assert metrics.value("mcpserver_validation_compliant") == 1
    assert metrics.value("mcpserver_validation_attempts") == 2
    assert metrics.value("mcpserver_protocol", protocol="sse") == 1
    assert metrics.value("mcpserver_protocol_version", version="2024-11-05") == 1
    assert metrics.value("mcpserver_capabilities", capability="tools") == 1
    assert metrics.value("mcpserver_capabilities", capability="resources") == 0
    assert metrics.value("mcpserver_items", kind="tools") == 3
    assert metrics.value("mcpserver_created_timestamp_seconds") == MADE_SECONDS
    assert metrics.value("mcpserver_last_validation_timestamp") == MADE_SECONDS + 30
    assert metrics.value("mcpserver_last_validated_timestamp_seconds") == MADE_SECONDS + 4


def test_when_a_revision_may_remove_what_a_server_uses(metrics):
    name = "mcpserver_deprecated_feature_removal_timestamp_seconds"
    metrics.put(status={**STATUS, "validation": {**VALIDATED, "deprecatedFeatures": ["http-sse", "hostile", {}]}})
    assert metrics.value(name, feature="http-sse") == 1788393600.0  # 2026-09-03
    assert metrics.value(name, feature="logging") is None
    assert b"hostile" not in generate_latest(metrics.registry)
    metrics.put(status={**STATUS, "validation": {**VALIDATED, "state": "Failed", "deprecatedFeatures": ["logging"]}})
    assert metrics.value(name, feature="logging") == 1816732800.0  # 2027-07-28
    assert metrics.value(name, feature="http-sse") is None


def test_what_becomes_of_strict_servers(metrics):
    held = {"type": "Degraded", "status": "True", "reason": "LastPodKept", "message": "It is the last."}
    ready = {"type": "Ready", "status": "False", "reason": "RolledBack"}
    metrics.put(status={**STATUS, "conditions": [held, ready], "validation": {**VALIDATED, "provedReplicas": 1}})
    assert metrics.value("mcpserver_proved_replicas") == 1
    assert metrics.value("mcpserver_rolled_back") == 1
    assert metrics.value("mcpserver_gate_held", reason="LastPodKept") == 1
    assert metrics.value("mcpserver_gate_held", reason="CircuitBreakerOpen") == 0
    metrics.put()
    assert metrics.value("mcpserver_proved_replicas") is None
    assert metrics.value("mcpserver_rolled_back") == 0
    assert metrics.value("mcpserver_gate_held", reason="LastPodKept") == 0


def test_rollbacks_are_counted_when_they_begin(metrics):
    def rollbacks(reason="ValidationFailed"):
        return metrics.registry.get_sample_value("mcp_operator_rollbacks_total", {"reason": reason})

    def back(active, reason="ValidationFailed"):
        metrics.put(status={**STATUS, "rollback": {"active": active, "reason": reason}})

    assert rollbacks() == 0
    metrics.put()
    back(active=True)
    back(active=True, reason="DeadlineExceeded")  # of the same one
    assert (rollbacks(), rollbacks("DeadlineExceeded")) == (1, 0)
    back(active=False)
    back(active=True, reason="DeadlineExceeded")
    assert (rollbacks(), rollbacks("DeadlineExceeded")) == (1, 1)


def test_labels_are_words_that_are_known(metrics):
    metrics.put()
    assert metrics.value("mcpserver_validation_issues", level="warning", code="NOT_MCP") == 1
    assert metrics.value("mcpserver_validation_issues", level="other", code="other") == 1
    metrics.put(
        spec={"transport": {"type": "hostile"}},
        status={**STATUS, "validation": {**VALIDATED, "protocolVersion": "hostile"}},
    )
    assert metrics.value("mcpserver_protocol_version", version="other") == 1
    assert b"hostile" not in generate_latest(metrics.registry)


@pytest.mark.parametrize(
    "status", [None, {}, {"validation": None}, {"conditions": None}, {"validation": {"state": "New", "issues": None}}]
)
def test_a_status_that_says_little(metrics, status):
    metrics.put(status=status)
    assert metrics.value("mcpserver_ready_total") == 0
    assert metrics.value("mcpserver_validation_compliant") == -1
    assert all(metrics.value("mcpserver_phase", phase=phase) == 0 for phase in PHASES)
    assert metrics.value("mcpserver_last_validation_timestamp") is None
    assert all(metrics.value("mcpserver_condition", condition=name) is None for name in CONDITIONS)


def test_who_does_not_speak_mcp_has_neither_protocol_nor_capabilities(metrics):
    metrics.put(status={**STATUS, "validation": {**VALIDATED, "state": "Failed", "compliant": False}})
    names = {name for name, _labels in metrics.series()}
    assert not names & {"mcpserver_protocol", "mcpserver_protocol_version", "mcpserver_capabilities"}
    assert metrics.value("mcpserver_validation_compliant") == 0


def test_series_vanish_with_the_mcpserver(metrics):
    metrics.put()
    assert metrics.series()
    metrics.store.remove(Key(WATCH, "team", "wiki"))
    assert metrics.series() == []


def test_there_are_few_series_for_each(metrics):
    metrics.put()
    assert len(metrics.series()) < 50


def test_one_malformed_object_leaves_the_metrics_of_the_others(metrics):
    metrics.put(name="bad", status={"validation": "x", "rollback": []}, spec={"hpa": "x", "transport": 1})
    metrics.put()
    assert metrics.value("mcpserver_phase", phase="Running") == 1


def test_who_stands_by_tells_nothing(metrics):
    metrics.put()
    metrics.leading = False
    assert metrics.series() == []


def test_the_time_until_the_first_pass_is_taken_once(metrics):
    count = "mcp_operator_time_to_validated_seconds_count"
    metrics.put(status={})
    metrics.put()
    metrics.put(status={**STATUS, "validation": {**VALIDATED, "lastValidated": "2026-01-02T00:00:00Z"}})
    # One that had passed before this operator began.
    metrics.put(name="other")
    assert metrics.registry.get_sample_value(count) == 1
    assert metrics.registry.get_sample_value("mcp_operator_time_to_validated_seconds_sum") == 4


def test_the_phase_of_a_canary_has_a_series_only_with_canaries(metrics):
    metrics.put()
    assert metrics.value("mcpserver_rollout_phase", phase="Stable") is None
    metrics.put(status={**STATUS, "rollout": {"phase": "Paused", "message": "hostile"}})
    for phase in ROLLOUT_PHASES:
        assert metrics.value("mcpserver_rollout_phase", phase=phase) == float(phase == "Paused")
