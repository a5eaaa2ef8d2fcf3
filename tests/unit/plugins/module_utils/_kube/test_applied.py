# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What an apply would change. tests/integration/roles/test_applied.py compares it with an API server."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.applied import is_applied

MANIFEST = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {
        "name": "wiki",
        "namespace": "team",
        "labels": {"app": "wiki"},
        "ownerReferences": [{"uid": "u1", "name": "wiki"}],
    },
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "wiki"}},
        "containers": [
            {"name": "server", "image": "wiki:1", "ports": [{"containerPort": 8080}], "emptyDir": {}},
            {"name": "sidecar", "image": "sidecar:1"},
        ],
        "finalizers": ["a", "b"],
    },
}
SERVER = {".": {}, "f:name": {}, "f:image": {}, "f:emptyDir": {}}
SERVER["f:ports"] = {'k:{"containerPort":8080,"protocol":"TCP"}': {".": {}, "f:containerPort": {}}}
FIELDS = {
    "f:metadata": {"f:labels": {"f:app": {}}, "f:ownerReferences": {'k:{"uid":"u1"}': {}}},
    "f:spec": {
        "f:replicas": {},
        "f:selector": {},
        "f:containers": {
            'k:{"name":"server"}': SERVER,
            'k:{"name":"sidecar"}': {".": {}, "f:name": {}, "f:image": {}},
        },
        "f:finalizers": {'v:"a"': {}, 'v:"b"': {}},
    },
}


@pytest.fixture
def found():
    """The object as it is after the apply: with defaults, and with what others have added."""
    item = copy.deepcopy(MANIFEST)
    item["metadata"]["labels"]["theirs"] = "1"
    item["metadata"]["resourceVersion"] = "7"
    item["metadata"]["managedFields"] = [
        {"manager": "other", "operation": "Apply", "apiVersion": "apps/v1", "fieldsV1": {}},
        {"manager": "ours", "operation": "Update", "apiVersion": "apps/v1", "fieldsV1": {}},
        {"manager": "ours", "operation": "Apply", "apiVersion": "apps/v1", "fieldsV1": copy.deepcopy(FIELDS)},
        {"manager": "ours", "operation": "Apply", "apiVersion": "apps/v1", "fieldsV1": {}, "subresource": "status"},
    ]
    item["spec"]["progressDeadlineSeconds"] = 600
    item["spec"]["containers"][0]["ports"][0]["protocol"] = "TCP"
    item["spec"]["containers"].insert(0, {"name": "theirs"})
    return item


def changed(path, value):
    manifest = copy.deepcopy(MANIFEST)
    *folders, last = path
    place = manifest
    for folder in folders:
        place = place[folder]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return manifest


def test_what_was_applied_is_not_applied_again(found):
    assert is_applied(MANIFEST, found, "ours")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("apiVersion",), "apps/v2"),
        (("metadata", "labels", "app"), "other"),
        (("metadata", "labels", "more"), "1"),
        (("metadata", "labels", "theirs"), "1"),
        (("metadata", "labels"), None),
        (("metadata", "ownerReferences", 0, "name"), "other"),
        (("spec", "replicas"), 3),
        (("spec", "replicas"), None),
        (("spec", "paused"), False),
        (("spec", "selector", "matchLabels", "more"), "1"),
        (("spec", "containers", 0, "image"), "wiki:2"),
        (("spec", "containers", 0, "ports", 0, "containerPort"), 9090),
        (("spec", "containers", 0, "emptyDir"), {"medium": "Memory"}),
        (("spec", "containers", 1), None),
        (("spec", "containers"), MANIFEST["spec"]["containers"][::-1]),
        (("spec", "finalizers"), ["a"]),
        (("spec", "finalizers"), ["b", "a"]),
        (("spec", "finalizers"), ["a", "b", "c"]),
    ],
)
def test_another_manifest_is_applied(found, path, value):
    assert not is_applied(changed(path, value), found, "ours")


def test_what_others_changed_is_applied_again(found):
    found["spec"]["replicas"] = 5
    assert not is_applied(MANIFEST, found, "ours")


def test_fields_that_another_manager_took_are_applied_again(found):
    del found["metadata"]["managedFields"][2]["fieldsV1"]["f:spec"]["f:replicas"]
    assert not is_applied(MANIFEST, found, "ours")


@pytest.mark.parametrize("manager", ["other", "nobody"])
def test_what_another_manager_applied_is_applied(found, manager):
    assert not is_applied(MANIFEST, found, manager)


def test_an_object_without_managers_is_applied(found):
    del found["metadata"]["managedFields"]
    assert not is_applied(MANIFEST, found, "ours")
