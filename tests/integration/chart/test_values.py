# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Value by value: what it changes in the objects of the chart."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import yaml

from support import cluster
from support.chart_objects import manager, names, one, pod
from support.helm import CHART, NAMESPACE, OLDEST, WITH_IMAGE

NAME = "mcp-operator-controller-manager"
PROMETHEUS_OPERATOR = "monitoring.coreos.com/v1"
EVERYTHING: dict[str, Any] = {
    "fence": {"owner": True},
    "policies": {"images": {"enable": True}, "fields": {"enable": True}},
    "prometheus": {"enabled": True, "servers": True, "force": True},
    "alerts": {"enabled": True},
    "grafana": {"enabled": True},
    "catalog": {"enabled": True, "url": "https://a.example"},
    "networkPolicy": {"enabled": True},
    "network": {"default": "open"},
    "gatewayAPI": {"enable": True},
    "podDisruptionBudget": {"enabled": True},
    "configHash": [{"namespace": "a", "secrets": ["key"]}],
    "validationAccess": [{"namespace": "a", "secrets": ["key"]}],
    "shards": 2,
}
MOUNT = {"name": "ca", "mountPath": "/etc/ca"}
VOLUME = {"name": "ca", "configMap": {"name": "ca"}}
SPREAD = {"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway"}
# Each value, and where its effect is found in the Pod, the container or the Deployment.
EFFECTS: list[tuple[dict[str, Any], str, Any]] = [
    ({"imageRegistry": "mirror.example"}, "container.image", "mirror.example/mcp/mcp-operator:0.1.0"),
    (
        {"imageRegistry": "mirror.example/quay", "image": {"repository": "mcp/op", "tag": "1"}},
        "container.image",
        "mirror.example/quay/mcp/op:1",
    ),
    ({"extraArgs": ["--log-level=debug"], "settings": {"preload": False}}, "container.args.-1", "--log-level=debug"),
    (
        {"extraEnv": [{"name": "A", "value": "b"}], "env": [{"name": "B"}]},
        "container.env.-1",
        {"name": "A", "value": "b"},
    ),
    ({"volumeMounts": [MOUNT]}, "container.volumeMounts.-1", MOUNT),
    ({"volumes": [VOLUME]}, "pod.volumes.-1", VOLUME),
    ({"topologySpreadConstraints": [SPREAD]}, "pod.topologySpreadConstraints", [SPREAD]),
    ({"securityContext": {"fsGroup": 7}}, "pod.securityContext.fsGroup", 7),
    ({"securityContext": {"fsGroup": 7}}, "pod.securityContext.runAsNonRoot", True),
    ({"containerSecurityContext": {"runAsUser": 7}}, "container.securityContext.runAsUser", 7),
    ({"startupProbe": {"failureThreshold": 90}}, "container.startupProbe.failureThreshold", 90),
    ({"livenessProbe": {"timeoutSeconds": 9}}, "container.livenessProbe.timeoutSeconds", 9),
    ({"readinessProbe": {"periodSeconds": 9}}, "container.readinessProbe.periodSeconds", 9),
    ({"strategy": {"type": "Recreate"}}, "deployment.strategy.type", "Recreate"),
    ({"serviceAccount": {"name": "mine"}}, "pod.serviceAccountName", "mine"),
    ({"commonLabels": {"team": "a"}}, "deployment.template.metadata.labels.team", "a"),
]


def reached(objects: list[dict[str, Any]], path: str) -> Any:
    """Return what is at a path, with numbers for positions in lists."""
    found: Any = {"pod": pod(objects), "container": manager(objects), "deployment": one(objects, "Deployment")["spec"]}
    for part in path.split("."):
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


@pytest.mark.parametrize(("values", "path", "wanted"), EFFECTS, ids=lambda item: item if isinstance(item, str) else "")
def test_a_value_has_its_effect(helm, values: dict[str, Any], path: str, wanted: Any) -> None:
    assert reached(helm.template(values), path) == wanted


@pytest.mark.parametrize("values", [{"fullnameOverride": "other"}, {"nameOverride": "other"}])
def test_two_names_share_no_object(helm, values: dict[str, str]) -> None:
    def keys(more: dict[str, str]) -> set[tuple[str, str, str]]:
        objects = helm.template({**EVERYTHING, **more})
        metas = [(item["kind"], item["metadata"]) for item in objects if item["kind"] != "CustomResourceDefinition"]
        return {(kind, meta.get("namespace", ""), meta["name"]) for kind, meta in metas}

    assert not keys({}) & keys(values)


@pytest.mark.parametrize("values", [{"fullnameOverride": "other"}, {"serviceAccount": {"name": "other"}}])
def test_rights_and_policies_follow_the_service_account(helm, values: dict[str, Any]) -> None:
    # The catalogue has a ServiceAccount of its own.
    objects = helm.template({**EVERYTHING, "catalog": {}, **values})
    account = one(objects, "ServiceAccount")["metadata"]["name"]
    assert account != NAME
    subjects = [subject for item in objects for subject in item.get("subjects", [])]
    assert {subject["name"] for subject in subjects if subject["kind"] == "ServiceAccount"} == {account}
    policies = [item for item in objects if item["kind"] == "ValidatingAdmissionPolicy"]
    said = [
        entry["expression"]
        for item in policies
        for entry in item["spec"].get("matchConditions", [])
        if entry["name"] == "operator"
    ]
    assert set(said) == {f'request.userInfo.username == "system:serviceaccount:{NAMESPACE}:{account}"'}
    bindings = [item["spec"]["policyName"] for item in objects if item["kind"] == "ValidatingAdmissionPolicyBinding"]
    assert set(bindings) == {item["metadata"]["name"] for item in policies}


def test_a_service_account_of_yours_needs_a_name(helm) -> None:
    objects = helm.template({"serviceAccount": {"create": False, "name": "mine"}})
    assert not names(objects, "ServiceAccount")
    assert "serviceAccount.name" in helm.refuse({"serviceAccount": {"create": False}})


def test_selectors_are_those_of_installed_releases(helm) -> None:
    """Kubernetes refuses to change the selector of a Deployment."""
    selector = {"app.kubernetes.io/name": "mcp-operator", "control-plane": "controller-manager"}
    objects = helm.template({"commonLabels": {"team": "a", "control-plane": "no"}})
    assert one(objects, "Deployment")["spec"]["selector"] == {"matchLabels": selector}
    assert one(objects, "Service")["spec"]["selector"] == selector
    assert one(objects, "Deployment")["metadata"]["name"] == NAME


def test_every_object_has_the_labels_of_the_release(helm) -> None:
    wanted = {"helm.sh/chart": "mcp-operator-0.1.0", "app.kubernetes.io/instance": "mcp-operator", "team": "a"}
    for item in helm.template({**EVERYTHING, "commonLabels": {"team": "a"}}):
        assert item["metadata"]["labels"].items() >= wanted.items(), item["kind"]


def test_pods_restart_for_no_other_chart_version(helm) -> None:
    template = one(helm.template(), "Deployment")["spec"]["template"]
    assert "helm.sh/chart" not in template["metadata"]["labels"]


def test_a_mirror_also_has_the_images_of_the_sidecar(helm) -> None:
    defaults = yaml.safe_load((cluster.ROOT / "roles/mcpserver/defaults/main.yml").read_text(encoding="utf-8"))
    env = {entry["name"]: entry.get("value") for entry in manager(helm.template({"imageRegistry": "m.example"}))["env"]}
    for name, image in defaults["mcpserver_bridge_images"].items():
        assert env[f"MCP_OPERATOR_BRIDGE_{name.upper()}_IMAGE"] == f"m.example/{image.partition('/')[2]}"


@pytest.mark.parametrize(
    ("budget", "wanted"),
    [
        ({}, {"minAvailable": 1}),
        ({"minAvailable": 0}, {"minAvailable": 0}),
        ({"maxUnavailable": 0, "minAvailable": 2}, {"maxUnavailable": 0}),
        ({"minAvailable": "50%"}, {"minAvailable": "50%"}),
    ],
)
def test_each_deployment_has_its_budget(helm, budget: dict[str, Any], wanted: dict[str, Any]) -> None:
    objects = helm.template({"shards": 2, "podDisruptionBudget": {"enabled": True, **budget}})
    selectors = [item["spec"]["selector"] for item in objects if item["kind"] == "Deployment"]
    budgets = [item["spec"] for item in objects if item["kind"] == "PodDisruptionBudget"]
    assert budgets == [{"selector": selector, **wanted} for selector in selectors]


def test_connections_of_the_operator_can_be_restricted(helm) -> None:
    rule = {"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}
    spec = one(helm.template({"networkPolicy": {"enabled": True, "egress": [rule]}}), "NetworkPolicy")["spec"]
    assert (spec["policyTypes"], spec["egress"]) == (["Ingress", "Egress"], [rule])
    assert one(helm.template({"networkPolicy": {"enabled": True}}), "NetworkPolicy")["spec"]["policyTypes"] == [
        "Ingress"
    ]


def test_objects_of_yours(helm) -> None:
    plain = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "{{ plain }}"}}
    text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: '{{ .Release.Name }}-note'}}"
    assert names(helm.template({"extraObjects": [plain, text]}), "ConfigMap") == ["{{ plain }}", "mcp-operator-note"]


@pytest.mark.parametrize("kind", ["ServiceMonitor", "PodMonitor"])
def test_monitors(helm, kind: str) -> None:
    relabelings = {"relabelings": [{"targetLabel": "a"}], "metricRelabelings": [{"targetLabel": "b"}]}
    values = {"servers": True, "namespace": "mon", "scrapeTimeout": "5s", "tlsConfig": {"caFile": "/ca"}, **relabelings}
    objects = helm.template({"prometheus": {"enabled": True, **values}}, api_versions=[PROMETHEUS_OPERATOR])
    monitor = one(objects, kind)
    assert monitor["metadata"]["namespace"] == "mon"
    [endpoint] = monitor["spec"].get("endpoints") or monitor["spec"]["podMetricsEndpoints"]
    assert endpoint.items() >= {"scrapeTimeout": "5s", **relabelings}.items()
    if kind == "ServiceMonitor":
        assert endpoint["tlsConfig"] == {"caFile": "/ca"}
        assert monitor["spec"]["namespaceSelector"] == {"matchNames": [NAMESPACE]}


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"prometheus": {"enable": True}}, "ServiceMonitor"),
        ({"prometheus": {"enabled": True}}, "ServiceMonitor"),
        ({"prometheus": {"servers": True}}, "PodMonitor"),
        ({"alerts": {"enable": True}}, "PrometheusRule"),
        ({"alerts": {"enabled": True}}, "PrometheusRule"),
    ],
)
def test_monitors_are_never_dropped_unnoticed(helm, values: dict[str, Any], kind: str) -> None:
    assert "prometheus.force" in helm.refuse(values)
    forced = {**values, "prometheus": {**values.get("prometheus", {}), "force": True}}
    assert names(helm.template(forced), kind)
    assert names(helm.template(values, api_versions=[PROMETHEUS_OPERATOR]), kind)


def test_values_of_an_older_chart_are_not_enough(helm) -> None:
    assert "--reset-then-reuse-values" in helm.refuse({"extraObjects": None})


def test_high_availability(helm) -> None:
    values = yaml.safe_load((CHART / "values-ha.yaml").read_text(encoding="utf-8"))
    objects = helm.template(values)
    assert one(objects, "Deployment")["spec"]["replicas"] == 2
    [spread] = pod(objects)["topologySpreadConstraints"]
    labels = one(objects, "Deployment")["spec"]["template"]["metadata"]["labels"]
    assert spread["labelSelector"]["matchLabels"].items() <= labels.items()
    assert one(objects, "PodDisruptionBudget")["spec"]["minAvailable"] == 1


def test_the_test_asks_for_the_leases_of_all_shards(helm) -> None:
    options = (
        "-n",
        "ns",
        "--kube-version",
        OLDEST,
        "--set",
        "shards=3",
        "--show-only",
        "templates/tests/installed.yaml",
        *WITH_IMAGE,
    )
    done = helm("template", "mcp-operator", str(CHART), *options)
    [container] = yaml.safe_load(done)["spec"]["containers"]
    script, *arguments = container["args"]
    assert script == (CHART / "files" / "installed.py").read_text(encoding="utf-8")
    assert arguments == ["ns", "mcp-operator", "mcp-operator-shard-1", "mcp-operator-shard-2"]


def test_the_readme_is_made_of_the_values() -> None:
    tool = cluster.ROOT / "tests" / "tools" / "chart_readme.py"
    done = subprocess.run([sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"fullnameOverride": "A"}, "fullnameOverride"),
        ({"fullnameOverride": "a" * 40}, "fullnameOverride"),
        ({"imageRegistry": "a/"}, "imageRegistry"),
        ({"extraArgs": ["run"]}, "extraArgs"),
        ({"livenessProbe": {"httpGet": {}}}, "httpGet"),
        ({"strategy": {"type": "Blue"}}, "strategy"),
        ({"podDisruptionBudget": {"minAvailable": "one"}}, "minAvailable"),
        ({"serviceAccount": {"token": True}}, "token"),
        ({"prometheus": {"scrapeTimeout": "soon"}}, "scrapeTimeout"),
        ({"extraObjects": [1]}, "extraObjects"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(helm, values: dict[str, Any], named: str) -> None:
    assert named in helm.refuse(values)
