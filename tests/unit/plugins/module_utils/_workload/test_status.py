# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import status, validation
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.observation import Observation
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.pods import Cause
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.rollout import Rollout

NOW = "2026-11-22T10:00:00Z"
LATER = "2026-11-22T10:05:00Z"
READY = Rollout(desired=1, replicas=1, updated=1, ready=1, available=1, observed=True)
STARTING = Rollout(desired=1, replicas=1, updated=1, ready=0, available=0, observed=True)
REPORT = {
    "compliant": True,
    "requires_auth": False,
    "transport": "sse",
    "path": "/sse",
    "protocol_version": "2024-11-05",
    "supported_versions": ["2024-11-05"],
    "capabilities": ["tools", "resources", "prompts"],
    "server_info": {"name": "wikipedia", "version": "1"},
    "issues": [],
}
BAD = {
    **REPORT,
    "compliant": False,
    "issues": [{"code": "NOT_MCP", "level": "error", "message": "HTML came back", "action": "Check the path."}],
}
LOCKED = {**REPORT, "compliant": None, "requires_auth": True, "protocol_version": None, "server_info": None}


def mcpserver(*, before=None, **validating):
    return {
        "metadata": {"name": "wikipedia", "namespace": "default", "generation": 3},
        "spec": {
            "image": "wikipedia:1",
            "transport": {"config": {"http": {"port": 3001}}},
            "validation": validating,
        },
        "status": before or {},
    }


def condition(found, type_):
    return next(item for item in found["conditions"] if item["type"] == type_)


def test_a_validated_server_says_what_the_article_shows():
    server = mcpserver()
    found = validation.verdict(server, [REPORT], NOW)
    expected = {
        "state": "Validated",
        "compliant": True,
        "protocol": "sse",
        "protocolVersion": "2024-11-05",
        "endpoint": "http://wikipedia.default.svc:3001/sse",
        "requiresAuth": False,
        "capabilities": ["tools", "resources", "prompts"],
        "lastValidated": NOW,
        "validatedGeneration": 3,
    }
    assert {key: found[key] for key in expected} == expected


def test_one_bad_pod_makes_a_bad_server():
    found = validation.verdict(mcpserver(), [REPORT, BAD, REPORT], NOW)
    assert found["state"] == "Failed"
    assert found["issues"] == [{"level": "error", "code": "NOT_MCP", "message": "HTML came back"}]
    assert "lastValidated" not in found


def test_a_failure_leaves_the_last_success_standing():
    before = {"validation": {"lastValidated": NOW, "validatedGeneration": 2}}
    found = validation.verdict(mcpserver(before=before), [BAD], LATER)
    assert (found["lastValidated"], found["validatedGeneration"]) == (NOW, 2)


def test_nothing_is_said_about_the_compliance_of_a_locked_server():
    found = validation.verdict(mcpserver(), [LOCKED], NOW)
    assert found["state"] == "AuthRequired"
    assert found["requiresAuth"] is True
    assert "compliant" not in found


def test_what_a_locked_server_says_of_its_lock_is_told_shortened():
    said = {
        "scheme": "Bearer",
        "realm": None,
        "resource_metadata": "https://wiki.example.com/.well-known/oauth-protected-resource",
        "resource": None,
        "authorization_servers": [f"https://{number}.example.com" for number in range(30)],
        "scopes": ["mcp:read", "x" * 5000],
    }
    found = validation.verdict(mcpserver(), [{**LOCKED, "auth": said}], NOW)["auth"]
    assert found["scheme"] == "Bearer"
    assert found["resourceMetadata"] == said["resource_metadata"]
    assert "resource" not in found
    assert len(found["authorizationServers"]) == 10
    assert [len(scope) <= 200 for scope in found["scopes"]] == [True, True]
    assert "auth" not in validation.verdict(mcpserver(), [LOCKED], NOW)
    assert "auth" not in validation.verdict(mcpserver(), [{**REPORT, "auth": said}], NOW)


def test_attempts_count_within_one_generation():
    again = mcpserver(before={"observedGeneration": 3, "validation": {"attempts": 4}})
    changed = mcpserver(before={"observedGeneration": 2, "validation": {"attempts": 4}})
    assert validation.verdict(again, [BAD], NOW)["attempts"] == 5
    assert validation.verdict(changed, [BAD], NOW)["attempts"] == 1


def test_a_verdict_stands_until_there_is_another_of_its_generation():
    before = {"observedGeneration": 3, "validation": validation.verdict(mcpserver(), [REPORT], NOW)}
    assert validation.pending(mcpserver(before=before), running=True) == before["validation"]
    older = {**before, "observedGeneration": 2}
    assert validation.pending(mcpserver(before=older), running=True) == {
        "state": "Validating",
        "attempts": 0,
        "lastValidated": NOW,
        "validatedGeneration": 3,
        "deprecatedFeatures": [],
    }


def test_validation_can_be_switched_off():
    assert validation.pending(mcpserver(enabled=False)) == {"state": "Disabled"}


def test_a_strict_server_is_not_running_before_it_is_validated():
    server = mcpserver(strictMode=True)
    waiting = status.status(server, Observation(READY, validation.pending(server, running=True)), NOW)
    passed = status.status(server, Observation(READY, validation.verdict(server, [REPORT], NOW)), NOW)
    assert waiting["phase"] == "Creating"
    assert condition(waiting, "Ready")["status"] == "False"
    assert passed["phase"] == "Running"
    assert condition(passed, "Ready")["status"] == "True"


def test_strict_mode_refuses_and_the_other_one_warns():
    for strict, phase, ready in ((True, "ValidationFailed", "False"), (False, "Running", "True")):
        server = mcpserver(strictMode=strict)
        verdict = validation.verdict(server, [BAD], NOW)
        seen = Observation(READY, verdict, failure=validation.failure([BAD]))
        found = status.status(server, seen, NOW)
        assert found["phase"] == phase
        assert "NOT_MCP: HTML came back Check the path." in found["message"]
        assert condition(found, "Ready")["status"] == ready
        assert condition(found, "Degraded")["status"] == "True"


def test_a_stuck_server_is_failed_and_says_why():
    server = mcpserver()
    cause = Cause("ImagePullBackOff", "no such image", "Check spec.image.", unrecoverable=True)
    found = status.status(server, Observation(STARTING, validation.pending(server), cause), NOW)
    assert found["phase"] == "Failed"
    assert found["message"] == "ImagePullBackOff: no such image. Check spec.image."
    assert condition(found, "Ready")["reason"] == "ImagePullBackOff"
    assert condition(found, "Progressing")["status"] == "False"


def test_a_server_that_runs_although_it_failed_says_so():
    verdict = validation.verdict(mcpserver(), [BAD], NOW)
    found = status.status(mcpserver(), Observation(READY, verdict, failure=validation.failure([BAD])), NOW)
    assert condition(found, "Ready")["reason"] == "ReadyUnvalidated"
    validated = condition(found, "Validated")
    assert (validated["status"], validated["reason"]) == ("False", "ValidationFailed")
    assert validated["message"].startswith("NOT_MCP: ")


@pytest.mark.parametrize(
    ("result", "value", "reason"),
    [
        (validation.verdict(mcpserver(), [REPORT], NOW), "True", "Validated"),
        (validation.verdict(mcpserver(), [LOCKED], NOW), "Unknown", "AuthRequired"),
        (validation.pending(mcpserver()), "Unknown", "ValidationPending"),
        (validation.pending(mcpserver(), running=True), "Unknown", "ValidationPending"),
        (validation.pending(mcpserver(enabled=False)), "Unknown", "ValidationDisabled"),
    ],
)
def test_validated_is_true_only_for_what_was_validated(result, value, reason):
    found = condition(status.status(mcpserver(), Observation(READY, result), NOW), "Validated")
    assert (found["status"], found["reason"]) == (value, reason)


def test_old_pods_that_serve_outweigh_a_new_one_that_does_not_start():
    server = mcpserver()
    surging = Rollout(desired=1, replicas=2, updated=1, ready=1, available=1, observed=True)
    cause = Cause("ImagePullBackOff", "no such image", unrecoverable=True)
    found = status.status(server, Observation(surging, validation.pending(server), cause), NOW)
    assert found["phase"] == "Updating"
    assert condition(found, "Available")["status"] == "True"


def test_the_record_of_a_reconciliation_stays_until_there_is_another():
    first = status.status(mcpserver(), Observation(READY, {"state": "Disabled"}, record="a.b"), NOW)
    kept = status.status(mcpserver(before=first), Observation(READY, {"state": "Disabled"}), NOW)
    assert kept["reconciliationRecord"] == "a.b"
    assert "reconciliationRecord" not in status.status(mcpserver(), Observation(READY, {"state": "Disabled"}), NOW)


def test_a_transition_time_moves_only_with_the_status():
    server = mcpserver()
    first = status.status(server, Observation(STARTING, validation.pending(server)), NOW)
    same = status.status({**server, "status": first}, Observation(STARTING, validation.pending(server)), LATER)
    moved = status.status({**server, "status": first}, Observation(READY, validation.pending(server)), LATER)
    assert same == first
    assert condition(moved, "Ready")["lastTransitionTime"] == LATER
    assert condition(moved, "Reconciled")["lastTransitionTime"] == NOW
    assert moved["lastReconcileTime"] == LATER


def test_every_condition_speaks_of_the_observed_generation():
    server = mcpserver()
    found = status.status(server, Observation(READY, validation.pending(server)), NOW)
    assert found["observedGeneration"] == 3
    assert {item["observedGeneration"] for item in found["conditions"]} == {3}


FOREIGN = {"type": "Successful", "status": "True", "reason": "Successful"}


def test_conditions_of_other_controllers_are_no_change():
    seen = Observation(READY, validation.pending(mcpserver()))
    first = status.status(mcpserver(), seen, NOW)
    with_foreign = {**first, "conditions": [FOREIGN, *reversed(first["conditions"])]}
    again = status.status(mcpserver(before=with_foreign), seen, LATER)
    assert again["lastReconcileTime"] == NOW
    assert status.same_status(with_foreign, again)
    assert not status.same_status(with_foreign, {**again, "phase": "Failed"})
    assert not status.same_status(with_foreign, {**again, "conditions": again["conditions"][1:]})
