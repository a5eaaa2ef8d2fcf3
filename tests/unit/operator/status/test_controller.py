# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The statuses that are written over the life of an MCPServer."""

from __future__ import annotations

from mcp_operator.runs.run_request import HostOutcome

from ..fake_workload import GOOD, SERVER, bad


def test_the_progression_is_the_articles(cluster):
    cluster.gate.clear()
    cluster.create()
    cluster.becomes("Creating", "Pending")
    cluster.deploy()
    cluster.until(lambda: cluster.status().get("replicas") == 1)
    cluster.pod()
    cluster.until(lambda: cluster.asked)
    cluster.deploy(ready=1)
    cluster.becomes("Running", "Validating")
    cluster.gate.set()
    cluster.becomes("Running", "Validated")
    assert cluster.rows() == [
        ("Creating", 0, 0, None, "Pending"),
        ("Creating", 1, 0, None, "Pending"),
        ("Running", 1, 1, None, "Validating"),
        ("Running", 1, 1, "sse", "Validated"),
    ]
    status = cluster.status()
    assert status["validation"]["endpoint"] == "http://wiki.team.svc:8080/sse"
    assert status["validation"]["validatedGeneration"] == status["observedGeneration"] == 1
    assert status["validation"]["toolCount"] == 3
    assert (status["selector"], status["resolvedTransport"]["protocol"]) == ("app=wiki", "sse")


def test_a_pod_is_probed_by_its_address_and_with_the_host_of_the_service(running):
    [request] = running.asked
    assert request.address == "10.244.0.9"
    assert request.spec.authority == "wiki.team.svc:8080"


def test_a_restart_with_nothing_changed_writes_nothing_and_probes_nothing(running):
    before = running.server()
    running.restart()
    running.rests(0.5)
    assert (running.writes, running.asked, running.events) == ([], [], [])
    assert running.server() == before


def test_a_restart_probes_a_server_that_failed_and_writes_only_changes(running):
    running.answer = bad()
    running.pod(container="c2")
    running.until(lambda: running.status()["validation"]["state"] == "Failed")
    running.rests()
    running.restart()
    running.until(lambda: running.asked)
    running.rests()
    assert running.writes == []
    running.answer = GOOD
    running.restart()
    running.becomes("Running", "Validated")


def test_pods_that_came_while_the_operator_was_down_are_probed(running):
    running.controller.stop()
    running.pod(container="c2")
    running.restart()
    running.until(lambda: running.asked)
    assert running.asked[0].container.container_id == "c2"


def test_a_container_that_was_restarted_is_probed_again(running):
    running.asked.clear()
    running.pod(container="c2")
    running.until(lambda: running.asked)
    running.rests()
    assert running.status()["validation"]["state"] == "Validated"


def test_a_container_that_was_not_ready_for_a_moment_is_not_probed_again(running):
    running.asked.clear()
    running.pod(ready=False)
    running.deploy(ready=0)
    running.becomes("Creating")
    running.pod()
    running.deploy(ready=1)
    running.becomes("Running", "Validated")
    running.rests()
    assert running.asked == []


def test_an_image_is_never_validated_by_the_old_pods(running):
    running.asked.clear()
    running.change(image="w:2")
    running.rests()
    assert running.status()["observedGeneration"] == 1
    # Applied, but its controller has not looked at it: what it says is of before.
    running.deploy(template=1, ready=1, observed=False)
    running.rests()
    assert running.status()["observedGeneration"] == 1
    running.deploy(template=2, ready=1, pods=2, updatedReplicas=1)
    running.becomes("Updating", "Pending")
    assert running.asked == []
    assert running.status()["validation"]["validatedGeneration"] == 1
    running.pod("b", template=2)
    running.until(lambda: running.asked)
    assert [request.pod for request in running.asked] == ["wiki-b"]
    running.deploy(template=2, ready=1)
    running.becomes("Running", "Validated")
    assert running.status()["validation"]["validatedGeneration"] == 2


def test_counts_follow_the_deployment_and_scaling_probes_no_pod_twice(running):
    running.asked.clear()
    running.change(replicas=2)
    running.deploy(ready=1, desired=2)
    running.becomes("Scaling", "Validated")
    running.pod("b")
    running.deploy(ready=2, desired=2)
    running.becomes("Running", "Validated")
    running.rests()
    status = running.status()
    assert (status["replicas"], status["readyReplicas"], status["observedGeneration"]) == (2, 2, 2)
    assert [request.pod for request in running.asked] == ["wiki-b"]


def test_changed_requirements_are_probed_on_the_same_pods(running):
    running.asked.clear()
    running.change(validation={"requiredCapabilities": ["Prompts"]})
    running.deploy(ready=1, generation=1)
    running.until(lambda: running.asked)
    assert running.asked[0].spec.capabilities == ("prompts",)


def test_a_manifest_that_cannot_be_applied(cluster):
    cluster.create()
    cluster.ran("Service team/wiki already exists and belongs to no MCPServer. [FOREIGN_OBJECT]")
    cluster.becomes("Failed")
    assert "belongs to no MCPServer" in cluster.status()["message"]
    reconciled = cluster.condition("Reconciled")
    assert (reconciled["status"], reconciled["reason"]) == ("False", "ForeignObject")
    cluster.until(lambda: any(event["reason"] == "ForeignObject" for event in cluster.events))
    cluster.restart()
    cluster.rests()
    assert cluster.writes == []
    cluster.ran()
    cluster.becomes("Creating")
    assert cluster.condition("Reconciled")["status"] == "True"


def test_a_warning_of_a_run_is_an_event(cluster):
    cluster.create()
    cluster.ran(warnings=["spec.replicas has no effect."])
    cluster.until(lambda: any(event["reason"] == "SpecWarning" for event in cluster.events))
    [event] = [event for event in cluster.events if event["reason"] == "SpecWarning"]
    assert (event["type"], event["note"]) == ("Warning", "spec.replicas has no effect.")


def test_a_change_that_cannot_be_applied_leaves_the_old_pods_as_they_are(running):
    running.asked.clear()
    running.change(image="w:2")
    running.ran("Could not apply: exceeded quota. [API_FORBIDDEN]")
    running.becomes("Updating", "Validated")
    status = running.status()
    assert (status["observedGeneration"], status["validation"]["validatedGeneration"]) == (2, 1)
    assert running.asked == []


def test_a_run_that_fails_with_nothing_to_change_is_no_other_phase(running):
    running.ran("Ansible crashed.", HostOutcome.UNPROCESSED)
    running.until(lambda: running.condition("Reconciled")["status"] == "False")
    assert running.status()["phase"] == "Running"
    assert running.condition("Degraded")["reason"] == "RunFailed"


def test_in_strict_mode_a_failure_is_a_phase(cluster):
    cluster.answer = bad()
    cluster.create(validation={"strictMode": True})
    cluster.deploy(ready=1)
    cluster.pod()
    cluster.becomes("ValidationFailed", "Failed")
    assert "NOT_MCP" in cluster.status()["message"]
    cluster.until(lambda: any(event["reason"] == "ValidationFailed" for event in cluster.events))


def test_a_server_that_fails_for_a_while_recovers_by_itself(cluster):
    cluster.answer = bad("TIMEOUT", "No answer came.")
    cluster.create()
    cluster.deploy(ready=1)
    cluster.pod()
    cluster.becomes("Running", "Failed")
    cluster.answer = GOOD
    cluster.becomes("Running", "Validated")


def test_one_pod_that_fails_fails_the_server(running):
    running.answer = lambda request: bad() if request.pod == "wiki-b" else GOOD
    running.pod("b")
    running.until(lambda: running.status()["validation"]["state"] == "Failed")
    running.remove_pod("b")
    running.until(lambda: running.status()["validation"]["state"] == "Validated")


def test_a_pod_of_another_owner_is_not_probed(running):
    running.asked.clear()
    running.pod("b", template=9)
    running.rests()
    assert running.asked == []


def test_addresses_that_no_pod_has_are_not_probed(running):
    running.asked.clear()
    for number, address in enumerate(("127.0.0.1", "169.254.169.254", "::1", "0.0.0.0", "", "a.example")):
        running.pod(f"b{number}", address=address)
    running.rests()
    assert running.asked == []


def test_validation_can_be_disabled(cluster):
    cluster.create(validation={"enabled": False})
    cluster.deploy(ready=1)
    cluster.pod()
    cluster.becomes("Running", "Disabled")
    assert cluster.asked == []


def test_a_server_scaled_to_zero_is_running(running):
    running.change(replicas=0)
    running.remove_pod("a")
    running.deploy(desired=0)
    running.until(lambda: running.status()["message"] == "Scaled to zero.")
    assert running.status()["phase"] == "Running"


def test_a_deleted_mcpserver_is_dropped(running):
    running.store.remove(SERVER)
    running.rests()
    writes = len(running.writes)
    running.pod(container="c2")
    running.rests()
    assert len(running.writes) == writes
    assert running.controller._publisher.pending == 0
    assert running.controller._scheduler.depth() == {"waiting": 0, "running": 0}


def test_an_mcpserver_that_is_being_deleted_is_terminating(running):
    item = running.server()
    running.put(SERVER, {**item, "metadata": {**item["metadata"], "deletionTimestamp": "now"}})
    running.becomes("Terminating", "Validated")
