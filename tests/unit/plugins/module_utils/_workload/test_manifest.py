# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import copy

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import manifest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError

MINIMAL = {
    "apiVersion": "mcp.mcp-operator.io/v1",
    "kind": "MCPServer",
    "metadata": {"name": "wikipedia"},
    "spec": {"image": "registry.example.com/wikipedia:1"},
}


def changed(path, value):
    document = copy.deepcopy(MINIMAL)
    *parents, last = path.split(".")
    node = document
    for parent in parents:
        node = node[parent]
    node[last] = value
    return document


def test_a_five_line_manifest_gets_the_default_namespace_and_nothing_else():
    checked = manifest.check(MINIMAL, "tenant-a")
    assert checked == {**MINIMAL, "metadata": {"name": "wikipedia", "namespace": "tenant-a"}}


def test_a_manifests_own_namespace_stays():
    assert manifest.check(changed("metadata.namespace", "own"), "tenant-a")["metadata"]["namespace"] == "own"


def test_a_status_in_a_manifest_is_not_what_the_cluster_says():
    assert "status" not in manifest.check({**MINIMAL, "status": {"phase": "Running"}})


def test_the_argument_is_left_alone():
    document = copy.deepcopy(MINIMAL)
    manifest.check(document)
    assert document == MINIMAL


@pytest.mark.parametrize(
    ("path", "value", "names"),
    [
        ("kind", "Deployment", "Deployment"),
        ("apiVersion", "mcp.mcp-operator.io/v2", "v2"),
        ("metadata", None, "metadata"),
        ("metadata.name", None, "metadata.name"),
        ("metadata.name", "Wikipedia", "Wikipedia"),
        ("metadata.name", "1st", "1st"),
        ("metadata.name", "a" * 64, "a" * 63),
        ("metadata.name", "../../etc", "etc"),
        ("metadata.name", 7, "7"),
        ("metadata.namespace", "no/slash", "no/slash"),
        ("spec", [], "spec"),
        ("spec.image", "", "image"),
        ("spec.image", 5, "image"),
        ("spec.image", {"a": 1}, "image"),
    ],
)
def test_what_cannot_be_deployed_is_refused_by_name(path, value, names):
    with pytest.raises(ManifestError) as error:
        manifest.check(changed(path, value))
    assert names in error.value.seen
    assert error.value.action


@pytest.mark.parametrize("document", [None, [], "text", 5, {}, {"kind": "List", "items": []}])
def test_what_is_no_manifest_is_refused(document):
    with pytest.raises(ManifestError):
        manifest.check(document)


def test_a_document_without_kind_is_described():
    with pytest.raises(ManifestError, match=r"apiVersion is missing and kind is missing\. Set apiVersion: "):
        manifest.check({"metadata": {"name": "a"}}, "team")


def test_a_message_holds_no_control_characters():
    with pytest.raises(ManifestError) as error:
        manifest.check(changed("metadata.name", "\x1b[31mred\n"))
    assert "\x1b" not in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", b"bytes", {1: "key"}, "x" * (1024 * 1024 + 1)])
def test_what_json_cannot_carry_is_refused(value):
    with pytest.raises(ManifestError):
        manifest.check(changed("spec.args", [value]))


def test_anchors_that_multiply_are_refused():
    laughs = ["ha"]
    for _ in range(12):
        laughs = [laughs] * 10
    with pytest.raises(ManifestError, match="anchors"):
        manifest.check(changed("spec.args", laughs))


BEARER = {"type": "bearerToken", "bearerToken": {"secretKeyRef": {"name": "token", "key": "token"}}}


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"validation": {"runner": "job", "auth": BEARER}}, "sends no credentials"),
        ({"validation": {"runner": "job"}, "transport": {"config": {"http": {"tls": {}}}}}, "spec.transport.config"),
        ({"command": ["c"], "transport": {"type": "stdio", "config": {"http": {"tls": {}}}}}, "spec.transport.config"),
    ],
)
def test_what_the_schema_refuses_is_refused_without_it(spec, said):
    with pytest.raises(ManifestError, match=said):
        manifest.check({**changed("kind", "MCPServer"), "spec": {"image": "w:1", **spec}})


def test_a_job_may_find_that_credentials_are_required():
    spec = {"image": "w:1", "validation": {"runner": "job", "auth": {"type": "none"}}}
    assert manifest.check({**changed("kind", "MCPServer"), "spec": spec})
