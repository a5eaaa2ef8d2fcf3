# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Pods that do not become ready: the status says why, and no more often than it changes."""

from __future__ import annotations

from mcp_operator.validation import job_probe


def test_an_image_that_cannot_be_pulled(cluster):
    cluster.create()
    cluster.deploy()
    waiting = {"waiting": {"reason": "ImagePullBackOff", "message": "not found"}}
    cluster.pod(ready=False, phase="Pending", containerStatuses=[{"name": "mcp-server", "state": waiting}])
    cluster.becomes("Failed", "Pending")
    assert "ImagePullBackOff" in cluster.status()["message"]
    cluster.until(lambda: cluster.events)
    # The kubelet tries again, and calls it by another name for that time.
    cluster.rests()
    writes = len(cluster.writes)
    trying = {"waiting": {"reason": "ErrImagePull", "message": "failed to pull: not found"}}
    cluster.pod(ready=False, phase="Pending", containerStatuses=[{"name": "mcp-server", "state": trying}])
    cluster.rests()
    assert len(cluster.writes) == writes
    cluster.pod()
    cluster.deploy(ready=1)
    cluster.becomes("Running", "Validated")


def test_a_probe_that_fails_is_told_from_the_kubelets_events(cluster):
    message = "Startup probe failed: dial tcp 10.244.0.9:8080: connect: connection refused"
    cluster.probe_events = ({"reason": "Unhealthy", "message": message},)
    cluster.create()
    cluster.deploy()
    cluster.pod(ready=False)
    cluster.until(lambda: "connection refused" in cluster.status().get("message", ""))
    # The Pod is of long ago: the operator has stopped waiting for it.
    assert cluster.status()["phase"] == "Failed"
    assert cluster.condition("Ready")["reason"] == "ProbeFailed"


def test_what_keeps_a_new_template_from_starting_is_said_while_the_old_pods_serve(cluster):
    cluster.create()
    cluster.pod()
    cluster.deploy(ready=1)
    cluster.becomes("Running", "Validated")
    cluster.change(image="w:2")
    cluster.deploy(template=2, ready=1, pods=2, updatedReplicas=1)
    ended = {"terminated": {"exitCode": 1, "message": "fatal: no database"}}
    states = {"state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": ended, "restartCount": 4}
    cluster.pod("b", template=2, ready=False, containerStatuses=[{"name": "mcp-server", **states}])
    cluster.until(lambda: "fatal: no database" in cluster.status()["message"])
    assert cluster.status()["phase"] == "Updating"
    assert cluster.condition("Progressing")["reason"] == "CrashLoopBackOff"


def test_a_job_that_cannot_be_made_is_tried_again_after_a_pause_and_reported(cluster, monkeypatch):
    create, tries = job_probe.create_job, []

    def fail(*what):
        tries.append(cluster.clock.now())
        assert len(tries) < 5, "without a pause"
        raise ValueError("odd")

    monkeypatch.setattr(job_probe, "create_job", fail)
    cluster.create(validation={"runner": "job"})
    cluster.deploy(ready=1)
    cluster.pod()
    cluster.until(lambda: len(tries) == 2)
    assert tries[1] - tries[0] >= 20
    assert "ValueError" in str(cluster.status())
    monkeypatch.setattr(job_probe, "create_job", create)
    cluster.until(lambda: cluster.made)
