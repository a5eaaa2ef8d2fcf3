# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What remains of the reference operator's installation is removed, and no object of another owner."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiForbidden, ApiNotFound
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._takeover_install import remove_installation

from support import reference

NAMESPACE = "ref"
SERVICE = f"/api/v1/namespaces/{NAMESPACE}/services/mcp-operator-controller-manager-metrics-service"
BINDINGS = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
BINDING = f"{BINDINGS}/mcp-operator-metrics-auth-rolebinding"
READER = "/apis/rbac.authorization.k8s.io/v1/clusterroles/mcp-operator-metrics-reader"


class Api:
    def __init__(self, objects):
        self.objects = objects
        self.forbidden = set()
        self.writes = []

    def request(self, method, path, *, what, body=None):
        assert what
        if method == "GET" and path == BINDINGS:
            return {"items": [item for key, item in self.objects.items() if key.startswith(f"{BINDINGS}/")]}
        if path not in self.objects:
            raise ApiNotFound("none")
        if method == "GET":
            return copy.deepcopy(self.objects[path])
        if path in self.forbidden:
            raise ApiForbidden("no rights")
        self.writes.append(path)
        if method == "DELETE":
            assert body["preconditions"] == {"uid": "u", "resourceVersion": "1"}
            del self.objects[path]
        else:
            assert body[-1] == {"op": "remove", "path": "/spec/ports/0"}
            del self.objects[path]["spec"]["ports"][0]
        return {}


@pytest.fixture
def api():
    items = reference.installation(NAMESPACE)
    for item in items.values():
        item["metadata"].update(uid="u", resourceVersion="1")
    return Api(items)


def actions(result):
    return {item["name"]: item["action"] for item in result["installation"]}


def test_everything_that_no_other_program_uses_is_removed(api):
    result = remove_installation(api, NAMESPACE, dry_run=False)
    assert api.objects == {}
    assert result["changed"] is True
    assert set(actions(result).values()) == {"deleted"}
    assert len(result["diff"]) == len(result["installation"]) == 5
    assert api.writes[0] == BINDING
    again = remove_installation(api, NAMESPACE, dry_run=False)
    assert again == {"changed": False, "installation": [], "diff": []}


def test_check_mode_names_the_same_objects_and_writes_nothing(api):
    result = remove_installation(api, NAMESPACE, dry_run=True)
    assert api.writes == []
    assert result == remove_installation(api, NAMESPACE, dry_run=False)


def test_of_a_service_that_both_installations_have_only_the_dead_port_is_removed(api):
    api.objects[SERVICE]["spec"]["ports"].append({"name": "metrics", "port": 8080})
    result = remove_installation(api, NAMESPACE, dry_run=False)
    assert actions(result)["mcp-operator-controller-manager-metrics-service"] == "configured"
    assert [port["port"] for port in api.objects[SERVICE]["spec"]["ports"]] == [8080]


@pytest.mark.parametrize(
    ("path", "change"),
    [
        (BINDING, {"roleRef": {"name": "another"}}),
        (BINDING, {"subjects": []}),
        (READER, {"rules": []}),
        (SERVICE, {"spec": {"ports": [{"name": "metrics", "port": 8080}], "selector": {}}}),
        (SERVICE, {"spec": {"ports": [{"name": "https", "port": 8443}], "selector": {"app": "another"}}}),
    ],
)
def test_an_object_of_the_same_name_with_other_content_is_left(api, path, change):
    api.objects[path].update(change)
    result = remove_installation(api, NAMESPACE, dry_run=False)
    assert path in api.objects
    assert path.rpartition("/")[2] not in actions(result)


def test_objects_of_helm_are_left_to_helm(api):
    for item in api.objects.values():
        item["metadata"]["labels"] = {"app.kubernetes.io/managed-by": "Helm"}
    result = remove_installation(api, NAMESPACE, dry_run=False)
    assert (api.writes, result["changed"], set(actions(result).values())) == ([], False, {"kept"})
    assert {item["hint"] for item in result["installation"]} == {"helm upgrade of its release removes it."}


def test_a_role_that_another_binding_uses_is_left(api):
    api.objects[f"{BINDINGS}/prometheus"] = {
        "metadata": {"name": "prometheus"},
        "roleRef": {"name": "mcp-operator-metrics-reader"},
    }
    result = remove_installation(api, NAMESPACE, dry_run=False)
    [kept] = [item for item in result["installation"] if item["action"] == "kept"]
    assert (kept["name"], kept["hint"]) == (
        "mcp-operator-metrics-reader",
        "ClusterRoleBindings refer to it: prometheus.",
    )


def test_without_the_right_the_result_has_the_command(api):
    api.forbidden = {BINDING, SERVICE}
    result = remove_installation(api, NAMESPACE, dry_run=False)
    hints = [item["hint"] for item in result["installation"] if item["action"] == "kept"]
    binding, service = "mcp-operator-metrics-auth-rolebinding", "mcp-operator-controller-manager-metrics-service"
    advice = "You may not remove it. As an administrator, run: kubectl delete"
    assert hints == [
        f"{advice} clusterrolebinding {binding}",
        f"{advice} service {service} --namespace {NAMESPACE}",
    ]
