# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What deploy reads from the API server before it computes a status."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._cluster_snapshot import snapshot

KEY = ("team", "wiki")
LABELS = {"app": "wiki", "app.kubernetes.io/managed-by": "mcp-operator"}
REVISION = {"deployment.kubernetes.io/revision": "1"}


def item(name, kind, owner, **meta):
    owners = [{"controller": True, "uid": owner, "kind": kind}]
    found = {"name": name, "uid": f"uid-{name}", "namespace": "team", "labels": LABELS, "ownerReferences": owners}
    return {"metadata": {**found, **meta}}


class Client:
    """An API server that has some objects."""

    def __init__(self):
        self.objects = {
            "MCPServer": [{"metadata": {"name": "wiki", "namespace": "team", "uid": "uid-server"}, "spec": {}}],
            "Deployment": [item("wiki", "MCPServer", "uid-server", uid="uid-deployment", annotations=REVISION)],
            "ReplicaSet": [item("rs", "Deployment", "uid-deployment", annotations=REVISION)],
            "Pod": [item("ours", "ReplicaSet", "uid-rs")],
        }

    def list(self, _api_version, kind, _namespace, **_selectors):
        return iter(self.objects.get(kind, ()))


@pytest.fixture
def client():
    return Client()


def test_a_strangers_pod_with_our_labels_is_not_ours(client):
    client.objects["Pod"] += [item("bare", "", ""), item("theirs", "ReplicaSet", "uid-of-another")]
    found = snapshot(client, [KEY], {})
    assert [pod["metadata"]["name"] for pod in found.pods[KEY].newest] == ["ours"]


def test_a_deployment_of_a_deleted_mcpserver_of_the_same_name_is_not_ours(client):
    client.objects["Deployment"] = [item("wiki", "MCPServer", "uid-of-an-earlier-one", annotations=REVISION)]
    found = snapshot(client, [KEY], {})
    assert (dict(found.deployments), dict(found.pods)) == ({}, {})
