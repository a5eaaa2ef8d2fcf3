# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""install.yaml for another image, namespace, number of replicas or set of namespaces."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.mcp.kubernetes.plugins.filter.operator_objects import operator_objects

from support.yaml_files import load_yaml

INSTALL = Path(__file__).resolve().parents[4] / "roles" / "operator" / "files" / "install.yaml"


@pytest.fixture(scope="module")
def objects() -> list[dict[str, Any]]:
    return load_yaml(INSTALL)["items"]


def pick(objects: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [item for item in objects if item["kind"] == kind]


def test_without_wishes_nothing_is_changed(objects) -> None:
    before = copy.deepcopy(objects)
    assert operator_objects(objects) == before
    operator_objects(objects, "elsewhere", "image", 3, ["a"])
    assert objects == before, "what it is given stays as it is"


def test_nothing_stays_behind_in_the_usual_namespace(objects) -> None:
    made = operator_objects(objects, namespace="elsewhere")
    assert "mcp-operator-system" not in json.dumps(made)
    assert pick(made, "Namespace")[0]["metadata"]["name"] == "elsewhere"


def test_image_and_replicas(objects) -> None:
    [deployment] = pick(operator_objects(objects, image="localhost/op:dev", replicas=2), "Deployment")
    assert deployment["spec"]["replicas"] == 2
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "localhost/op:dev"
    assert {"name": "MCP_OPERATOR_VALIDATION_IMAGE", "value": "localhost/op:dev"} in container["env"]


def test_the_operator_gets_its_rights_where_it_watches(objects) -> None:
    made = operator_objects(objects, watch_namespaces=["b", "a", "b"])
    # Reviews of tokens belong to no namespace.
    [cluster_wide] = pick(made, "ClusterRoleBinding")
    assert cluster_wide["roleRef"]["name"] == "system:auth-delegator"
    bindings = [item for item in pick(made, "RoleBinding") if item["roleRef"]["kind"] == "ClusterRole"]
    assert [item["metadata"]["namespace"] for item in bindings] == ["b", "a"]
    [deployment] = pick(made, "Deployment")
    assert {"name": "WATCH_NAMESPACE", "value": "b,a"} in deployment["spec"]["template"]["spec"]["containers"][0]["env"]


@pytest.mark.parametrize("watched", [[], ["a"]])
@pytest.mark.parametrize("mode", ["isolated", "open"])
def test_the_default_of_network_policies_comes_with_permission_to_read_namespaces(objects, mode, watched) -> None:
    made = operator_objects(objects, "elsewhere", watch_namespaces=watched, network_default=mode)
    [deployment] = pick(made, "Deployment")
    env = {one["name"]: one.get("value") for one in deployment["spec"]["template"]["spec"]["containers"][0]["env"]}
    assert env["MCP_OPERATOR_NETWORK_DEFAULT"] == mode
    name = "mcp-operator-namespace-reader"
    [role] = [item for item in pick(made, "ClusterRole") if item["metadata"]["name"] == name]
    [binding] = [item for item in pick(made, "ClusterRoleBinding") if item["metadata"]["name"] == name]
    assert role["rules"] == [{"apiGroups": [""], "resources": ["namespaces"], "verbs": ["get", "list", "watch"]}]
    assert binding["roleRef"] == {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}
    assert binding["subjects"][0]["namespace"] == "elsewhere"


def test_another_default_of_network_policies_is_refused(objects) -> None:
    with pytest.raises(AnsibleFilterError, match="isolated or open"):
        operator_objects(objects, network_default="closed")


def test_the_operator_gets_the_images_of_the_bridge(objects) -> None:
    [deployment] = pick(operator_objects(objects, bridge_images={"inject": "localhost/bridge:dev"}), "Deployment")
    env = {one["name"]: one.get("value") for one in deployment["spec"]["template"]["spec"]["containers"][0]["env"]}
    assert env["MCP_OPERATOR_BRIDGE_INJECT_IMAGE"] == "localhost/bridge:dev"
    assert env["MCP_OPERATOR_BRIDGE_PACKAGE_IMAGE"] == ""
