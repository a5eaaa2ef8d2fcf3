# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Strict mode without an operator: what fails does not stay, what passed serves again, nothing is deleted."""

from __future__ import annotations

import pytest

GO = {"image": "localhost/mcp-servers/go-sdk:1.8.0"}
HTML = {"image": "localhost/mcp-servers/broken:1", "args": ["html"]}
STRICT = {"validation": {"strictMode": True}}


@pytest.fixture
def deploy(playbooks, namespace, manifests, client, images):
    def run(**spec):
        done = playbooks.run("deploy", mcp_manifests=manifests(server=spec), mcp_namespace=namespace)
        return done, client.get("mcp.mcp-operator.io/v1", "MCPServer", namespace, "server")["status"]

    return run


@pytest.fixture
def deployment(client, namespace):
    return lambda: client.get("apps/v1", "Deployment", namespace, "server")


def image(found):
    return found["spec"]["template"]["spec"]["containers"][0]["image"]


def ready(status):
    return next(condition for condition in status["conditions"] if condition["type"] == "Ready")


def test_a_first_deployment_that_fails_serves_nothing_and_deletes_nothing(deploy, deployment, client, namespace):
    run, status = deploy(**HTML, **STRICT)
    assert run.code != 0
    assert "NOT_MCP" in run.output
    assert "Nothing serves: no earlier template has passed." in run.output
    assert (status["phase"], status["replicas"], status["readyReplicas"]) == ("ValidationFailed", 0, 0)
    assert ready(status)["reason"] == "ValidationFailed"
    assert deployment()["spec"]["replicas"] == 0
    for child in (("v1", "Service"), ("v1", "ServiceAccount"), ("mcp.mcp-operator.io/v1", "MCPServer")):
        assert client.find(*child, namespace, "server")


def test_an_update_that_fails_goes_back_to_the_template_that_passed(deploy, deployment):
    assert deploy(**GO, **STRICT)[1]["phase"] == "Running"
    run, status = deploy(**HTML, **STRICT)
    assert run.code != 0
    assert "The last template that passed serves again." in run.output
    assert image(deployment()) == GO["image"]
    assert (status["phase"], status["availableReplicas"]) == ("ValidationFailed", 1)
    assert ready(status)["reason"] == "RolledBack"
    assert status["validation"]["validatedGeneration"] == 1


def test_a_server_that_only_became_strict_goes_back_too(deploy, deployment):
    deploy(**GO)
    run, _status = deploy(**HTML, **STRICT)
    assert run.code != 0
    assert image(deployment()) == GO["image"]


def test_after_a_refusal_a_good_template_serves_again(deploy, deployment):
    deploy(**HTML, **STRICT)
    run, status = deploy(**GO, **STRICT)
    assert run.code == 0, run.output
    assert (status["phase"], status["readyReplicas"]) == ("Running", 1)
    assert deployment()["spec"]["replicas"] == 1


@pytest.mark.test_all
def test_only_the_last_templates_are_kept(deploy, client, namespace):
    for number in range(5):
        run, _status = deploy(**GO, environment=[{"name": "NUMBER", "value": str(number)}])
        assert run.code == 0
    kept = list(client.list("apps/v1", "ControllerRevision", namespace))
    assert sorted(item["revision"] for item in kept) == [3, 4, 5]


@pytest.mark.test_all
def test_a_tool_call_is_compared_and_a_change_of_it_replaces_no_pod(deploy, deployment, client, namespace):
    def validation(expected):
        call = {"name": "add_duration", "arguments": {"time": "2026-01-01T00:00:00Z", "duration": "1h"}}
        return {"validation": {"strictMode": True, "toolCall": call, "expect": [expected]}}

    run, status = deploy(**GO, **validation("tool_call.structured_content.time == '2026-01-01T01:00:00Z'"))
    assert run.code == 0, run.output
    assert status["validation"]["state"] == "Validated"
    [before] = [pod["metadata"]["uid"] for pod in client.list("v1", "Pod", namespace)]
    template = deployment()["spec"]["template"]
    run, status = deploy(**GO, **validation("contains(tool_call.texts[0], 'T02:00')"))
    assert run.code != 0
    assert "EXPECTATION_FAILED" in run.output
    assert (status["phase"], status["availableReplicas"]) == ("ValidationFailed", 1)
    assert [pod["metadata"]["uid"] for pod in client.list("v1", "Pod", namespace)] == [before]
    assert deployment()["spec"]["template"] == template
