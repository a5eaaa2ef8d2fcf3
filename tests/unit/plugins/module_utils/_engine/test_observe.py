# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.diagnosis import Diagnosis
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.observe import (
    Observed,
    RolledBack,
    Validation,
    compute_status,
    kept_validation,
    pending_validation,
    validation_of,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.pods import Cause
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.rollout import Rollout

NOW, LATER = "2026-01-01T00:00:00Z", "2026-01-01T00:10:00Z"
READY = Rollout(desired=1, replicas=1, updated=1, ready=1, available=1, observed=True)
GOOD = {
    "compliant": True,
    "requires_auth": False,
    "transport": "sse",
    "path": "/sse",
    "protocol_version": "2024-11-05",
    "supported_versions": ["2024-11-05"],
    "capabilities": ["tools"],
    "server_info": None,
    "issues": [],
}
ISSUE = {"code": "NOT_MCP", "level": "error", "message": "HTML came back", "action": "Check the path."}
BAD = {**GOOD, "compliant": False, "issues": [ISSUE]}


def mcpserver(before=None, *, generation=1, strict=False):
    status = {"observedGeneration": 1, **before} if before else {}
    meta = {"name": "wiki", "namespace": "team", "generation": generation}
    return {"metadata": meta, "spec": {"image": "w:1", "validation": {"strictMode": strict}}, "status": status}


def test_a_repeated_result_keeps_its_time_where_that_is_wanted():
    first = validation_of(mcpserver(), [GOOD], NOW)
    server = mcpserver({"validation": first.status})
    kept = validation_of(server, [GOOD], LATER, keep_if_same=True)
    assert kept.status == first.status
    again = validation_of(server, [GOOD], LATER)
    assert (again.status["lastAttemptTime"], again.status["attempts"]) == (LATER, 2)
    assert [result["time"] for result in again.status["results"]] == [LATER, NOW]


def test_a_kept_result_counts_for_the_generation_that_the_containers_serve_now():
    first = validation_of(mcpserver(), [GOOD], NOW)
    found = kept_validation(mcpserver({"validation": first.status}, generation=2))
    assert (found["validatedGeneration"], found["lastValidated"]) == (2, NOW)


def test_one_pod_that_fails_fails_the_server():
    found = validation_of(mcpserver(), [GOOD, BAD], NOW)
    assert (found.status["state"], found.status["provedReplicas"]) == ("Failed", 1)
    assert found.failure == "NOT_MCP: HTML came back Check the path."
    assert found.status["results"] == [{"time": NOW, "state": "Failed", "message": found.failure}]


def test_the_latest_results_are_kept():
    server = mcpserver()
    for number in range(7):
        found = validation_of(server, [GOOD if number % 2 else BAD], f"2026-01-01T00:0{number}:00Z")
        server = mcpserver({"validation": found.status})
    assert [result["time"][15] for result in found.status["results"]] == ["6", "5", "4", "3", "2"]


def failed_before():
    failed = validation_of(mcpserver(), [BAD], NOW)
    status = compute_status(mcpserver(), Observed(READY, [], failed), NOW)
    return mcpserver(status), status


def test_a_failure_that_still_stands_keeps_its_reason():
    """Deploy wrote "Validation failed: " and no reason while it waited for a server that had failed before."""
    server, before = failed_before()
    found = compute_status(server, Observed(READY, [], pending_validation(server)), LATER)
    assert found["message"] == before["message"]
    assert "NOT_MCP" in found["message"]


def test_a_job_that_cannot_start_is_a_warning_while_there_is_no_result():
    found = pending_validation(mcpserver(), running=True, problem="exceeded quota")
    assert found.status["issues"] == [
        {"level": "warning", "code": "VALIDATION_JOB_FAILED", "message": "exceeded quota"}
    ]
    server, _before = failed_before()
    assert pending_validation(server, problem="exceeded quota").status == server["status"]["validation"]


def test_after_a_rollback_the_pods_that_serve_say_nothing_about_the_template_that_failed():
    failed = validation_of(mcpserver(strict=True), [BAD], NOW)
    crash = Diagnosis(Cause("CrashLoopBackOff", "it crashed"), gave_up=True)
    passed = validation_of(mcpserver(strict=True), [GOOD], NOW)
    observed = Observed(READY, [], passed, crash, rolled_back=RolledBack(failed, "The last template serves."))
    found = compute_status(mcpserver(strict=True), observed, NOW)
    assert found["phase"] == "ValidationFailed"
    assert found["message"].endswith("Check the path. The last template serves.")
    assert found["validation"]["state"] == "Failed"


def test_restarts_are_those_of_the_newest_pods():
    server = mcpserver()
    server["spec"]["transport"] = {"type": "stdio"}
    pods = [{"status": {"containerStatuses": [{"restartCount": 2}]}}, {"status": {}}]
    found = compute_status(server, Observed(READY, pods, Validation({"state": "Pending"})), NOW)
    assert found["bridge"]["childRestarts"] == 2
