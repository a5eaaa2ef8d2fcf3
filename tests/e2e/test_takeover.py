# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A fleet of vitorbari/mcp-operator goes on under this collection: nobody who calls it notices."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.body import MergePatch
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound

from support import cluster, reference
from support.calls import calling
from support.deployed import ready_pod

GO = "localhost/mcp-servers/go-sdk:1.8.0"
HOUR_AGO = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
# What the article's samples have; the defaults of the CustomResourceDefinition that it came with are stored.
SPEC = {
    "image": GO,
    "replicas": 2,
    # Its sessions would live in one of two Pods.
    "args": ["--stateless"],
    "environment": [{"name": "PORT", "value": "3001"}],
    "transport": {"type": "http", "protocol": "auto", "config": {"http": {"port": 3001, "path": "/mcp"}}},
    "service": {"type": "ClusterIP", "port": 8080, "protocol": "TCP"},
    "validation": {"enabled": True, "strictMode": False},
}
CHILDREN = (("v1", "ServiceAccount"), ("v1", "Service"), ("apps/v1", "Deployment"))


def managers(item):
    return {
        (entry["manager"], entry["operation"], entry.get("subresource", ""))
        for entry in item["metadata"]["managedFields"]
    }


@pytest.fixture
def take_over(playbooks, namespace):
    def run(*options, **more):
        return playbooks.run("takeover", *options, mcp_namespace=namespace, mcp_reference_namespace=namespace, **more)

    return run


@pytest.fixture
def server(client, namespace, images):
    """Give the namespace an MCPServer of the reference operator's whose Pods are ready; return how to read it."""
    reference.server(client, namespace, "wiki", SPEC)
    ready_pod(client, namespace, "wiki")
    yield lambda: client.get(*reference.SERVER, namespace, "wiki")
    # Nobody is there who would remove its finalizer where the test failed.
    path = f"/apis/mcp.mcp-operator.io/v1/namespaces/{namespace}/mcpservers/wiki"
    body = {"metadata": {"finalizers": []}}
    with contextlib.suppress(ApiNotFound):
        client.request("PATCH", path, what="let it go", body=MergePatch(body))


@pytest.mark.test_all
def test_it_is_refused_while_the_other_operator_is_at_work(take_over, server, client, namespace) -> None:
    reference.lease(client, namespace, dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5))
    run = take_over()
    assert run.code != 0
    assert "STILL_MANAGED" in run.output
    assert reference.LEASE in run.output
    reference.lease(client, namespace, HOUR_AGO)
    reference.operator(client, namespace, replicas=1)
    run = take_over()
    assert run.code != 0
    assert "scale deployment mcp-operator-controller-manager --replicas=0" in run.output
    assert server()["metadata"]["finalizers"] == [reference.FINALIZER]


@pytest.mark.test_all
def test_its_servers_go_on_and_nothing_of_it_is_left(
    take_over, server, client, namespace, playbooks, manifests
) -> None:
    reference.lease(client, namespace, HOUR_AGO)
    before = server()
    pods = {pod["metadata"]["uid"] for pod in client.list("v1", "Pod", namespace, labelSelector="app=wiki")}
    address = client.get("v1", "Service", namespace, "wiki")["spec"]["clusterIP"]

    run = take_over("--check", "--diff")
    assert run.code == 0, run.output
    assert run.changed > 0
    assert "-- mcp.mcp-operator.io/finalizer" in run.output
    assert server()["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]

    with calling(f"http://{address}:3001") as calls:
        run = take_over("--diff")
        assert run.code == 0, run.output
        found = server()
        assert not found["metadata"].get("finalizers")
        assert found["spec"]["service"]["port"] == 3001
        now = {pod["metadata"]["uid"] for pod in client.list("v1", "Pod", namespace, labelSelector="app=wiki")}
        assert now == pods
        for kind in CHILDREN:
            assert ("manager", "Update", "") not in managers(client.get(*kind, namespace, "wiki"))
        run = take_over()
        assert (run.code, run.changed) == (0, 0), run.output

        spec = found["spec"]
        run = playbooks.run("deploy", mcp_manifests=manifests(wiki=spec), mcp_namespace=namespace, mcp_wait_timeout=120)
        assert run.code == 0, run.output
        cluster.until(
            "only new Pods are left",
            lambda: (
                not pods
                & {pod["metadata"]["uid"] for pod in client.list("v1", "Pod", namespace, labelSelector="app=wiki")}
            ),
            60,
        )
    print(calls)
    assert calls["failures"] == []
    assert calls["calls"] > 50

    status = server()["status"]
    assert (status["phase"], status["validation"]["state"]) == ("Running", "Validated")
    service = client.get("v1", "Service", namespace, "wiki")
    assert service["spec"]["clusterIP"] == address
    assert [port["port"] for port in service["spec"]["ports"]] == [3001]
    assert not any(name.startswith("nginx.") for name in service["metadata"].get("annotations") or {})
    deployment = client.get("apps/v1", "Deployment", namespace, "wiki")
    # Rolled once.
    assert deployment["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "2"
    assert deployment["spec"]["replicas"] == 2
    assert "mcp.transport.type" not in deployment["metadata"]["labels"]
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    assert "MCP_SESSION_MANAGEMENT" not in {variable["name"] for variable in container["env"]}


@pytest.mark.test_all
def test_what_belongs_to_others_is_left_as_it_is(take_over, server, client, namespace) -> None:
    foreign = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "wiki", "namespace": namespace},
        "spec": {"maxReplicas": 2, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "other"}},
    }
    made = reference.create(client, foreign)
    assert take_over().code == 0
    found = client.get("autoscaling/v2", "HorizontalPodAutoscaler", namespace, "wiki")
    assert ("manager", "Update", "") in managers(found)
    assert found["metadata"]["uid"] == made["metadata"]["uid"]
