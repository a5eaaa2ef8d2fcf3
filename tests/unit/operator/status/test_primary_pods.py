# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""After a restart of the operator, the primary Pods that Flagger waits for are validated as if there had been none."""

from __future__ import annotations

import pytest
from mcp_operator._vendor._workload.names import TEMPLATE_LABEL
from mcp_operator._vendor._workload.report_encoding import encode_reports
from mcp_operator.cluster.store import Key

from ..fake_workload import GOOD, bad
from ..gates_and_jobs import LABELS

# Nothing is validated periodically.
STRICT = {"strictMode": True, "interval": "0", "probe": {"periodSeconds": 0}}
REFERENCE = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "wiki"}
REPORT = {**GOOD, "resources": None, "prompts": None}


def jobs(cluster):
    return [manifest for manifest in cluster.made if manifest["kind"] == "Job"]


def report(cluster, number):
    """Let a validation Job pass."""
    cluster.until(lambda: len(jobs(cluster)) > number)
    cluster.job(jobs(cluster)[number], message=encode_reports([REPORT]))


def begin(cluster, **validation):
    """Create an MCPServer with one Pod, and a Canary that waits for its primary Pods."""
    cluster.create(validation={**STRICT, **validation}, rollout={"managedBy": "flagger"})
    status = {"phase": "Initializing"}
    canary = {"metadata": {"uid": "uid-canary", "generation": 1}, "spec": {"targetRef": REFERENCE}, "status": status}
    cluster.put(Key(cluster.canaries, "team", "wiki"), canary)
    cluster.deploy(mark="t1", ready=1)
    cluster.ran()
    cluster.pod(gated=True)


def primary_pod(cluster, mark="t1"):
    """Let a primary Pod become ready but for its gate."""
    owner = {"controller": True, "uid": "uid-primary", "kind": "Deployment", "name": "wiki-primary"}
    meta = {"uid": "uid-rs-primary", "labels": LABELS, "ownerReferences": [owner]}
    cluster.put(Key(cluster.replica_sets, "team", "wiki-primary"), {"metadata": meta})
    cluster.pod(
        "p", template="primary", gated=True, container="c2", address="10.244.0.10", labels={TEMPLATE_LABEL: mark}
    )


def restart_with_primary_pod(cluster):
    """Create a primary Pod while the operator does not run."""
    cluster.until(lambda: cluster.gate_of() is True)
    cluster.becomes("Running", "Validated")
    cluster.rests()
    cluster.controller.stop()
    primary_pod(cluster)
    cluster.restart()


def test_they_are_validated_at_once(cluster):
    begin(cluster)
    restart_with_primary_pod(cluster)
    cluster.until(lambda: cluster.gate_of("p") is True)
    cluster.rests()
    assert [one.pod for one in cluster.asked] == ["wiki-p"]
    assert cluster.is_in("Running", "Validated")
    # From then on its gate tells.
    cluster.restart()
    cluster.rests()
    assert cluster.asked == []


def test_that_one_fails_does_not_change_what_is_known_of_the_own_pods(cluster):
    begin(cluster)
    cluster.until(lambda: cluster.gate_of() is True)
    cluster.answer = bad()
    restart_with_primary_pod(cluster)
    cluster.until(lambda: cluster.gate_of("p") is False)
    cluster.rests()
    assert (cluster.gate_of(), cluster.is_in("Running", "Validated")) == (True, True)
    # Also for another generation that rolls no Pod.
    cluster.change(validation={**STRICT, "onFailure": "remove"})
    cluster.deploy(mark="t1", ready=1)
    cluster.until(lambda: cluster.status()["validation"].get("validatedGeneration") == 2)
    assert cluster.is_in("Running", "Validated")


def test_jobs_validate_them_too(cluster):
    begin(cluster, runner="job")
    report(cluster, 0)
    restart_with_primary_pod(cluster)
    report(cluster, 0)
    cluster.until(lambda: cluster.gate_of("p") is True)
    cluster.rests()
    assert len(jobs(cluster)) == 1
    assert cluster.is_in("Running", "Validated")


@pytest.mark.parametrize(("mark", "opens"), [("t1", False), ("t0", True)])
def test_those_of_the_newest_template_must_pass_the_tool_call(cluster, mark, opens):
    begin(cluster, toolCall={"name": "search"})
    cluster.until(lambda: cluster.gate_of() is True)
    cluster.answer = lambda request: GOOD if request.spec.tool_call is None else bad("TOOL_CALL_ERROR")
    primary_pod(cluster, mark)
    cluster.until(lambda: cluster.gate_of("p") is opens)
    cluster.rests()
    assert cluster.gate_of("p") is opens
