# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What is kept of a Job is enough to recognize it."""

from __future__ import annotations

import copy

from mcp_operator._vendor._workload import job
from mcp_operator._vendor._workload.probe_spec import probe_spec
from mcp_operator.cluster.store import Key
from mcp_operator.watches.definition import Watch
from mcp_operator.workloads.sources import canaries, jobs, rollout_manager, rollouts

SERVER = {"metadata": {"name": "wiki", "namespace": "team", "uid": "u"}, "spec": {"image": "w:1"}}
SPEC = probe_spec(SERVER)
MADE = job.job(SERVER, SPEC, [(("pod", "c1"), "10.0.0.1")], image="o:1", attempt=7)


def kept(**spec):
    found = copy.deepcopy(MADE)
    found["metadata"] |= {"uid": "j", "resourceVersion": "5", "creationTimestamp": "2026-01-01T00:00:00Z"}
    found["spec"] |= spec
    return jobs().keep({**found, "status": {"active": 1}})


def test_a_job_is_recognized_by_what_is_kept_of_it():
    found = kept()
    assert job.is_ours(found, SERVER, SPEC, {("pod", "c1"): "10.0.0.1"}, "o:1")
    assert not job.is_ours(kept(manualSelector=True), SERVER, SPEC, {}, "o:1")
    assert (job.subjects(found), job.attempt(found)) == ([("pod", "c1")], 7)
    assert found["metadata"]["creationTimestamp"] == "2026-01-01T00:00:00Z"
    assert found["status"] == {"active": 1}
    assert "ttlSecondsAfterFinished" not in found["spec"]


def test_rollouts_and_canaries_are_watched_for_the_servers_that_they_manage():
    watch = Watch(group="mcp.mcp-operator.io", version="v1", kind="MCPServer", role="x")
    key = Key(watch.id, "team", "wiki")
    argo, flagger = (rollouts(watch).wanted_by, canaries(watch).wanted_by)
    own, other = ({"spec": {"rollout": {"managedBy": name}}} for name in ("argo-rollouts", "flagger"))
    assert (argo(key, own), argo(key, other), argo(key, SERVER)) == (True, False, False)
    assert (flagger(key, own), flagger(key, other), flagger(key, {})) == (False, True, False)
    assert not argo(key._replace(watch="Pod.v1"), own)


def test_the_steps_of_a_rollout_are_kept():
    steps = [{"setWeight": 20}, {"pause": {}}]
    kind = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout"}
    item = {**kind, "metadata": {"name": "wiki"}, "spec": {"strategy": {"canary": {"steps": steps}}, "template": {}}}
    assert rollout_manager(item)["spec"] == {"strategy": {"canary": {"steps": steps}}}
