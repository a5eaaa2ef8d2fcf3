# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import podspec
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError

OURS = {
    "serviceAccountName": "wikipedia",
    "automountServiceAccountToken": False,
    "enableServiceLinks": False,
    "securityContext": {"fsGroup": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
    "volumes": [{"name": "data", "emptyDir": {}}],
    "containers": [
        {
            "name": "mcp-server",
            "image": "wikipedia:1",
            "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
            "securityContext": {"runAsNonRoot": True, "capabilities": {"drop": ["ALL"]}},
        }
    ],
}


def server(merged):
    return next(container for container in merged["containers"] if container["name"] == "mcp-server")


def test_lists_are_merged_by_their_keys_and_the_rest_stays():
    theirs = {
        "priorityClassName": "high",
        "volumes": [{"name": "claim", "persistentVolumeClaim": {"claimName": "claim"}}],
        "containers": [
            {
                "name": "mcp-server",
                "imagePullPolicy": "Always",
                "envFrom": [{"secretRef": {"name": "s"}}],
                "env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
            }
        ],
    }
    merged = podspec.merge(OURS, theirs)
    assert [volume["name"] for volume in merged["volumes"]] == ["data", "claim"]
    assert server(merged)["image"] == "wikipedia:1"
    assert server(merged)["imagePullPolicy"] == "Always"
    assert server(merged)["env"] == [
        {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        {"name": "B", "value": "2"},
    ]
    assert merged["priorityClassName"] == "high"
    assert OURS["containers"][0]["env"][0] == {"name": "A", "value": "1"}


def test_a_sidecar_is_as_secure_as_the_server_unless_it_says_otherwise():
    merged = podspec.merge(
        OURS,
        {
            "containers": [{"name": "proxy", "image": "p:1", "securityContext": {"runAsUser": 7}}],
            "initContainers": [{"name": "first", "image": "i:1"}],
        },
    )
    proxy, first = merged["containers"][1], merged["initContainers"][0]
    assert proxy["securityContext"] == {"runAsNonRoot": True, "capabilities": {"drop": ["ALL"]}, "runAsUser": 7}
    assert first["securityContext"]["runAsNonRoot"] is True


def test_null_removes_a_field():
    assert "volumes" not in podspec.merge(OURS, {"volumes": None})


@pytest.mark.parametrize(
    "theirs",
    [
        {"automountServiceAccountToken": None, "enableServiceLinks": None},
        {"containers": None},
        {"securityContext": None},
        {"securityContext": {"seccompProfile": None, "fsGroup": None}},
        {"securityContext": {"seccompProfile": {"type": None}}},
        {"containers": [{"name": "mcp-server", "securityContext": None}]},
        {"containers": [{"name": "mcp-server", "securityContext": {"runAsNonRoot": None, "capabilities": None}}]},
        {"containers": [{"name": "mcp-server", "securityContext": {"capabilities": {"drop": None}}}]},
    ],
)
def test_null_does_not_make_a_pod_less_secure(theirs):
    assert podspec.merge(OURS, theirs) == OURS


@pytest.mark.parametrize(
    "context", [None, {}, {"runAsNonRoot": None}, {"capabilities": None}, {"capabilities": {"drop": None}}]
)
def test_null_does_not_make_another_container_less_secure(context):
    proxy = podspec.merge(OURS, {"containers": [{"name": "proxy", "securityContext": context}]})["containers"][1]
    assert proxy["securityContext"] == OURS["containers"][0]["securityContext"]


@pytest.mark.parametrize("field", ["readinessGates", "serviceAccount", "serviceAccountName"])
def test_a_field_that_is_set_elsewhere_is_refused(field):
    with pytest.raises(ManifestError, match="is not allowed"):
        podspec.merge(OURS, {field: []})


@pytest.mark.parametrize("theirs", [{"containers": {}}, {"initContainers": "text"}, {"volumes": 1}])
def test_what_must_be_a_list_is_a_list(theirs):
    with pytest.raises(ManifestError, match="is not a list"):
        podspec.merge(OURS, theirs)


@pytest.mark.parametrize("name", [[], {}, 1, True])
def test_a_name_of_another_type_is_left_to_the_api_server(name):
    assert podspec.merge(OURS, {"containers": [{"name": name}]})["containers"][1]["name"] == name


def test_an_init_container_with_the_name_of_the_server_is_as_secure_as_the_server():
    [first] = podspec.merge(OURS, {"initContainers": [{"name": "mcp-server", "image": "i:1"}]})["initContainers"]
    assert first["securityContext"] == OURS["containers"][0]["securityContext"]


@pytest.mark.parametrize("entries", [["text"], [{}], [{"image": "nameless"}]])
def test_an_entry_without_its_key_is_refused(entries):
    with pytest.raises(ManifestError, match="has no name"):
        podspec.merge(OURS, {"containers": entries})
