# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Alerts by promtool, and what the chart makes of them, of the dashboards and of the metrics."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from support import cluster
from support.chart_objects import one
from support.helm import CHART
from support.rendered import objects_of

HERE = Path(__file__).resolve().parent
RULES = CHART / "files" / "rules.yaml"
CASES = [HERE / "rules_test.yaml", HERE / "sidecar_rules_test.yaml"]
RUNBOOKS = "https://git.example.com/mcp/kubernetes/docs/runbooks"
PROMETHEUS_OPERATOR = "monitoring.coreos.com/v1"


def alerts() -> dict[str, dict]:
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


@pytest.mark.parametrize("command", [["check", "rules", RULES], ["test", "rules", *CASES]], ids=["check", "test"])
def test_promtool_agrees(promtool, command) -> None:
    done = subprocess.run([promtool, *map(str, command)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_is_shown_to_fire() -> None:
    cases = [case for file in CASES for case in yaml.safe_load(file.read_text(encoding="utf-8"))["tests"]]
    fired = {one["alertname"] for case in cases for one in case["alert_rule_test"] if one["exp_alerts"]}
    assert fired == set(alerts())


def test_each_alert_has_a_page_that_says_what_to_do() -> None:
    for name, rule in alerts().items():
        assert rule["annotations"]["runbook_url"] == f"{RUNBOOKS}/{name}.md"
    pages = {path.stem for path in (cluster.ROOT / "docs" / "runbooks").glob("*.md")}
    assert pages == set(alerts())


def test_dashboards_are_what_their_sources_make() -> None:
    tool = cluster.ROOT / "tests" / "tools" / "dashboards.py"
    done = subprocess.run([sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def kinds(objects) -> set[str]:
    return {item["kind"] for item in objects}


def test_nothing_of_it_is_made_unless_asked_for(helm) -> None:
    made = kinds(helm.template(api_versions=[PROMETHEUS_OPERATOR]))
    assert not made & {"ServiceMonitor", "PodMonitor", "PrometheusRule", "ConfigMap"}


def test_the_service_monitor_finds_the_service(helm) -> None:
    values = {"prometheus": {"enable": True, "interval": "15s", "additionalLabels": {"release": "mine"}}}
    objects = helm.template(values, api_versions=[PROMETHEUS_OPERATOR])
    monitor, service = one(objects, "ServiceMonitor"), one(objects, "Service")
    assert service["metadata"]["labels"].items() >= monitor["spec"]["selector"]["matchLabels"].items()
    [endpoint] = monitor["spec"]["endpoints"]
    assert endpoint["port"] in [port["name"] for port in service["spec"]["ports"]]
    assert endpoint["interval"] == "15s"
    assert endpoint["honorLabels"], "namespace and name are the MCPServer's"
    assert monitor["metadata"]["labels"]["release"] == "mine"


def test_the_pod_monitor_finds_the_sidecars(helm) -> None:
    values = {"prometheus": {"servers": True, "interval": "15s"}}
    monitor = one(helm.template(values, api_versions=[PROMETHEUS_OPERATOR]), "PodMonitor")["spec"]
    server = {"metadata": {"name": "wiki", "namespace": "team", "uid": "u"}, "spec": {"metrics": {"enabled": True}}}
    template = objects_of({**server, "spec": {**server["spec"], "image": "wiki:1"}})["Deployment"]["spec"]["template"]
    assert template["metadata"]["labels"].items() >= monitor["selector"]["matchLabels"].items()
    [endpoint] = monitor["podMetricsEndpoints"]
    assert endpoint["port"] in [port["name"] for port in template["spec"]["initContainers"][0]["ports"]]
    assert (endpoint["path"], endpoint["interval"]) == ("/metrics", "15s")
    assert monitor["namespaceSelector"] == {"any": True}


def test_the_pod_monitor_is_limited_to_the_watched_namespaces(helm) -> None:
    values = {"prometheus": {"servers": True}, "watchNamespaces": ["team"]}
    monitor = one(helm.template(values, api_versions=[PROMETHEUS_OPERATOR]), "PodMonitor")
    assert monitor["spec"]["namespaceSelector"] == {"matchNames": ["team"]}


def test_the_service_monitor_of_secure_metrics_uses_tls_and_a_token(helm) -> None:
    def endpoint(**metrics):
        values = {"prometheus": {"enable": True}, "metrics": metrics}
        [found] = one(helm.template(values, api_versions=[PROMETHEUS_OPERATOR]), "ServiceMonitor")["spec"]["endpoints"]
        return found

    assert not {"scheme", "bearerTokenFile", "tlsConfig"} & set(endpoint(secure=False))
    secure = endpoint()
    assert (secure["scheme"], secure["tlsConfig"]) == ("https", {"insecureSkipVerify": True})
    assert secure["bearerTokenFile"].endswith("/serviceaccount/token")
    verified = endpoint(certSecret="metrics-tls")["tlsConfig"]
    assert verified["ca"] == {"secret": {"name": "metrics-tls", "key": "ca.crt"}}
    assert verified["serverName"].startswith("mcp-operator-controller-manager-metrics-service.")


def test_the_rules_reach_prometheus_as_they_are_tested(helm) -> None:
    values = {"alerts": {"enable": True, "runbookUrl": "https://wiki.example.com/mcp/"}}
    rule = one(helm.template(values, api_versions=[PROMETHEUS_OPERATOR]), "PrometheusRule")
    wanted = RULES.read_text(encoding="utf-8").replace(RUNBOOKS, "https://wiki.example.com/mcp")
    assert rule["spec"] == yaml.safe_load(wanted)


@pytest.mark.parametrize("seconds", [0.5, 30])
def test_the_latency_of_slow_tools_is_a_value(helm, promtool, tmp_path, seconds) -> None:
    values = {"alerts": {"enable": True, "toolSlowSeconds": seconds}}
    spec = one(helm.template(values, api_versions=[PROMETHEUS_OPERATOR]), "PrometheusRule")["spec"]
    rules = {rule["alert"]: rule for group in spec["groups"] for rule in group["rules"]}
    slow = rules.pop("McpServerToolSlow")["expr"]
    assert slow.count(f"> {seconds}\n") == 2
    assert "> 5\n" not in slow
    assert rules == {name: rule for name, rule in alerts().items() if name != "McpServerToolSlow"}
    file = tmp_path / "rules.yaml"
    file.write_text(yaml.safe_dump(spec), encoding="utf-8")
    done = subprocess.run([promtool, "check", "rules", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_grafana_gets_every_dashboard(helm) -> None:
    found = one(helm.template({"grafana": {"enabled": True}}), "ConfigMap")
    assert found["metadata"]["labels"]["grafana_dashboard"] == "1"
    files = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in CHART.glob("files/dashboards/*.json")}
    assert {name: json.loads(text) for name, text in found["data"].items()} == files
    assert len(files) == len({dashboard["uid"] for dashboard in files.values()})
