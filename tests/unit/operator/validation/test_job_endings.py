# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server that ends with the session of a Job gets no Job for each of its containers."""

from __future__ import annotations

from mcp_operator._vendor._engine.pod_probe import Ending
from mcp_operator._vendor._workload.report_encoding import encode_reports
from mcp_operator.validation.job_endings import JobEndings

from .conftest import owner, request
from .test_job_probe import FULL, another, asking, jobs

__all__ = ["asking"]


def ends(cluster, number):
    """Let a Job pass, and the container end with its session; the next one is not ready at first."""
    another(cluster, encode_reports([{**FULL, "session": True}]))
    ended = cluster.now()  # before time can pass: an end that is later is not that of the session
    cluster.becomes("Running", "Validated")
    status = {
        "name": "mcp-server",
        "restartCount": number,
        "containerID": f"c{number}-of-{number}",
        "imageID": "sha256:1",
        "state": {"running": {}},
        "lastState": {"terminated": {"finishedAt": ended, "reason": "Completed"}},
    }
    for ready in (False, True):
        cluster.pod(ready=ready, containerStatuses=[{**status, "ready": ready}])
        cluster.deploy(ready=int(ready))
        cluster.rests()


def test_a_server_that_ends_with_the_session_of_a_job_gets_no_third_one(asking):
    ends(asking, 1)
    ends(asking, 2)
    count = len(jobs(asking))
    asking.becomes("Running", "Validated")
    issues = asking.status()["validation"]["issues"]
    assert [issue["code"] for issue in issues] == ["ENDS_WITH_SESSION"]
    asking.rests(3000)
    assert (len(jobs(asking)), count) == (2, 2)
    asking.restart()
    asking.rests(3000)
    assert jobs(asking) == []


def test_of_a_container_that_has_not_passed_before_nothing_is_settled():
    known, unproven = request(1), request(2)._replace(unproven=True)
    found = JobEndings().answers(owner(1), [known, unproven], [], known=True, reported=Ending.BY_JOB)
    assert found == {known: None}
