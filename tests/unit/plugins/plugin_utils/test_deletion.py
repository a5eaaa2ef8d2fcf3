# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Deleting MCPServers, and workloads without one."""

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden, ApiNotFound
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.resources import path_of
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload import names
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.objects import OBJECTS
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._deletion import KINDS, Deletion

KIND = (names.API_VERSION, names.KIND)
APPLIED = [{"manager": names.FIELD_MANAGER, "operation": "Apply"}]


class Clock:
    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class Api:
    """Objects by kind. What is deleted remains for some reads."""

    def __init__(self, *, crd=True, reads=1):
        self.objects, self.deleted, self.listed = {}, [], []
        self.crd, self.reads = crd, reads
        self.forbidden = ()

    def add(self, version, kind, name="wiki", **meta):
        meta = {"name": name, "namespace": "team", "uid": f"{kind}-{name}", **meta}
        self.objects[(version, kind, name)] = {"metadata": meta, "apiVersion": version, "kind": kind}

    def find(self, version, kind, _namespace, name):
        found = self.objects.get((version, kind, name))
        if (version, kind, name) in self.deleted:
            self.reads -= 1
            if self.reads < 0:
                return None
        return found

    def list(self, version, kind, _namespace, labelSelector):  # noqa: N803
        assert labelSelector == "app.kubernetes.io/managed-by=mcp-operator,app.kubernetes.io/instance=wiki"
        self.listed.append((version, kind))
        if (version, kind) in self.forbidden:
            raise ApiForbidden("no")
        wanted = [one for one in self.objects.values() if (one["apiVersion"], one["kind"]) == (version, kind)]
        return [{"metadata": one["metadata"]} for one in wanted]

    def request(self, method, path, *, body=None, **_words):
        if method == "DELETE":
            (key,) = [key for key, item in self.objects.items() if path_of(item) == path]
            uid = self.objects[key]["metadata"]["uid"]
            assert body == {"preconditions": {"uid": uid}, "propagationPolicy": "Foreground"}
            self.deleted.append(key)
            return None
        served = {"/apis/mcp.mcp-operator.io/v1": ["mcpservers"] if self.crd else None}
        if not served.get(path):
            raise ApiNotFound("no")
        return {"resources": [{"name": name} for name in served[path]]}


def deletion(api, *, dry_run=False, timeout=2.0):
    return Deletion(api, wait_timeout=timeout, dry_run=dry_run, clock=Clock())


def ours(name="wiki"):
    return {"labels": names.labels(name), "managedFields": APPLIED}


def test_an_mcpserver_is_deleted_and_awaited():
    api = Api(reads=2)
    api.add(*KIND)
    result = deletion(api).delete("team", "wiki")
    assert (result["changed"], result["failed"]) == (True, False)
    assert result["msg"] == "MCPServer team/wiki was deleted."
    assert result["objects"] == [{"kind": "MCPServer", "name": "wiki", "action": "deleted"}]
    assert api.deleted == [(*KIND, "wiki")]
    assert api.reads < 0


def test_what_is_still_there_after_the_time_is_named():
    api = Api(reads=100)
    api.add(*KIND)
    result = deletion(api).delete("team", "wiki")
    assert result["failed"]
    assert "After 2 s, still being deleted: MCPServer wiki in team." in result["msg"]


def test_without_waiting_it_is_not_read_again():
    api = Api(reads=1)
    api.add(*KIND)
    assert not deletion(api, timeout=0.0).delete("team", "wiki")["failed"]
    assert api.reads == 1


def test_what_does_not_exist_is_no_failure():
    api = Api()
    api.forbidden = (("apps/v1", "Deployment"),)
    result = deletion(api).delete("team", "wiki")
    assert (result["changed"], result["failed"]) == (False, False)
    assert result["msg"] == "MCPServer team/wiki does not exist."
    assert api.listed == [("apps/v1", "Deployment")]


def test_check_mode_deletes_nothing():
    api = Api()
    api.add(*KIND)
    result = deletion(api, dry_run=True).delete("team", "wiki")
    assert result["changed"]
    assert result["msg"] == "MCPServer team/wiki would be deleted."
    assert result["diff"][0]["after"] == ""
    assert api.deleted == []


def test_a_workload_without_an_mcpserver_is_deleted_by_its_labels():
    api = Api(crd=False, reads=0)
    for kind in (("apps/v1", "Deployment"), ("v1", "Service"), ("v1", "ServiceAccount")):
        api.add(*kind, **ours())
    api.add("apps/v1", "ControllerRevision", "wiki-1", labels=names.labels("wiki"))
    result = deletion(api).delete("team", "wiki")
    assert [f"{one['kind']} {one['name']}" for one in result["objects"]] == [
        "Deployment wiki",
        "Service wiki",
        "ServiceAccount wiki",
        "ControllerRevision wiki-1",
    ]
    assert len(api.deleted) == 4


@pytest.mark.parametrize(
    "theirs",
    [
        {"labels": names.labels("wiki"), "managedFields": []},
        {**ours(), "ownerReferences": [{"kind": "MCPServer", "uid": "gone", "controller": True}]},
    ],
)
def test_objects_of_others_with_our_labels_are_left_alone(theirs):
    api = Api(crd=False)
    api.add("apps/v1", "Deployment", **theirs)
    assert not deletion(api).delete("team", "wiki")["changed"]
    assert api.deleted == []


def test_kinds_that_the_cluster_does_not_have_are_not_listed():
    api = Api(crd=False)
    deletion(api).delete("team", "wiki")
    assert ("cert-manager.io/v1", "Certificate") not in api.listed
    assert ("networking.k8s.io/v1", "NetworkPolicy") not in api.listed


def test_all_kinds_that_a_server_can_have_are_deleted():
    """Without an MCPServer, the garbage collector deletes none of them."""
    assert {*OBJECTS, ("apps/v1", "ControllerRevision")} <= set(KINDS)
