# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A tenant who may create Jobs, and no Pods, forges no result of a validation: each of these was accepted."""

from __future__ import annotations

import copy

import pytest
from mcp_operator._vendor._workload.report_encoding import encode_reports

from unit.operator.fake_workload import GOOD, bad

FULL = {**GOOD, "resources": None, "prompts": None}
BAD = {**bad(), "resources": None, "prompts": None}
ATTEMPT, SUBJECTS = "mcp.mcp-operator.io/attempt", "mcp.mcp-operator.io/subjects"


@pytest.fixture
def strict(cluster):
    """A strict MCPServer that is validated by Jobs, whose server does not speak MCP."""
    cluster.create(validation={"runner": "job", "strictMode": True})
    cluster.deploy(mark="first")
    cluster.pod(gated=True)
    cluster.until(lambda: jobs(cluster))
    return cluster


def jobs(cluster):
    return [manifest for manifest in cluster.made if manifest["kind"] == "Job"]


def forge(job, attempt, change=lambda _template: None):
    found = copy.deepcopy(job)
    found["metadata"]["name"] = "forged"
    template = found["spec"]["template"]
    for where in (found, template):
        where["metadata"]["annotations"][ATTEMPT] = str(attempt)
    change(template)
    return found


CHANGES = {
    "another image": lambda template: template["spec"]["containers"][0].update(image="says-yes:1"),
    "another command": lambda template: template["spec"]["containers"][0].update(command=["echo"]),
    "another server": lambda template: template["spec"]["containers"][0]["args"].__setitem__(-1, "http://10.0.0.1:80"),
    "another host name": lambda template: template["spec"].update(hostAliases=[{"ip": "10.0.0.1", "hostnames": ["a"]}]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_forged_job_opens_no_gate(strict, name):
    strict.job(forge(jobs(strict)[0], 99, CHANGES[name]), message=encode_reports([FULL]))
    strict.rests()
    assert not strict.gate_of()
    strict.job(jobs(strict)[0], message=encode_reports([BAD]))
    strict.until(lambda: strict.gate_of() is False)
    strict.until(lambda: strict.status().get("validation", {}).get("state") == "Failed")


def test_annotations_of_a_job_that_are_changed_later_do_not_count(strict):
    job = copy.deepcopy(jobs(strict)[0])
    strict.pod(container="c2", gated=True)
    job["metadata"]["annotations"][SUBJECTS] = job["metadata"]["annotations"][SUBJECTS].replace("c1", "c2")
    strict.job(job, message=encode_reports([FULL]))
    strict.rests()
    assert not strict.gate_of()


def test_a_forged_message_stops_nothing(strict):
    strict.job(jobs(strict)[0], message='{"servers":[1e999],"reports":[]}')
    strict.until(lambda: "without a report" in str(strict.status().get("validation")))
    assert not strict.gate_of()
