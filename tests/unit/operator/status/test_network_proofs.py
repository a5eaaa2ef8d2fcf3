# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The condition NetworkIsolated: a Job of which the Pod must be refused."""

from __future__ import annotations

import pytest
from mcp_operator._vendor._workload.report_encoding import encode_reports
from mcp_operator.cluster.store import Key

from ..fake_workload import GOOD, SERVER, bad

TYPE = "NetworkIsolated"
REFUSED = {**bad("TIMEOUT", "Timed out."), "connected": False}
ANSWERED = bad("TLS_FAILED", "The certificate is not trusted.")


def report(found):
    return {**found, "resources": None, "prompts": None, "ttl": None}


def message(*found):
    return encode_reports([report(one) for one in found])


def policy(cluster, state="1"):
    owner = {"controller": True, "uid": "uid-wiki", "kind": "MCPServer", "name": "wiki"}
    meta = {"uid": "uid-policy", "labels": {}, "ownerReferences": [owner]}
    cluster.put(Key(cluster.policies, "team", "wiki"), {"metadata": meta, "state": state})


def started(cluster, **spec):
    cluster.create(**spec)
    policy(cluster)
    cluster.deploy()
    cluster.pod()
    cluster.deploy(ready=1)
    cluster.becomes("Running", "Validated")


def jobs(cluster):
    return [item for item in cluster.made if item["kind"] == "Job"]


def first_job(cluster):
    cluster.until(lambda: jobs(cluster))
    return jobs(cluster)[0]


def status_of(cluster):
    found = [entry for entry in cluster.status().get("conditions") or [] if entry["type"] == TYPE]
    return (found[0]["status"], found[0]["reason"]) if found else None


def test_a_server_without_a_policy_has_no_condition(cluster):
    cluster.create()
    cluster.deploy()
    cluster.pod()
    cluster.deploy(ready=1)
    cluster.becomes("Running", "Validated")
    cluster.rests()
    assert status_of(cluster) is None
    assert jobs(cluster) == []


@pytest.mark.parametrize(
    ("reports", "wanted"),
    [
        ((REFUSED, ANSWERED), ("True", "Refused")),
        ((GOOD, ANSWERED), ("False", "NotEnforced")),
        ((ANSWERED, ANSWERED), ("False", "NotEnforced")),
        ((REFUSED, REFUSED), ("Unknown", "NoNetwork")),
    ],
)
def test_the_result_of_the_job(cluster, reports, wanted):
    started(cluster)
    made = first_job(cluster)
    assert status_of(cluster) == ("Unknown", "NotProved")
    cluster.job(made, message=message(*reports))
    cluster.until(lambda: status_of(cluster) == wanted)
    assert cluster.status()["phase"] == "Running"
    assert cluster.condition("Ready")["status"] == "True"


def test_its_pod_is_not_let_in_as_a_validation_job(cluster):
    started(cluster)
    labels = first_job(cluster)["spec"]["template"]["metadata"]["labels"]
    assert labels["mcp.mcp-operator.io/network-probe"] == "true"
    assert labels["app.kubernetes.io/component"] != "mcp-validation"
    assert "app" not in labels


def test_a_block_of_addresses_may_be_why_it_is_let_in(cluster):
    started(cluster, network={"ingress": {"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}})
    cluster.job(first_job(cluster), message=message(GOOD, ANSWERED))
    cluster.until(lambda: status_of(cluster) == ("Unknown", "AllowedByAddress"))


def proved(cluster):
    started(cluster)
    cluster.job(first_job(cluster), message=message(REFUSED, ANSWERED))
    cluster.until(lambda: status_of(cluster) == ("True", "Refused"))


def test_a_restart_proves_nothing_again(cluster):
    proved(cluster)
    cluster.restart()
    cluster.rests()
    assert jobs(cluster) == []
    assert status_of(cluster) == ("True", "Refused")


def test_it_is_proved_again_after_a_rollout(cluster):
    proved(cluster)
    cluster.change(image="w:2")
    cluster.deploy(template=2, ready=1)
    cluster.remove_pod("a")
    cluster.pod("b", template=2)
    cluster.until(lambda: len(jobs(cluster)) == 2)


def test_it_is_proved_again_after_a_change_of_the_policy(cluster):
    proved(cluster)
    policy(cluster, state="2")
    cluster.until(lambda: len(jobs(cluster)) == 2)


def test_it_is_proved_again_each_day(cluster):
    proved(cluster)
    cluster.clock.step(24 * 3600 + 60)
    cluster.until(lambda: len(jobs(cluster)) == 2)


def test_a_job_of_a_tenant_proves_nothing(cluster):
    started(cluster)
    made = first_job(cluster)
    [container] = made["spec"]["template"]["spec"]["containers"]
    forged = {**made["spec"]["template"]["spec"], "containers": [{**container, "image": "evil:1"}]}
    template = {**made["spec"]["template"], "spec": forged}
    meta = {**made["metadata"], "name": "wiki-validate-forged"}
    cluster.job(
        {**made, "metadata": meta, "spec": {**made["spec"], "template": template}}, message=message(REFUSED, ANSWERED)
    )
    cluster.rests()
    assert status_of(cluster) == ("Unknown", "NotProved")


def test_a_job_without_a_result_says_why(cluster):
    started(cluster)
    failed = {"type": "Failed", "status": "True", "message": "Its Pod was refused.", "lastTransitionTime": "2026-01-01"}
    cluster.job(first_job(cluster), state={"running": {}}, conditions=[failed])
    cluster.until(lambda: status_of(cluster) == ("Unknown", "ProbeFailed"))
    assert "Its Pod was refused." in cluster.condition(TYPE)["message"]


def test_pods_of_an_earlier_template_prove_nothing(cluster):
    """They may not listen on the port of the manifest, and that would look like a refusal."""
    cluster.create(validation={"strictMode": True})
    status = {"rollback": {"active": True, "template": "bad", "to": "wiki-good"}}
    cluster.put(SERVER, {**cluster.server(), "status": status})
    policy(cluster)
    cluster.deploy(mark="good", rolled_back="bad")
    cluster.pod(gated=True, conditions=({"type": "ContainersReady", "status": "True"},))
    cluster.deploy(mark="good", rolled_back="bad", ready=1)
    cluster.until(lambda: cluster.status().get("rollback", {}).get("active"))
    cluster.rests()
    assert jobs(cluster) == []


def test_where_jobs_are_not_allowed_nothing_is_known(cluster):
    cluster.create()
    policy(cluster)
    cluster.deploy()
    cluster.pod()
    cluster.deploy(ready=1)
    cluster.becomes("Running", "Validated")
    cluster.image = ""
    cluster.restart()
    cluster.until(lambda: status_of(cluster) == ("Unknown", "ProbeDisabled"))
