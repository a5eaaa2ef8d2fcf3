# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import podspec
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError

OURS = {
    "serviceAccountName": "wikipedia",
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


def test_null_removes():
    assert "volumes" not in podspec.merge(OURS, {"volumes": None})


@pytest.mark.parametrize(
    "theirs",
    [
        {"hostNetwork": True},
        {"hostPID": True},
        {"hostIPC": True},
        {"readinessGates": []},
        {"ephemeralContainers": []},
        {"nodeName": "node"},
        {"serviceAccountName": "admin"},
        {"automountServiceAccountToken": True},
        {"securityContext": {"sysctls": []}},
        {"volumes": [{"name": "v", "hostPath": {"path": "/"}}]},
        {"containers": [{"name": "mcp-server", "securityContext": {"privileged": True}}]},
        {"containers": [{"name": "x", "securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}}]},
        {"containers": [{"name": "x", "securityContext": {"procMount": "Unmasked"}}]},
        {"containers": [{"name": "x", "securityContext": {"seccompProfile": {"type": "Unconfined"}}}]},
        {"initContainers": [{"name": "x", "ports": [{"containerPort": 1, "hostPort": 1}]}]},
    ],
)
def test_what_gives_the_node_away_is_refused(theirs):
    with pytest.raises(ManifestError, match="is not allowed"):
        podspec.merge(OURS, theirs)


@pytest.mark.parametrize("entries", [["text"], [{}], [{"image": "nameless"}]])
def test_an_entry_without_its_key_is_refused(entries):
    with pytest.raises(ManifestError, match="has no name"):
        podspec.merge(OURS, {"containers": entries})
