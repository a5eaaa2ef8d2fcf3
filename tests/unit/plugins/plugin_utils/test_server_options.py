# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The manifest that the options of the module mcpserver mean."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import manifest as manifests
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._server_options import OPTIONS, identity, manifest


def options(**given):
    result = ArgumentSpecValidator(OPTIONS).validate(given)
    assert not result.error_messages
    return result.validated_parameters


def spec(**given):
    made = manifest(options(name="wiki", **given))
    return manifests.check(made)["spec"]


def test_a_name_and_an_image_are_enough():
    made = manifest(options(name="wiki", image="wiki:1"))
    assert made == {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "wiki", "namespace": "default"},
        "spec": {"image": "wiki:1"},
    }


def test_each_option_is_a_field_of_the_spec():
    assert spec(
        image="wiki:1",
        command=["serve"],
        args=["--port", 3001],
        env={"GREETING": "yes", "PORT": 3001, "TOKEN": {"secretKeyRef": {"name": "wiki", "key": "token"}}},
        transport="sse",
        port=3001,
        path="/sse",
        replicas=0,
        resources={"limits": {"memory": "1Gi"}},
        service_account="wiki",
        image_pull_secrets=["registry"],
        required_capabilities=["tools"],
        strict=False,
        spec={"validation": {"deadlineSeconds": 60}},
    ) == {
        "image": "wiki:1",
        "command": ["serve"],
        "args": ["--port", "3001"],
        "environment": [
            {"name": "GREETING", "value": "yes"},
            {"name": "PORT", "value": "3001"},
            {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "wiki", "key": "token"}}},
        ],
        "transport": {"type": "http", "protocol": "sse", "config": {"http": {"port": 3001, "path": "/sse"}}},
        "replicas": 0,
        "resources": {"limits": {"memory": "1Gi"}},
        "podTemplate": {"serviceAccountName": "wiki", "imagePullSecrets": [{"name": "registry"}]},
        "validation": {"requiredCapabilities": ["tools"], "strictMode": False, "deadlineSeconds": 60},
    }


def test_a_stdio_server_needs_no_image():
    assert spec(transport="stdio", command=["npx", "-y", "server@1"])["transport"] == {"type": "stdio"}


def test_options_take_precedence_over_the_definition():
    definition = {
        "metadata": {"name": "wiki", "namespace": "team", "labels": {"a": "1"}},
        "spec": {"image": "wiki:1", "replicas": 2, "validation": {"strictMode": True}},
    }
    made = manifest(options(definition=definition, image="wiki:2", required_capabilities=["tools"]))
    assert made["metadata"] == definition["metadata"]
    assert made["spec"] == {
        "image": "wiki:2",
        "replicas": 2,
        "validation": {"strictMode": True, "requiredCapabilities": ["tools"]},
    }
    assert identity(options(definition=definition)) == ("team", "wiki")
    assert identity(options(definition=definition, namespace="other", name="docs")) == ("other", "docs")


def test_a_definition_of_another_kind_is_rejected():
    with pytest.raises(ManifestError, match="kind is 'Deployment'"):
        manifests.check(manifest(options(name="wiki", definition={"kind": "Deployment", "apiVersion": "apps/v1"})))


def test_without_a_name_there_is_a_message():
    with pytest.raises(ManifestError, match="There is no name"):
        manifest(options(image="wiki:1"))


@pytest.mark.parametrize("value", [True, None, ["a"]])
def test_a_value_that_yaml_does_not_read_as_text_is_rejected(value):
    with pytest.raises(ManifestError, match=r"FLAG in env is not a string\. Quote it"):
        manifest(options(name="wiki", image="wiki:1", env={"FLAG": value}))
