# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Without an operator, a manifest with ``validation.runner: job`` is validated by a Job too."""

from __future__ import annotations

import pytest

from support import cluster
from support.operator import IMAGE, image

GO = {"image": "localhost/mcp-servers/go-sdk:1.8.0", "validation": {"runner": "job"}}
NO_MCP = {"image": "localhost/mcp-servers/broken:1", "args": ["html"]}
STRICT = {"validation": {"runner": "job", "strictMode": True}}


@pytest.fixture
def by_job(playbooks, namespace, manifests, images):
    """Deploy with the operator's image, or another one."""
    cluster.load_images(IMAGE)

    def run(reference="", **servers):
        variables = {"mcp_mode": "workload", "mcpserver_validation_image": reference or image()}
        return playbooks.run("deploy", mcp_manifests=manifests(**servers), mcp_namespace=namespace, **variables)

    return run


def _jobs(client, namespace):
    return list(client.list("batch/v1", "Job", namespace, labelSelector="app.kubernetes.io/name=mcp-validation"))


def test_a_job_dials_the_pods(by_job, crd, client, namespace):
    run = by_job(server={**GO, "replicas": 2}, refused={**NO_MCP, **STRICT})
    assert run.code != 0
    assert "NOT_MCP" in run.output
    assert sum(row["failed"] for row in run.recap.values()) == 1
    found = client.get("mcp.mcp-operator.io/v1", "MCPServer", namespace, "server")
    assert found["status"]["validation"]["state"] == "Validated"
    assert found["status"]["validation"]["toolCount"] == 2
    owners = {owner["name"] for job in _jobs(client, namespace) for owner in job["metadata"]["ownerReferences"]}
    assert owners == {"server", "refused"}


@pytest.mark.test_all
def test_a_job_that_cannot_start_says_so_and_refuses_nobody(by_job, crd, client, namespace):
    run = by_job("localhost/no-such-operator:1", server={**GO, **STRICT})
    assert run.code != 0
    assert "does not start" in run.output
    assert "mcpserver_validation_image" in run.output
    deployment = client.get("apps/v1", "Deployment", namespace, "server")
    assert deployment["status"]["readyReplicas"] == 1
