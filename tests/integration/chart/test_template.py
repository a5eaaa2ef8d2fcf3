# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the chart makes of values, with the real Helm and without a cluster."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from support import cluster
from support.chart_objects import manager, names, one, pod
from support.helm import CHART, NAMESPACE, REPOSITORY, VERSION
from support.published import PUBLISHED
from support.yaml_files import load_yaml, parse_yaml

REVIEWS = "mcp-operator-auth-delegator-rolebinding"
CRD = "crds/mcpservers.mcp.mcp-operator.io.yaml"


def test_helm_finds_nothing_to_complain_about(helm) -> None:
    said = helm("lint", "--strict", str(CHART))
    assert "[ERROR]" not in said
    assert "[WARNING]" not in said


# To write it anew takes several times as long as any other test here; the next one compares the objects.
@pytest.mark.test_all
def test_install_yaml_is_what_the_chart_makes() -> None:
    tool = cluster.ROOT / "tests" / "tools" / "install_yaml.py"
    done = subprocess.run([sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_install_yaml_says_what_the_chart_says(helm) -> None:
    """The texts differ in their style, the objects do not."""
    text = (cluster.ROOT / "roles" / "operator" / "files" / "install.yaml").read_text(encoding="utf-8")
    made = helm.template({"namespace": {"create": True}, "crd": {"keep": False}})
    found = parse_yaml(text.replace(f"{PUBLISHED.registry}/mcp-operator", REPOSITORY))["items"]
    assert sorted(found, key=str) == sorted(made, key=str)


def test_the_crd_is_the_one_of_the_repository(helm) -> None:
    source = load_yaml(cluster.ROOT / CRD)
    made = one(helm.template(), "CustomResourceDefinition")
    assert made["spec"] == source["spec"]
    assert made["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}


def test_the_crd_can_be_left_to_somebody_else(helm) -> None:
    assert not names(helm.template({"crd": {"enable": False}}), "CustomResourceDefinition")


def test_one_that_is_not_kept_says_so(helm) -> None:
    made = one(helm.template({"crd": {"keep": False}}), "CustomResourceDefinition")
    assert "annotations" not in made["metadata"]


def test_the_namespace_is_helm_s_unless_asked_for(helm) -> None:
    assert not names(helm.template(), "Namespace")
    made = one(helm.template({"namespace": {"create": True}}), "Namespace")
    assert made["metadata"]["name"] == NAMESPACE
    assert made["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_the_pod_is_locked_down(helm) -> None:
    objects = helm.template()
    security = manager(objects)["securityContext"]
    assert security["readOnlyRootFilesystem"]
    assert not security["allowPrivilegeEscalation"]
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert pod(objects)["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    assert {"requests", "limits"} == set(manager(objects)["resources"])
    assert all(set(volume) == {"name", "emptyDir"} for volume in pod(objects)["volumes"])


@pytest.mark.parametrize(
    ("image", "wanted"),
    [
        ({}, f"{REPOSITORY}:{VERSION}"),
        ({"repository": "localhost:5000/op", "tag": "dev"}, "localhost:5000/op:dev"),
        ({"tag": "dev", "digest": f"sha256:{'a' * 64}"}, f"{REPOSITORY}@sha256:{'a' * 64}"),
    ],
)
def test_the_image(helm, image: dict[str, str], wanted: str) -> None:
    assert manager(helm.template({"image": image}))["image"] == wanted


def test_the_images_of_the_bridge(helm) -> None:
    values = {"bridgeImages": {"inject": "localhost:5000/bridge:dev"}}
    env = {variable["name"]: variable["value"] for variable in manager(helm.template(values))["env"]}
    assert env["MCP_OPERATOR_BRIDGE_INJECT_IMAGE"] == "localhost:5000/bridge:dev"
    assert env["MCP_OPERATOR_BRIDGE_PACKAGE_IMAGE"] == ""


def test_values_reach_the_deployment_and_nothing_is_a_template(helm) -> None:
    toleration = {"key": "a", "operator": "Exists", "effect": "NoSchedule"}
    values = {
        "replicas": 2,
        "settings": {"log-level": "debug", "max-concurrent-runs": 3},
        "env": [{"name": "HTTPS_PROXY", "value": '{{ .Release.Name }}: "x"\nprivileged: true'}],
        "tolerations": [toleration],
        "nodeSelector": {"disk": "ssd"},
        "affinity": {"nodeAffinity": {}},
        "priorityClassName": "system-cluster-critical",
        "podLabels": {"team": "a", "app.kubernetes.io/name": "not-this"},
        "podAnnotations": {"note": "yes"},
        "imagePullSecrets": [{"name": "registry"}],
        "serviceAccount": {"annotations": {"role": "x"}},
        "resources": {"limits": {"memory": "2Gi"}},
    }
    objects = helm.template(values)
    deployment, container = one(objects, "Deployment"), manager(objects)
    assert deployment["spec"]["replicas"] == 2
    assert container["args"][-2:] == ["--log-level=debug", "--max-concurrent-runs=3"]
    assert container["env"][-1] == values["env"][0]
    assert container["resources"] == {
        "limits": {"cpu": "2", "memory": "2Gi"},
        "requests": {"cpu": "100m", "memory": "256Mi"},
    }
    for key in ("tolerations", "nodeSelector", "affinity", "priorityClassName", "imagePullSecrets"):
        assert pod(objects)[key] == values[key]
    meta = deployment["spec"]["template"]["metadata"]
    assert (meta["labels"]["team"], meta["annotations"]["note"]) == ("a", "yes")
    # What the Deployment and the Service select by is not to be had.
    assert meta["labels"].items() >= deployment["spec"]["selector"]["matchLabels"].items()
    assert one(objects, "ServiceAccount")["metadata"]["annotations"] == {"role": "x"}


def test_rights_everywhere(helm) -> None:
    objects = helm.template()
    assert set(names(objects, "ClusterRoleBinding")) == {"mcp-operator-manager-rolebinding", REVIEWS}
    assert {"name": "WATCH_NAMESPACE", "value": ""} in manager(objects)["env"]


def test_rights_in_the_watched_namespaces_only(helm) -> None:
    objects = helm.template({"watchNamespaces": ["b", "a", "b"]})
    assert names(objects, "ClusterRoleBinding") == [REVIEWS]
    bound = [
        item["metadata"]["namespace"]
        for item in objects
        if item["kind"] == "RoleBinding" and item["roleRef"]["kind"] == "ClusterRole"
    ]
    assert bound == ["b", "a"]
    assert {"name": "WATCH_NAMESPACE", "value": "b,a"} in manager(objects)["env"]


def test_several_operators_share_the_namespaces_and_differ_in_nothing_else(helm) -> None:
    objects = helm.template({"shards": 3, "replicas": 2})
    deployments = [item for item in objects if item["kind"] == "Deployment"]
    name = "mcp-operator-controller-manager"
    assert [item["metadata"]["name"] for item in deployments] == [name, f"{name}-shard-1", f"{name}-shard-2"]
    marks = []
    for index, item in enumerate(deployments):
        spec = item["spec"]
        [container] = spec["template"]["spec"]["containers"]
        assert f"--shard={index}/3" in container["args"]
        container["args"].remove(f"--shard={index}/3")
        marks.append(spec["selector"]["matchLabels"])
        assert marks[-1].items() <= spec["template"]["metadata"]["labels"].items()
    assert marks[0]["control-plane"] == "controller-manager", "what is installed already keeps its selector"
    assert len({mark["control-plane"] for mark in marks}) == 3
    assert len({str(item["spec"]["template"]["spec"]) for item in deployments}) == 1
    service = one(objects, "Service")["spec"]["selector"]
    assert all(service.items() <= mark.items() for mark in marks)
    assert not any("--shard" in argument for argument in manager(helm.template())["args"])


def test_configuration_may_be_read_by_name_and_no_other(helm) -> None:
    entries = [
        {"namespace": "a", "configMaps": ["settings"], "secrets": ["key"]},
        {"namespace": "b", "secrets": ["x.y"]},
    ]
    objects = helm.template({"configHash": [*entries, {"namespace": "c"}]})
    rules = {
        item["metadata"]["namespace"]: [
            (rule["resources"], rule["resourceNames"], rule["verbs"]) for rule in item["rules"]
        ]
        for item in objects
        if item["kind"] == "Role" and item["metadata"]["name"] == "mcp-operator-config"
    }
    assert rules == {
        "a": [(["configmaps"], ["settings"], ["get"]), (["secrets"], ["key"], ["get"])],
        "b": [(["secrets"], ["x.y"], ["get"])],
    }
    bound = [
        (item["metadata"]["namespace"], item["subjects"][0]["name"])
        for item in objects
        if item["kind"] == "RoleBinding" and item["metadata"]["name"] == "mcp-operator-config"
    ]
    assert bound == [("a", "mcp-operator-controller-manager"), ("b", "mcp-operator-controller-manager")]
    assert "twice" in helm.refuse({"configHash": [entries[0], entries[0]]})


def test_credentials_of_validation_may_be_read_by_name_and_no_other(helm) -> None:
    entry = {"namespace": "a", "configMaps": ["ca"], "secrets": ["token"], "serviceAccounts": ["weather"]}
    objects = helm.template({"validationAccess": [entry, {"namespace": "b"}]})
    made = [item for item in objects if item["metadata"]["name"] == "mcp-operator-validation"]
    assert [(item["kind"], item["metadata"]["namespace"]) for item in made] == [("Role", "a"), ("RoleBinding", "a")]
    assert [(rule["resources"], rule["resourceNames"], rule["verbs"]) for rule in made[0]["rules"]] == [
        (["configmaps"], ["ca"], ["get"]),
        (["secrets"], ["token"], ["get"]),
        (["serviceaccounts/token"], ["weather"], ["create"]),
    ]
    assert "twice" in helm.refuse({"validationAccess": [{"namespace": "a"}, {"namespace": "a"}]})


def test_least_rights(helm) -> None:
    """No Secrets, no wildcards, no rights on rights, nothing that lets a program run elsewhere."""
    for role in [item for item in helm.template() if item["kind"] in ("Role", "ClusterRole")]:
        for rule in role["rules"]:
            resources = set(rule.get("resources", []))
            assert "*" not in [*rule.get("apiGroups", []), *resources, *rule["verbs"], *rule.get("nonResourceURLs", [])]
            assert not resources & {"secrets", "pods/exec", "pods/portforward", "nodes/proxy", "namespaces", "roles"}
            assert not set(rule["verbs"]) & {"escalate", "bind", "impersonate"}
    assert set(names(helm.template({"rbac": {"aggregate": False}}), "ClusterRole")) == {
        "mcp-operator-manager-role",
        "mcp-operator-metrics-reader-role",
    }


def test_policies_restrict_the_operator_unless_they_are_disabled(helm) -> None:
    everything = helm.template({"fence": {"owner": True}})
    # Downgrades are a mistake of administrators, see test_downgrades.py.
    policies = [
        item
        for item in everything
        if item["kind"] == "ValidatingAdmissionPolicy" and item["metadata"]["name"] != "mcp-operator-downgrade"
    ]
    assert {item["metadata"]["name"] for item in policies} == {
        "mcp-operator-gate",
        "mcp-operator-fence",
        "mcp-operator-fence-owner",
        "mcp-operator-fence-mcpservers",
    }
    for item in policies:
        [condition] = [entry for entry in item["spec"]["matchConditions"] if entry["name"] == "operator"]
        assert f"system:serviceaccount:{NAMESPACE}:mcp-operator-controller-manager" in condition["expression"]
        assert item["spec"]["failurePolicy"] == "Fail"
    without = names(helm.template({"fence": {"enable": False}}), "ValidatingAdmissionPolicy")
    assert set(without) == {"mcp-operator-gate", "mcp-operator-downgrade"}
    default = names(helm.template(), "ValidatingAdmissionPolicy")
    assert set(default) == {*without, "mcp-operator-fence", "mcp-operator-fence-mcpservers"}


def test_policies_for_users_read_no_parameters(helm) -> None:
    values = {"images": {"enable": True, "registries": ["a.example", "b.example/c"]}, "fields": {"enable": True}}
    objects = helm.template({"policies": values})
    images = one(objects, "ValidatingAdmissionPolicy", "mcp-operator-images")["spec"]
    [registries] = [entry["expression"] for entry in images["variables"] if entry["name"] == "registries"]
    assert json.loads(registries) == ["a.example", "b.example/c"]
    for name in ("mcp-operator-images", "mcp-operator-fields"):
        assert "paramKind" not in one(objects, "ValidatingAdmissionPolicy", name)["spec"]
        binding = one(objects, "ValidatingAdmissionPolicyBinding", name)["spec"]
        assert binding == {"policyName": name, "validationActions": ["Deny"]}


def test_users_roles_follow_the_cluster_s(helm) -> None:
    labels = [role["metadata"]["labels"] for role in helm.template() if role["kind"] == "ClusterRole"]
    for whole in ("view", "edit", "admin"):
        assert len([found for found in labels if f"rbac.authorization.k8s.io/aggregate-to-{whole}" in found]) == 1


def test_without_metrics_there_is_neither_port_nor_service(helm) -> None:
    objects = helm.template({"metrics": {"enable": False}})
    assert not names(objects, "Service")
    assert "--metrics-bind-address=0" in manager(objects)["args"]
    assert [port["name"] for port in manager(objects)["ports"]] == ["health"]


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"replica": 2}, "replica"),
        ({"replicas": "two"}, "replicas"),
        ({"replicas": -1}, "replicas"),
        ({"image": {"tag": "a b"}}, "tag"),
        ({"image": {"digest": "sha256:1"}}, "digest"),
        ({"image": {"pullPolicy": "Sometimes"}}, "pullPolicy"),
        ({"watchNamespaces": ["A"]}, "watchNamespaces"),
        ({"bridgeImages": {"package": "a b"}}, "package"),
        ({"bridgeImages": {"other": "a"}}, "other"),
        ({"configHash": [{"secrets": ["key"]}]}, "namespace"),
        ({"configHash": [{"namespace": "a", "secrets": ["A_B"]}]}, "configHash"),
        ({"settings": {"leader-elect": False}}, "leader-elect"),
        ({"settings": {"run-timeout": "soon"}}, "run-timeout"),
        ({"prometheus": {"enable": "maybe"}}, "prometheus"),
        ({"fence": {"enable": "yes"}}, "fence"),
        ({"policies": {"images": {"registries": ["a b"]}}}, "registries"),
        ({"policies": {"images": {"registries": ["a.example/"]}}}, "registries"),
        ({"policies": {"validationActions": ["Refuse"]}}, "validationActions"),
        ({"controllerManager": {"replicas": 1}}, "controllerManager"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(helm, values: dict[str, Any], named: str) -> None:
    assert named in helm.refuse(values)
