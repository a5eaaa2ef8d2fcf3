# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Who makes the workload: the operator where one answers, else the role, even where the cluster has no MCPServers."""

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import ApplyPatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.client import Client

from support import cluster
from support.operator import alone
from support.playbooks import Playbooks

IMAGE = {"image": "registry.example.com/none:1"}
LEASES = "/apis/coordination.k8s.io/v1/namespaces/mcp-operator-system/leases"


@pytest.fixture
def operator(client):
    """Hold the operator's Lease for some namespaces."""
    with alone():
        yield from holding(client)


def holding(client):
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "mcp-operator-system"}}
    client.request(
        "PATCH",
        "/api/v1/namespaces/mcp-operator-system",
        what="make the operator's namespace",
        body=ApplyPatch(namespace),
        query={"fieldManager": "tests"},
    )

    def hold(*namespaces, age=0):
        renewed = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=age)
        lease = {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": {
                "name": "mcp-operator",
                "namespace": "mcp-operator-system",
                "annotations": {"mcp.mcp-operator.io/watched-namespaces": ",".join(namespaces)},
            },
            "spec": {
                "holderIdentity": "tests",
                "leaseDurationSeconds": 60,
                "renewTime": renewed.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            },
        }
        client.apply(lease, field_manager="tests")

    yield hold
    client.request("DELETE", f"{LEASES}/mcp-operator", what="give the Lease back")


@pytest.fixture
def deploy(playbooks, namespace, manifests):
    def run(**variables):
        return playbooks.run(
            "deploy",
            mcp_manifests=manifests(wikipedia=IMAGE),
            mcp_namespace=namespace,
            **{"mcp_wait": False, **variables},
        )

    return run


def test_where_an_operator_answers_only_the_mcpserver_is_applied(deploy, client, namespace, operator):
    operator(namespace, "other")
    run = deploy()
    assert run.code == 0, run.output
    assert client.find("mcp.mcp-operator.io/v1", "MCPServer", namespace, "wikipedia")
    assert client.find("apps/v1", "Deployment", namespace, "wikipedia") is None


@pytest.mark.parametrize(("watched", "age"), [("other", 0), (None, 3600)])
def test_an_operator_of_other_namespaces_or_of_yesterday_does_not_count(
    deploy, client, namespace, operator, watched, age
):
    operator(watched or namespace, age=age)
    assert deploy().code == 0
    assert client.find("apps/v1", "Deployment", namespace, "wikipedia")


def test_the_user_decides_against_the_operator_or_for_it(deploy, client, namespace, operator):
    assert deploy(mcp_mode="object").code == 0
    assert client.find("apps/v1", "Deployment", namespace, "wikipedia") is None
    operator(namespace)
    # By the earlier name of mcp_mode.
    assert deploy(mcp_apply="workload").code == 0
    assert client.find("apps/v1", "Deployment", namespace, "wikipedia")


def test_the_operators_status_is_awaited(deploy, client, namespace, operator, manifests):
    operator(namespace)
    run = deploy(mcp_wait=True, mcp_wait_timeout=3)
    assert run.code != 0
    assert "The operator has not finished after" in run.output
    server = client.get("mcp.mcp-operator.io/v1", "MCPServer", namespace, "wikipedia")
    status = {
        "phase": "Running",
        "message": "all is well",
        "observedGeneration": server["metadata"]["generation"],
        "validation": {"state": "Validated"},
    }
    meta = {"name": "wikipedia", "namespace": namespace}
    body = {"apiVersion": server["apiVersion"], "kind": "MCPServer", "metadata": meta, "status": status}
    client.apply(body, field_manager="operator", subresource="status")
    run = deploy(mcp_wait=True, mcp_wait_timeout=3)
    assert run.code == 0, run.output
    after = client.get("mcp.mcp-operator.io/v1", "MCPServer", namespace, "wikipedia")
    assert after["status"] == status
    assert all(entry["manager"] != "mcp-operator-status" for entry in after["metadata"]["managedFields"])


@pytest.fixture(scope="module")
def bare():
    """A second cluster, which has never heard of MCPServers; the shared one must not lose them for a moment."""
    name = "mcp-test-bare"
    cluster.tool("tests/cluster", "up", "--name", name)
    yield cluster.tool("tests/cluster", "kubeconfig", "--name", name)[0]
    cluster.tool("tests/cluster", "down", "--name", name)


@pytest.mark.test_all
def test_without_mcpservers_the_workload_is_made_and_removed_by_its_labels(bare, manifests):
    client, playbooks = Client({"kubeconfig": bare}), Playbooks(bare)
    folder = manifests(wikipedia=IMAGE)
    with cluster.namespace(client) as namespace:

        def deploy(**variables):
            return playbooks.run("deploy", mcp_manifests=folder, mcp_namespace=namespace, mcp_wait=False, **variables)

        refused = deploy()
        assert refused.code != 0
        assert "[CRD_MISSING]" in refused.output
        assert "-e mcp_mode=workload for the playbook" in refused.output
        made = deploy(mcp_mode="workload")
        assert made.code == 0, made.output
        found = client.get("apps/v1", "Deployment", namespace, "wikipedia")
        assert "ownerReferences" not in found["metadata"]
        again = deploy(mcp_mode="workload")
        assert (again.code, again.changed) == (0, 0)
        gone = playbooks.run("undeploy", mcp_namespace=namespace, mcp_names="wikipedia")
        assert gone.code == 0, gone.output
        for child in (("v1", "ServiceAccount"), ("v1", "Service"), ("apps/v1", "Deployment")):
            assert client.find(*child, namespace, "wikipedia") is None
