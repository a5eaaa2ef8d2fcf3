# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What happens to an MCPServer over its life: replicas, updates, images and nodes that are not there."""

from __future__ import annotations

import pytest

GO = "localhost/mcp-servers/go-sdk:1.8.0"
BROKEN = "localhost/mcp-servers/broken:1"


@pytest.fixture
def deploy(playbooks, namespace, manifests, client, images):
    def run(*options, wait_timeout=60, **servers):
        done = playbooks.run(
            "deploy",
            *options,
            mcp_manifests=manifests(**servers),
            mcp_namespace=namespace,
            mcp_wait_timeout=wait_timeout,
        )
        listed = client.list("mcp.mcp-operator.io/v1", "MCPServer", namespace)
        return done, {server["metadata"]["name"]: server.get("status", {}) for server in listed}

    return run


def test_every_replica_is_validated(deploy):
    run, found = deploy("-v", server={"image": GO, "replicas": 2})
    assert run.code == 0, run.output
    assert found["server"]["readyReplicas"] == 2
    assert found["server"]["validation"]["state"] == "Validated"


def test_an_update_is_judged_by_its_own_pods(deploy):
    assert deploy(server={"image": GO})[1]["server"]["validation"]["state"] == "Validated"
    run, found = deploy(server={"image": BROKEN, "args": ["html"]})
    assert run.code != 0
    assert found["server"]["validation"]["state"] == "Failed"
    assert found["server"]["validation"]["validatedGeneration"] == 1
    run, found = deploy(server={"image": GO})
    assert found["server"]["validation"]["state"] == "Validated"
    assert found["server"]["validation"]["validatedGeneration"] == 3


@pytest.mark.test_all
def test_an_update_whose_image_cannot_be_pulled_leaves_the_old_pods_serving(deploy):
    deploy(server={"image": GO})
    run, found = deploy(server={"image": "localhost/mcp-servers/none:1"})
    assert run.code != 0
    assert found["server"]["phase"] == "Updating"
    assert found["server"]["availableReplicas"] == 1
    assert "ImagePull" in found["server"]["message"]


def test_an_image_that_cannot_be_pulled(deploy):
    run, found = deploy(server={"image": "localhost/mcp-servers/none:1"})
    assert run.code != 0
    assert found["server"]["phase"] == "Failed"
    assert "ImagePull" in found["server"]["message"]
    assert "Check spec.image" in found["server"]["message"]
    assert run.seconds < 60


def test_a_pod_that_no_node_takes(deploy):
    resources = {"requests": {"cpu": "1000"}}
    run, found = deploy(wait_timeout=5, server={"image": GO, "resources": resources})
    assert run.code != 0
    assert found["server"]["phase"] == "Failed"
    assert "Unschedulable" in found["server"]["message"]
    assert "Insufficient cpu" in found["server"]["message"]


def test_a_quota_that_is_used_up(deploy, client, namespace):
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "none", "namespace": namespace},
        "spec": {"hard": {"pods": "0"}},
    }
    client.request("POST", f"/api/v1/namespaces/{namespace}/resourcequotas", what="make a quota", body=quota)
    run, found = deploy(wait_timeout=5, server={"image": GO})
    assert run.code != 0
    assert found["server"]["phase"] == "Failed"
    assert "exceeded quota" in found["server"]["message"]


def test_a_server_without_validation_is_only_run(deploy):
    run, found = deploy(server={"image": BROKEN, "args": ["html"], "validation": {"enabled": False}})
    assert run.code == 0
    assert (found["server"]["phase"], found["server"]["validation"]) == ("Running", {"state": "Disabled"})


def test_a_required_capability_that_is_missing(deploy):
    run, found = deploy(
        server={"image": GO, "validation": {"strictMode": True, "requiredCapabilities": ["tools", "tasks"]}}
    )
    assert run.code != 0
    assert found["server"]["phase"] == "ValidationFailed"
    assert "MISSING_CAPABILITY" in found["server"]["message"]


def test_a_protocol_that_is_not_the_servers(deploy):
    transport = {"protocol": "sse", "config": {"http": {"path": "/mcp"}}}
    run, found = deploy("-e", "mcp_fail_on_invalid=false", server={"image": GO, "transport": transport})
    assert run.code == 0, run.output
    assert found["server"]["validation"]["state"] == "Failed"
    assert "PROTOCOL_MISMATCH" in {issue["code"] for issue in found["server"]["validation"]["issues"]}
