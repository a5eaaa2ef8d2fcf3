# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Validation by Jobs, where a manifest says so."""

from __future__ import annotations

import copy

import pytest
from mcp_operator._vendor._workload.report_encoding import encode_reports
from mcp_operator.backoff import Backoff
from mcp_operator.validation import job_probe as module

from ..fake_workload import GOOD, bad

FULL = {**GOOD, "resources": None, "prompts": None}
FAILED = {**bad("TIMEOUT"), "resources": None, "prompts": None}


@pytest.fixture
def asking(cluster, monkeypatch):
    """A cluster whose MCPServer wants a Job, and has a Pod that is ready."""
    monkeypatch.setattr(module, "_SOON", Backoff(first=1.0, most=1.0, jitter=0.0))
    cluster.create(validation={"runner": "job"})
    cluster.deploy(ready=1)
    cluster.pod()
    cluster.until(lambda: len(cluster.made) >= 2)
    cluster.rests()
    return cluster


def jobs(cluster):
    return [manifest for manifest in cluster.made if manifest["kind"] == "Job"]


def test_a_job_is_created_and_the_operator_probes_nothing(asking):
    account, job = asking.made[:2]
    assert (account["kind"], account["metadata"]["name"]) == ("ServiceAccount", "wiki-validate")
    assert job["spec"]["template"]["spec"]["containers"][0]["image"] == "mcp-operator:1"
    asking.job(job)
    asking.becomes("Running", "Validating")
    asking.rests()
    assert asking.asked == []
    assert {made["metadata"]["name"] for made in jobs(asking)} == {job["metadata"]["name"]}


def test_its_message_becomes_the_status_and_a_restart_makes_no_other(asking):
    job = jobs(asking)[0]
    asking.job(job, message=encode_reports([FULL]))
    asking.becomes("Running", "Validated")
    assert asking.status()["validation"]["protocol"] == "sse"
    asking.rests()
    asking.restart()
    asking.rests(0.5)
    assert (asking.writes, asking.made) == ([], [])


def test_a_restart_reads_what_a_job_said_meanwhile(asking):
    job = jobs(asking)[0]
    asking.controller.stop()
    asking.job(job, message=encode_reports([FULL]))
    asking.restart()
    asking.becomes("Running", "Validated")
    assert asking.made == []


def test_another_container_is_another_job(asking):
    first = jobs(asking)[0]
    asking.job(first, message=encode_reports([FULL]))
    asking.becomes("Running", "Validated")
    asking.pod(container="c2")
    asking.until(lambda: jobs(asking)[-1]["metadata"]["name"] != first["metadata"]["name"])


def test_a_server_that_may_pass_the_next_time_gets_another_one(asking):
    first = jobs(asking)[0]
    asking.job(first, message=encode_reports([FAILED]))
    asking.becomes("Running", "Failed")
    asking.until(lambda: jobs(asking)[-1]["metadata"]["name"] != first["metadata"]["name"])
    asking.job(jobs(asking)[-1], message=encode_reports([FULL]))
    asking.becomes("Running", "Validated")


def test_a_job_that_says_nothing_is_no_verdict(asking):
    asking.job(jobs(asking)[0], state={"terminated": {"exitCode": 2, "message": "usage", "finishedAt": "2020"}})
    asking.until(lambda: asking.status()["validation"].get("issues"))
    validation = asking.status()["validation"]
    assert validation["state"] in ("Pending", "Validating")
    assert validation["issues"][0]["code"] == "VALIDATION_JOB_FAILED"
    assert "exit code 2" in validation["issues"][0]["message"]


def test_a_job_that_does_not_start_says_why(asking):
    waiting = {"waiting": {"reason": "ErrImagePull", "message": "not found"}}
    asking.job(jobs(asking)[0], state=waiting)
    asking.until(lambda: "ErrImagePull" in str(asking.status()["validation"].get("issues")))


def test_a_job_that_may_not_be_made(cluster):
    cluster.create(validation={"runner": "job"})
    cluster.becomes("Creating")
    cluster.deploy(ready=1)
    cluster.becomes("Running")
    cluster.down = True
    cluster.pod()
    cluster.rests()
    cluster.down = False
    cluster.deploy(ready=1, template=1, generation=2)
    cluster.until(lambda: "exceeded quota" in str(cluster.status()["validation"].get("issues")))


def test_without_its_image_the_operator_says_so(cluster):
    cluster.image = ""
    cluster.restart()
    cluster.create(validation={"runner": "job"})
    cluster.deploy(ready=1)
    cluster.pod()
    cluster.until(lambda: "--validation-image" in str(cluster.status().get("validation", {}).get("issues")))
    assert cluster.made == []


# --- Jobs of others ---


def template_of(manifest):
    return manifest["spec"]["template"]


def defaulted(manifest):
    """Return a Job as the API server stores it."""
    found = copy.deepcopy(manifest)
    template = template_of(found)
    template["metadata"]["labels"] |= {"job-name": "a", "batch.kubernetes.io/controller-uid": "u"}
    template["spec"] |= {"dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler"}
    template["spec"]["containers"][0] |= {"imagePullPolicy": "IfNotPresent", "terminationMessagePolicy": "File"}
    return found


def forged(manifest, attempt=99, **container):
    """Return a Job that says that it is about the same containers."""
    found = defaulted(manifest)
    template_of(found)["metadata"]["annotations"]["mcp.mcp-operator.io/attempt"] = str(attempt)
    template_of(found)["spec"]["containers"][0] |= container
    found["metadata"] |= {"name": f"forged-{attempt}", "annotations": template_of(found)["metadata"]["annotations"]}
    return found


def test_a_job_of_another_creator_is_no_verdict(asking, caplog):
    asking.job(forged(jobs(asking)[0], image="forged:1"), message=encode_reports([FULL]))
    asking.rests()
    assert asking.status()["validation"]["state"] == "Validating"
    assert "Ignoring Job team/forged-99" in caplog.text
    asking.job(jobs(asking)[0], message=encode_reports([FAILED]))
    asking.becomes("Running", "Failed")


def test_a_job_of_an_earlier_process_counts_if_it_is_unchanged(asking):
    [job] = jobs(asking)
    asking.controller.stop()
    asking.job(defaulted(job), message=encode_reports([FULL]))
    asking.job(forged(job, image="forged:1"), message=encode_reports([FAILED]))
    asking.restart()
    asking.becomes("Running", "Validated")
    assert asking.made == []


def test_the_number_of_a_job_does_not_make_it_the_newest(asking):
    first = jobs(asking)[0]
    # Whoever created it, it ran our image with our arguments: it counts as of the time at which it ran.
    asking.job(forged(first, attempt=999_999_999), message=encode_reports([FULL]))
    asking.becomes("Running", "Validated")
    asking.job(first, message=encode_reports([FULL]))
    asking.change(validation={"runner": "job", "interval": "60s", "probe": {"failureThreshold": 1}})
    asking.deploy(ready=1, generation=2)
    asking.until(lambda: len(jobs(asking)) > 1)
    asking.job(jobs(asking)[-1], message=encode_reports([{**bad(), "resources": None, "prompts": None}]))
    asking.becomes("Running", "Failed")


def test_what_a_webhook_changes_is_ours_in_the_process_that_created_it(asking):
    changed = defaulted(jobs(asking)[0])
    template_of(changed)["spec"]["imagePullSecrets"] = [{"name": "of-the-namespace"}]
    asking.job(changed, message=encode_reports([FULL]))
    asking.becomes("Running", "Validated")


def test_a_service_account_of_another_owner_stays_as_it_is(cluster):
    theirs = {"metadata": {"name": "wiki-validate", "ownerReferences": []}, "secrets": [{"name": "theirs"}]}
    cluster.there["ServiceAccount", "wiki-validate"] = theirs
    cluster.create(validation={"runner": "job"})
    cluster.deploy(ready=1)
    cluster.pod()
    cluster.until(lambda: "wiki-validate already exists" in str(cluster.status().get("validation", {}).get("issues")))
    assert cluster.made == []
    assert cluster.there == {("ServiceAccount", "wiki-validate"): theirs}


# --- those that have passed are asked again ---


@pytest.fixture
def passing(cluster, monkeypatch):
    """A cluster whose MCPServer has passed by a Job, and is probed again as often as possible."""
    monkeypatch.setattr(module, "_SOON", Backoff(first=1.0, most=1.0, jitter=0.0))
    monkeypatch.setattr(module, "_LATE", Backoff(first=1.0, most=1.0, jitter=0.0))
    monkeypatch.setattr(module, "_LEAST", 0.5)
    cluster.create(validation={"runner": "job", "interval": "1s", "probe": {"failureThreshold": 2}})
    cluster.deploy(ready=1)
    cluster.pod()
    cluster.until(lambda: jobs(cluster))
    cluster.job(jobs(cluster)[0], message=encode_reports([FULL]))
    cluster.becomes("Running", "Validated")
    return cluster


def another(cluster, message):
    """Let the next Job say something."""
    cluster.until(lambda: jobs(cluster) and jobs(cluster)[-1]["metadata"]["name"] not in cluster.reported)
    cluster.job(jobs(cluster)[-1], message=message)


def test_one_that_passes_is_asked_each_interval_and_nothing_is_written(passing):
    passing.rests()
    passing.writes.clear()
    another(passing, encode_reports([FULL]))
    another(passing, encode_reports([FULL]))
    passing.rests()
    assert passing.writes == []
    (checked,) = passing.controller.checked().values()
    assert checked.interval == 30


def test_a_changed_offer_is_reported(passing):
    another(passing, encode_reports([{**FULL, "tools": {"count": 1, "names": ["a"], "truncated": False}}]))
    passing.until(lambda: passing.status()["validation"]["toolCount"] == 1)
    assert passing.status()["validation"]["state"] == "Validated"


def test_it_fails_by_evidence_as_often_as_the_threshold_says(passing):
    wrong = {**bad(), "resources": None, "prompts": None}
    passing.writes.clear()
    another(passing, encode_reports([FAILED]))
    another(passing, encode_reports([wrong]))
    another(passing, encode_reports([FAILED]))
    passing.rests()
    assert passing.writes == []
    another(passing, encode_reports([wrong]))
    passing.becomes("Running", "Failed")
    assert passing.controller.checked() == {}
    another(passing, encode_reports([FULL]))
    passing.becomes("Running", "Validated")


def test_more_failures_in_a_row_than_jobs_are_kept_for_are_not_waited_for(passing, monkeypatch):
    monkeypatch.setattr(module, "_ENOUGH", 3)
    passing.change(validation={"runner": "job", "interval": "1s", "probe": {"failureThreshold": 100}})
    for _ in range(3):
        assert passing.status()["validation"]["state"] == "Validated"
        another(passing, encode_reports([{**bad(), "resources": None, "prompts": None}]))
    passing.until(lambda: passing.status()["validation"]["state"] == "Failed")


def test_one_of_which_no_job_tells_any_more_is_asked_within_the_interval(passing):
    passing.rests()
    for key in passing.store.keys(passing.jobs):
        passing.store.remove(key)
    passing.restart()
    assert [checked.interval for checked in passing.controller.checked().values()] in ([], [30])
    another(passing, encode_reports([FULL]))
    passing.rests(0.3)
    assert passing.writes == []


def test_never_means_never(cluster):
    cluster.create(validation={"runner": "job", "interval": "0"})
    cluster.deploy(ready=1)
    cluster.pod()
    cluster.until(lambda: jobs(cluster))
    first = jobs(cluster)[0]
    assert first["spec"]["ttlSecondsAfterFinished"] == 3600
    cluster.job(first, message=encode_reports([FULL]))
    cluster.becomes("Running", "Validated")
    cluster.rests(0.5)
    assert ({made["metadata"]["name"] for made in jobs(cluster)}, cluster.controller.checked()) == (
        {first["metadata"]["name"]},
        {},
    )


def test_a_job_is_kept_until_the_next_one_has_ended(cluster):
    cluster.create(validation={"runner": "job", "interval": "24h"})
    cluster.deploy(ready=1)
    cluster.pod()
    cluster.until(lambda: jobs(cluster))
    assert jobs(cluster)[0]["spec"]["ttlSecondsAfterFinished"] == 48 * 3600
