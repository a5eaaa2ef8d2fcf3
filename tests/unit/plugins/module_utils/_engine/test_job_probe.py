# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.job_probe import (
    JobResult,
    JobSettings,
    JobTarget,
    create_job,
    read_job,
)
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiConflict, ForeignObject
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ValidationJobError
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.probe_spec import probe_spec
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.report_encoding import encode_reports
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._job_probe import JobProbe

SERVER = {"metadata": {"name": "wiki", "namespace": "team", "uid": "uid-server"}, "spec": {}}
DEPLOYMENT = {"metadata": {"name": "wiki", "uid": "uid-deployment"}}
ENDED = "2026-01-01T00:00:00Z"
REPORT = {
    "compliant": True,
    "requires_auth": False,
    "transport": "sse",
    "session": False,
    "path": "/sse",
    "protocol_version": "2024-11-05",
    "supported_versions": ["2024-11-05"],
    "capabilities": ["tools"],
    "server_info": None,
    "tools": None,
    "resources": None,
    "prompts": None,
    "issues": [],
}


class Client:
    """An API server whose Jobs' Pods come from `pods`."""

    def __init__(self):
        self.applied = []
        self.there = {}
        self.pods = []

    def find(self, _version, kind, _namespace, name):
        return self.there.get((kind, name))

    def create(self, manifest, **_how):
        key = (manifest["kind"], manifest["metadata"]["name"])
        if key in self.there:
            raise ApiConflict(f"{key} exists", status=409)
        self.there[key] = manifest
        self.applied.append(manifest)
        return {**manifest, "metadata": {**manifest["metadata"], "uid": f"uid-{manifest['kind']}"}}

    def list(self, *_of, **_selectors):
        return iter(self.pods)


def created(*names):
    targets = [JobTarget([name], "10.0.0.1") for name in names]
    return create_job(Client(), SERVER, probe_spec(SERVER), targets, JobSettings("operator:1", 1))


def pod(owner="uid-Job", **state):
    owners = [{"controller": True, "uid": owner}]
    statuses = [{"name": "mcp-validation", "state": state}]
    return {"metadata": {"name": "p", "ownerReferences": owners}, "status": {"containerStatuses": statuses}}


def ended(message, code=0, **of):
    return pod(terminated={"exitCode": code, "message": message, "finishedAt": ENDED}, **of)


def test_a_job_comes_with_a_service_account():
    client = Client()
    create_job(client, SERVER, probe_spec(SERVER), [JobTarget(["a"], "10.0.0.1")], JobSettings("operator:1", 1))
    assert [manifest["kind"] for manifest in client.applied] == ["ServiceAccount", "Job"]


def test_a_service_account_of_another_owner_is_not_taken_over():
    client = Client()
    theirs = {"metadata": {"name": "wiki-validate", "ownerReferences": [{"uid": "another", "controller": True}]}}
    theirs["metadata"]["ownerReferences"][0] |= {"kind": "MCPServer", "name": "b"}
    client.there["ServiceAccount", "wiki-validate"] = theirs
    with pytest.raises(
        ForeignObject, match="ServiceAccount team/wiki-validate already exists and belongs to MCPServer b"
    ):
        create_job(client, SERVER, probe_spec(SERVER), [JobTarget(["a"], "10.0.0.1")], JobSettings("operator:1", 1))
    assert client.applied == []


def test_a_name_of_a_job_that_is_taken_is_left_alone():
    client = Client()
    target = JobTarget(["a"], "10.0.0.1")
    first = create_job(client, SERVER, probe_spec(SERVER), [target], JobSettings("operator:1", 1))
    second = create_job(client, SERVER, probe_spec(SERVER), [target], JobSettings("operator:1", 1))
    assert first["metadata"]["name"] != second["metadata"]["name"]
    assert [manifest["kind"] for manifest in client.applied] == ["ServiceAccount", "Job", "Job"]


def test_only_the_container_that_validates_reports():
    found = ended(encode_reports([REPORT]))
    found["status"]["containerStatuses"][0]["name"] = "istio-proxy"
    assert read_job(created("a"), [found]) == JobResult()


def test_a_running_job_has_no_result():
    assert read_job(created("a"), [pod(running={})]) == JobResult()
    assert read_job(created("a"), []) == JobResult()


def test_a_job_reports_each_target():
    found = read_job(created("a", "b"), [ended(encode_reports([REPORT, REPORT]))])
    assert ([report["compliant"] for report in found.reports], found.problem, found.ended) == ([True, True], "", ENDED)


@pytest.mark.parametrize("message", ["usage: mcp-operator", "", encode_reports([REPORT])])
def test_reports_of_fewer_targets_are_no_result(message):
    found = read_job(created("a", "b"), [ended(message, code=2)])
    assert (found.reports, found.ended) == (None, ENDED)
    assert "exit code 2" in found.problem


def test_a_job_that_failed_without_a_pod_tells_why():
    failed = {"type": "Failed", "status": "True", "message": "deadline exceeded", "lastTransitionTime": ENDED}
    found = read_job({**created("a"), "status": {"conditions": [failed]}}, [])
    assert (found.problem, found.ended) == ("The validation Job has failed: deadline exceeded", ENDED)


def test_a_job_whose_image_cannot_be_pulled():
    found = read_job(created("a"), [pod(waiting={"reason": "ImagePullBackOff", "message": "not found"})])
    assert "ImagePullBackOff" in found.problem
    assert (found.ended, found.unrecoverable) == (None, True)


# --- deploy waits for it ---


@pytest.fixture
def probing():
    client, now = Client(), [0.0]

    def sleep(seconds):
        now[0] += seconds

    def probe():
        pods = [{"metadata": {"name": "a"}, "status": {"podIP": "10.0.0.1"}}]
        return JobProbe(client, "operator:1", lambda: now[0], sleep).probe(SERVER, DEPLOYMENT, pods)

    return client, probe


def test_deploy_returns_the_reports_by_pod(probing):
    client, probe = probing
    client.pods = [ended(encode_reports([REPORT]))]
    assert [(report["pod"], report["compliant"]) for report in probe()] == [("a", True)]


def test_deploy_believes_no_pod_that_only_has_the_label_of_the_job(probing):
    client, probe = probing
    client.pods = [ended(encode_reports([REPORT]), owner="uid-of-another")]
    with pytest.raises(ValidationJobError, match="reported nothing"):
        probe()


def test_deploy_does_not_wait_for_a_job_that_cannot_start(probing):
    client, probe = probing
    client.pods = [pod(waiting={"reason": "ImagePullBackOff"})]
    with pytest.raises(ValidationJobError, match="ImagePullBackOff"):
        probe()
