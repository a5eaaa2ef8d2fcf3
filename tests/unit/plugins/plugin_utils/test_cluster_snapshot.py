# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What deploy reads from the API server before it computes a status."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden, ApiNotFound
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
        self.listed = []
        self.errors = {}
        self.objects = {
            "MCPServer": [{"metadata": {"name": "wiki", "namespace": "team", "uid": "uid-server"}, "spec": {}}],
            "Deployment": [item("wiki", "MCPServer", "uid-server", uid="uid-deployment", annotations=REVISION)],
            "ReplicaSet": [item("rs", "Deployment", "uid-deployment", annotations=REVISION)],
            "Pod": [item("ours", "ReplicaSet", "uid-rs")],
        }

    def list(self, _api_version, kind, _namespace, **_selectors):
        self.listed.append(kind)
        if kind in self.errors:
            raise self.errors[kind]
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


def test_certificates_are_listed_for_servers_that_need_one(client):
    client.objects["Certificate"] = [item("wiki", "MCPServer", "uid-server"), item("other", "MCPServer", "uid-other")]
    assert dict(snapshot(client, [KEY], {}).certificates) == {}
    assert "Certificate" not in client.listed
    client.objects["MCPServer"][0]["spec"] = {"tls": {"issuerRef": {"name": "team-ca"}}}
    assert list(snapshot(client, [KEY], {}).certificates) == [KEY]


@pytest.mark.parametrize("error", [ApiNotFound("not served"), ApiForbidden("forbidden")])
def test_without_cert_manager_or_the_right_to_list_its_objects_the_rest_is_there(client, error):
    client.objects["MCPServer"][0]["spec"] = {"tls": {"issuerRef": {"name": "team-ca"}}}
    client.errors["Certificate"] = error
    found = snapshot(client, [KEY], {})
    assert (list(found.servers), dict(found.certificates)) == ([KEY], {})
