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


def test_a_secret_that_is_missing_is_named():
    waiting = pod(waiting={"reason": "ContainerCreating"})
    message = 'MountVolume.SetUp failed for volume "tls-certs" : secret "wiki-tls" not found'
    mounts = {"reason": "FailedMount", "message": message, "lastTimestamp": "2026-11-22T10:00:00Z"}
    cause = pods.cause(waiting, [{"reason": "Scheduled"}, mounts])
    assert (cause.reason, cause.message, cause.unrecoverable) == ("FailedMount", message, False)
    assert "Create the Secret" in cause.action
    later = {"reason": "Unhealthy", "message": "connection refused", "lastTimestamp": "2026-11-22T10:01:00Z"}
    assert pods.cause(pod(), [mounts, later]).reason == "ProbeFailed"


def test_the_sidecar_is_named_in_the_cause():
    waiting = {"reason": "CrashLoopBackOff"}
    crash = {"exitCode": 2, "message": "flag provided but not defined: -metrics-names"}
    sidecar = {
        "name": "mcp-proxy",
        "restartCount": 3,
        "state": {"waiting": waiting},
        "lastState": {"terminated": crash},
    }
    found = pod(waiting={"reason": "PodInitializing"})
    found["status"]["initContainerStatuses"] = [sidecar]
    cause = pods.cause(found)
    assert cause.message.startswith("the container mcp-proxy ended with exit code 2 and was restarted 3 times")
    assert "flag provided but not defined" in cause.message
    assert cause.action.endswith("-c mcp-proxy.")


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
    assert not pods.cause(known, restarts_before={"mcp-server": 5}).unrecoverable
    assert pods.cause(known, restarts_before={"mcp-server": 4}).unrecoverable


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


@pytest.mark.parametrize(
    ("message", "lasts"),
    [
        ('admission webhook "policy.sigstore.dev" denied the request: no signature', True),
        ("pods \"a\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no", True),
        ('pods "a" is forbidden: violates PodSecurity "restricted:latest": privileged', True),
        ('Internal error occurred: failed calling webhook "policy.sigstore.dev": context deadline exceeded', False),
        ('pods "a" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=2, limited: pods=2', False),
    ],
)
def test_pods_that_are_refused_for_what_they_are_do_not_start_by_waiting(message, lasts):
    condition = {"type": "ReplicaFailure", "status": "True", "message": message}
    assert pods.created_none({"status": {"conditions": [condition]}}).unrecoverable is lasts


def test_a_long_refusal_keeps_its_end_which_is_its_cause():
    message = f'admission webhook "w" denied the request: {"policy " * 200}: no signature of this key'
    condition = {"type": "ReplicaFailure", "status": "True", "message": message}
    found = pods.created_none({"status": {"conditions": [condition]}}).message
    assert found.startswith('admission webhook "w" denied the request: policy')
    assert found.endswith("policy : no signature of this key")
    assert len(found) <= 500


def crashed(code, message="", restarts=1):
    return pod(waiting={"reason": "CrashLoopBackOff"}, last={"exitCode": code, "message": message}, restarts=restarts)


def test_the_message_of_mcp_sidecar_is_shown_from_its_beginning():
    message = "The server ended with exit code 3.\nIts stderr ended with: no database"
    cause = pods.cause(crashed(1, message), bridged=True)
    assert cause.message.endswith("The server ended with exit code 3. Its stderr ended with: no database")
    assert not cause.unrecoverable


@pytest.mark.parametrize("code", [126, 127])
def test_a_command_that_cannot_be_run_is_unrecoverable_at_once(code):
    assert pods.cause(crashed(code, 'The command "npz" is not in the image.'), bridged=True).unrecoverable
    assert not pods.cause(crashed(code)).unrecoverable


def test_the_message_of_mcp_sidecar_is_bounded():
    assert len(pods.cause(crashed(1, "x" * 5000), bridged=True).message) < 800


def with_container(field, **entry):
    found = pod(waiting={"reason": "PodInitializing"})
    found["status"][field] = [{"name": "fetch", "image": "fetch:1", "ready": False, **entry}]
    return found


CRASHING = {
    "state": {"waiting": {"reason": "CrashLoopBackOff"}},
    "lastState": {"terminated": {"exitCode": 3, "message": "no such host"}},
    "restartCount": 2,
}


def test_a_failing_init_container_is_named_with_a_command_that_shows_its_log():
    cause = pods.cause(with_container("initContainerStatuses", **CRASHING))
    assert cause.message.startswith("the init container fetch ended with exit code 3 and was restarted 2 times")
    assert cause.message.endswith("no such host")
    assert cause.action == "See its log: kubectl logs -n mcp wikipedia-1 -c fetch."


def test_another_container_of_the_pod_is_named_too():
    cause = pods.cause(with_container("containerStatuses", **CRASHING))
    assert cause.message.startswith("the container fetch ended")
    assert cause.action.endswith("-c fetch.")


def test_an_exit_code_of_mcp_sidecar_means_nothing_in_an_init_container():
    ended = {"terminated": {"exitCode": 127}}
    crashing = with_container("initContainerStatuses", **{**CRASHING, "lastState": ended})
    assert not pods.cause(crashing, bridged=True).unrecoverable


def test_the_image_of_an_init_container_is_not_that_of_the_server():
    waiting = {"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}}
    cause = pods.cause(with_container("initContainerStatuses", state=waiting))
    assert cause.message == "the init container fetch: no such image"
    assert "spec.image" not in cause.action
    assert "container fetch" in cause.action


@pytest.mark.parametrize("reason", ["ErrImagePull", "ImagePullBackOff"])
@pytest.mark.parametrize(
    ("image", "setting"),
    [("mcp/mcp-stdio-bridge:0.1.0", "mcp_operator_bridge_images"), ("team/weather:1", "spec.image")],
)
def test_an_image_that_is_a_placeholder_is_named_with_the_setting(reason, image, setting):
    waiting = {"waiting": {"reason": reason, "message": "no such host"}}
    image = f"{pods.PLACEHOLDER_REGISTRY}{image}"
    cause = pods.cause(with_container("initContainerStatuses", state=waiting, image=image))
    assert cause.reason == reason
    assert f"The image {image} is a placeholder." in cause.action
    assert setting in cause.action


def unscheduled(message):
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}
    return pods.cause(pod(phase="Pending", conditions=[condition]))


def test_a_missing_persistent_volume_claim_is_named_once_and_with_what_to_do():
    cause = unscheduled('0/1 nodes are available: persistentvolumeclaim "data" not found. not found')
    assert str(cause) == 'Unschedulable: 0/1 nodes are available: persistentvolumeclaim "data" not found.'
    assert cause.action == "Create the PersistentVolumeClaim data, or correct spec.podTemplate.volumes."


def test_an_unbound_persistent_volume_claim_is_no_matter_of_resources():
    cause = unscheduled("0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: none.")
    assert cause.message.endswith("PersistentVolumeClaims. preemption: none")
    assert cause.action == "See why the claim is not bound: kubectl describe pvc -n mcp."


def test_earlier_restarts_of_an_init_container_are_no_reason_to_give_up():
    crashing = with_container("initContainerStatuses", **{**CRASHING, "restartCount": 7})
    assert pods.restarts_by_container(crashing) == {"fetch": 7, "mcp-server": 0}
    assert not pods.cause(crashing, restarts_before={"fetch": 6}).unrecoverable
    assert pods.cause(crashing, restarts_before={"fetch": 4}).unrecoverable
