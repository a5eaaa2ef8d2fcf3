# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Validation by a Job in the MCPServer's own namespace, as the article has it."""

from __future__ import annotations

import pytest

from support import cluster

from .conftest import BROKEN, GO

BY_JOB = {"validation": {"runner": "job"}}


@pytest.fixture
def jobs(client):
    def of(server):
        query = f"app.kubernetes.io/name=mcp-validation,app.kubernetes.io/instance={server.name}"
        return list(client.list("batch/v1", "Job", server.namespace, labelSelector=query))

    return of


@pytest.fixture
def validators(client):
    """The Pods of the Jobs."""

    def of(server):
        query = f"app.kubernetes.io/name=mcp-validation,app.kubernetes.io/instance={server.name}"
        return list(client.list("v1", "Pod", server.namespace, labelSelector=query))

    return of


def _ended(pod):
    statuses = pod["status"].get("containerStatuses") or []
    return bool(statuses) and "terminated" in statuses[0]["state"]


def test_a_job_validates_all_pods_and_is_gone_with_the_mcpserver(make, jobs, validators, client):
    server = make(image=GO, replicas=2, **BY_JOB)
    status = server.becomes("Running", "Validated")
    assert status["validation"]["toolCount"] == 2
    assert status["validation"]["protocol"] == "streamable-http"
    # There may be a second one, for what changed after the first had begun.
    pod = cluster.until("a Job has ended", lambda: next(filter(_ended, validators(server)), None))
    # It may do nothing, and has nothing to do it with.
    assert (pod["spec"]["automountServiceAccountToken"], pod["spec"]["serviceAccountName"]) == (
        False,
        f"{server.name}-validate",
    )
    assert not any("serviceAccountToken" in str(volume) for volume in pod["spec"].get("volumes") or [])
    message = pod["status"]["containerStatuses"][0]["state"]["terminated"]["message"]
    assert len(message.encode()) <= 3072
    # The whole report is the log.
    assert '"client_version"' in cluster.log(client, server.namespace, pod["metadata"]["name"])
    server.delete()
    cluster.until("its Jobs are gone", lambda: not jobs(server), 60)
    cluster.until(
        "their ServiceAccount is gone", lambda: server.child("ServiceAccount", f"{server.name}-validate") is None
    )


def test_a_job_finds_what_is_wrong_and_an_update_is_another_job(make, jobs):
    server = make(image=BROKEN, args=["html"], **BY_JOB)
    server.becomes("Running", "Failed", "NOT_MCP")
    first = {job["metadata"]["name"] for job in jobs(server)}
    server.apply(image=GO, **BY_JOB)
    server.becomes("Running", "Validated")
    assert {job["metadata"]["name"] for job in jobs(server)} > first


@pytest.mark.test_all
def test_one_that_passes_is_asked_again_by_another_job_each_interval(make, jobs, validators):
    server = make(image=GO, validation={"runner": "job", "interval": "60s"})
    before = server.becomes("Running", "Validated")
    first = {job["metadata"]["name"] for job in jobs(server)}

    def again():
        names = {job["metadata"]["name"] for job in jobs(server)} - first
        return names and all(map(_ended, validators(server)))

    cluster.until("another Job has asked", again, 90)
    # One that goes on passing is nothing that a status tells.
    after = server.becomes("Running", "Validated")
    assert after == before


def test_the_rights_of_the_operator_are_few(operator, client):
    account = "system:serviceaccount:mcp-operator-system:mcp-operator-controller-manager"
    groups = ["system:serviceaccounts", "system:authenticated"]

    def may(verb, group, resource, subresource=""):
        attributes = {"verb": verb, "group": group, "resource": resource, "subresource": subresource}
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SubjectAccessReview",
            "spec": {"user": account, "groups": groups, "resourceAttributes": {**attributes, "namespace": "default"}},
        }
        path = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
        return client.request("POST", path, what="ask", body=review)["status"]["allowed"]

    for resource in ("secrets", "configmaps", "namespaces", "nodes"):
        assert not any(may(verb, "", resource) for verb in ("get", "list", "watch", "create", "patch"))
    for subresource in ("exec", "log", "portforward"):
        assert not any(may(verb, "", "pods", subresource) for verb in ("get", "create", "patch", "update"))
    # Whoever may change a Pod's status could forge its address: a policy lets nothing but our condition change.
    assert may("patch", "", "pods", "status")
    assert not any(may(verb, "", "pods", "status") for verb in ("get", "create", "update"))
    path = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/mcp-operator-gate"
    assert client.request("GET", path, what="read the policy's binding")["spec"]["validationActions"] == ["Deny"]
    assert not any(may(verb, "", "pods") for verb in ("get", "create", "patch", "update", "delete"))
    # A policy lets it delete Deployments of canaries only: see tests/security/t3_operator/test_canaries.py.
    path = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/mcp-operator-fence"
    assert client.request("GET", path, what="read the policy's binding")["spec"]["validationActions"] == ["Deny"]
    assert not any(may(verb, "apps", "deployments") for verb in ("deletecollection", "update"))
    for resource in ("roles", "rolebindings", "clusterroles", "clusterrolebindings"):
        assert not any(may(verb, "rbac.authorization.k8s.io", resource) for verb in ("create", "patch", "bind"))
    assert not any(may(verb, "mcp.mcp-operator.io", "mcpservers") for verb in ("create", "update", "delete"))
    assert may("update", "mcp.mcp-operator.io", "mcpservers", "finalizers")
