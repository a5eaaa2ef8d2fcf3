# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The operator stops and starts, also while a playbook deploys beside it: there is one writer, and nothing is lost."""

from __future__ import annotations

import uuid

import pytest

from support import cluster
from support.operator import WATCHED

from .conftest import BROKEN, GO, SLOW, Server

pytestmark = pytest.mark.stops_operator


@pytest.fixture
def deploy(playbooks, manifests, client, images):
    """Start the playbook deploy for one MCPServer; return it, and what waits for the end, or for a line before it."""
    made = []

    def start(namespace=WATCHED, **spec):
        name = f"d{uuid.uuid4().hex[:8]}"
        server = Server(client, name, namespace)
        made.append(server)
        process = playbooks.start("deploy", "-v", mcp_manifests=manifests(**{name: spec}), mcp_namespace=namespace)

        def end(line=""):
            if line:
                return next(said for said in process.stdout if line in said)
            output, _none = process.communicate(timeout=300)
            print(output)
            return process.returncode, output

        return server, end

    yield start
    for server in made:
        server.delete()


def by_the_operator(server):
    """Whether the operator wrote the status: it alone names its proof."""
    return "proof" in server.status.get("validation", {})


def test_a_restart_of_the_operator_writes_nothing(make, operator):
    servers = [make(image=GO), make(image=BROKEN, args=["html"]), make(image="localhost/mcp-servers/none:1")]
    servers[0].becomes("Running", "Validated")
    servers[1].becomes("Running", "Failed")
    servers[2].becomes("Failed", "Pending", "ImagePullBackOff")
    operator.scale(0)
    before = [(server.read()["metadata"]["resourceVersion"]) for server in servers]
    children = [server.child("Deployment")["metadata"]["generation"] for server in servers]
    operator.scale(1)
    # What it does first it does for all: another MCPServer that is through shows that it has looked at these.
    make(image=GO).becomes("Running", "Validated")
    assert [(server.read()["metadata"]["resourceVersion"]) for server in servers] == before
    assert [server.child("Deployment")["metadata"]["generation"] for server in servers] == children


def test_deploy_hands_over_to_the_operator(operator, deploy):
    server, end = deploy(image=GO)
    code, output = end()
    assert code == 0, output
    assert by_the_operator(server)
    assert "MCPServer created" in output
    assert "Deployment created" not in output


def test_deploy_does_its_own_work_where_the_operator_does_not_answer(operator, deploy, namespace):
    server, end = deploy(namespace, image=GO)
    code, output = end()
    assert code == 0, output
    assert server.status["phase"] == "Running"
    assert not by_the_operator(server)


@pytest.mark.test_all
def test_an_operator_that_starts_while_a_playbook_deploys_takes_over(operator, deploy):
    operator.scale(0)
    try:
        server, end = deploy(**SLOW)
        cluster.until("the playbook has applied it", lambda: server.child("Deployment"), 60)
    finally:
        operator.scale(1)
    code, output = end()
    assert code == 0, output
    server.becomes("Running", "Validated")
    cluster.until("the operator writes", lambda: by_the_operator(server), 60)


@pytest.mark.test_all
def test_a_playbook_notices_that_the_operator_is_gone(operator, deploy):
    server, end = deploy(**SLOW)
    assert end(f"{server.name}: Creating,")
    operator.scale(0)
    try:
        code, output = end()
        assert code != 0
        assert "OPERATOR_GONE" in output
    finally:
        operator.scale(1)
    # What was begun is ended by the next one.
    server.becomes("Running", "Validated")
