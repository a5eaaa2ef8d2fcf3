# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which validation Jobs call the tool of a manifest."""

from __future__ import annotations

import copy

from mcp_operator._vendor._workload.report_encoding import encode_reports

from ..fake_workload import bad
from .test_job_probe import FULL, jobs

CALLING = {"runner": "job", "interval": "60s", "toolCall": {"name": "search"}, "expect": ["tool_call"]}


def calls_tool(job):
    return "--call-tool=search" in job["spec"]["template"]["spec"]["containers"][0]["args"]


def test_the_first_job_calls_the_tool_and_periodic_ones_do_not(cluster):
    cluster.create(validation=CALLING)
    cluster.deploy(ready=1)
    cluster.pod()
    cluster.until(lambda: jobs(cluster))
    first = jobs(cluster)[0]
    assert calls_tool(first)
    cluster.job(first, message=encode_reports([FULL]))
    cluster.becomes("Running", "Validated")
    cluster.until(lambda: len(jobs(cluster)) == 2)
    assert not calls_tool(jobs(cluster)[1])
    cluster.job(jobs(cluster)[1], message=encode_reports([FULL]))
    cluster.rests()
    assert cluster.is_in("Running", "Validated")


def test_a_job_that_does_not_call_the_tool_proves_nothing_about_a_container_that_has_not_passed(cluster):
    cluster.create(validation=CALLING)
    cluster.deploy(ready=1)
    cluster.pod()
    cluster.until(lambda: jobs(cluster))
    first = jobs(cluster)[0]
    forged = copy.deepcopy(first)
    container = forged["spec"]["template"]["spec"]["containers"][0]
    container["args"] = [
        text for text in container["args"] if not text.startswith(("--call-tool", "--expect", "--tool-arguments"))
    ]
    forged["metadata"]["name"] = "wiki-validate-forged"
    cluster.job(forged, message=encode_reports([FULL]))
    cluster.rests()
    assert cluster.status()["validation"]["state"] in ("Pending", "Validating")
    cluster.job(first, message=encode_reports([{**FULL, **bad("TOOL_CALL_ERROR")}]))
    cluster.becomes("Running", "Failed")
