# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import pods


def pod(*, phase="Running", ready=False, waiting=None, last=None, restarts=0, conditions=(), deleting=False):
    container = {
        "name": "mcp-server",
        "image": "wikipedia:1",
        "ready": ready,
        "restartCount": restarts,
        "state": {"waiting": waiting} if waiting else {"running": {}},
        "lastState": {"terminated": last} if last else {},
    }
    found = [*conditions, {"type": "Ready", "status": "True" if ready else "False"}]
    meta = {"name": "wikipedia-1", "namespace": "mcp"}
    if deleting:
        meta["deletionTimestamp"] = "2026-11-22T10:00:00Z"
    return {
        "metadata": meta,
        "spec": {"containers": [{"name": "mcp-server"}]},
        "status": {"phase": phase, "conditions": found, "containerStatuses": [container]},
    }


def test_a_ready_pod_has_no_cause():
    assert pods.cause(pod(ready=True)) is None


def test_a_pod_that_is_being_deleted_is_not_ready():
    assert not pods.is_ready(pod(ready=True, deleting=True))


def test_a_starting_pod_has_no_cause_yet():
    assert pods.cause(pod(waiting={"reason": "ContainerCreating"})) is None


@pytest.mark.parametrize(
    ("reason", "unrecoverable"),
    [
        ("ErrImagePull", False),
        ("ImagePullBackOff", True),
        ("InvalidImageName", True),
        ("CreateContainerConfigError", True),
    ],
)
def test_waiting_reasons_are_the_kubelets_own(reason, unrecoverable):
    cause = pods.cause(pod(waiting={"reason": reason, "message": "because"}))
    assert (cause.reason, cause.message, cause.unrecoverable) == (reason, "because", unrecoverable)
    assert cause.action


def test_a_first_crash_may_be_an_accident_and_a_third_is_none():
    crash = {"exitCode": 1, "reason": "Error"}
    waiting = {"reason": "CrashLoopBackOff"}
    first = pods.cause(pod(waiting=waiting, last=crash, restarts=1))
    third = pods.cause(pod(waiting=waiting, last=crash, restarts=3))
    assert (first.reason, first.unrecoverable) == ("CrashLoopBackOff", False)
    assert third.unrecoverable
    assert first.message == "the container ended with exit code 1 and was restarted once"
    assert third.message == "the container ended with exit code 1 and was restarted 3 times"
    assert "kubectl logs -n mcp wikipedia-1 --previous" in third.action


def test_only_crashes_since_the_waiting_began_are_hopeless():
    known = pod(waiting={"reason": "CrashLoopBackOff"}, last={"exitCode": 0}, restarts=7)
    assert not pods.cause(known, restarts_before=5).unrecoverable
    assert pods.cause(known, restarts_before=4).unrecoverable


def test_a_container_without_memory_is_told_from_one_that_fails():
    cause = pods.cause(pod(waiting={"reason": "CrashLoopBackOff"}, last={"exitCode": 137, "reason": "OOMKilled"}))
    assert cause.reason == "OOMKilled"
    assert "memory" in cause.action


def test_a_pod_that_no_node_takes_is_unschedulable():
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes"}
    cause = pods.cause(pod(phase="Pending", conditions=[condition]))
    assert (cause.reason, cause.message, cause.unrecoverable) == ("Unschedulable", "0/1 nodes", False)


def test_the_newest_probe_failure_explains_a_running_pod():
    events = [
        {"reason": "Unhealthy", "message": "old", "lastTimestamp": "2026-11-22T10:00:00Z"},
        {"reason": "Unhealthy", "message": "new\x1b[31m", "lastTimestamp": "2026-11-22T10:00:05Z"},
        {"reason": "Pulled", "message": "no", "lastTimestamp": "2026-11-22T10:00:09Z"},
    ]
    cause = pods.cause(pod(), events)
    assert cause.reason == "ProbeFailed"
    assert cause.message.startswith("new")
    assert "\x1b" not in cause.message


def test_a_replica_set_that_may_not_create_pods_is_a_cause():
    condition = {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota"}
    assert pods.created_none({"status": {"conditions": [condition]}}).message == "exceeded quota"
    assert pods.created_none({"status": {}}) is None


def test_a_readiness_probe_is_looked_for_in_the_servers_container():
    probed = {"spec": {"containers": [{"name": "mcp-server", "readinessProbe": {}}, {"name": "other"}]}}
    assert not pods.has_readiness_probe(pod())
    assert not pods.has_readiness_probe(probed)
    probed["spec"]["containers"][0]["readinessProbe"] = {"tcpSocket": {"port": 1}}
    assert pods.has_readiness_probe(probed)


def bridged(code, message, restarts=1):
    found = pod(waiting={"reason": "CrashLoopBackOff"}, last={"exitCode": code, "message": message}, restarts=restarts)
    found["spec"]["containers"][0]["command"] = ["/mcp-stdio-bridge/mcp-stdio-bridge", "run"]
    return found


def test_what_a_bridge_says_of_its_end_is_told_from_its_beginning():
    cause = pods.cause(bridged(1, "The server ended with exit code 3.\nIts stderr ended with: no database"))
    assert cause.message.endswith("The server ended with exit code 3. Its stderr ended with: no database")
    assert not cause.unrecoverable


@pytest.mark.parametrize("code", [126, 127])
def test_a_command_that_cannot_be_run_is_hopeless_at_once(code):
    assert pods.cause(bridged(code, 'The command "npz" is not in the image.')).unrecoverable
    shell = pod(waiting={"reason": "CrashLoopBackOff"}, last={"exitCode": code}, restarts=1)
    assert not pods.cause(shell).unrecoverable


def test_what_a_bridge_says_is_bounded():
    assert len(pods.cause(bridged(1, "x" * 5000)).message) < 800
