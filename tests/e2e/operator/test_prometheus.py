# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The chart's PodMonitor and alerts with the real Prometheus Operator and Prometheus, and an official client."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from oracle import clients

from support import cluster, prometheus_operator
from support.bridging.client import Streamable
from support.chart_objects import one
from support.deployed import ready_pod
from support.forward import forward
from support.helm import Helm
from support.operator import WATCHED
from support.prometheus import ask, empty, panels

from .conftest import GO, Server

# Builds the Prometheus Operator and Prometheus on first use.
pytestmark = pytest.mark.test_all

NAMES = ("otel", "compatible")
OF_REFERENCE = {
    "mcp_requests_total",
    "mcp_tool_calls_total",
    "mcp_resource_reads_total",
    "mcp_request_errors_total",
    "mcp_sse_events_total",
    "mcp_request_duration_seconds",
    "mcp_request_size_bytes",
    "mcp_response_size_bytes",
    "mcp_active_connections",
    "mcp_sse_connections_active",
    "mcp_sse_connections_total",
    "mcp_sse_connection_duration_seconds",
    "mcp_proxy_info",
}
# Of servers with TLS, access tokens or limits, and of sessions that clients have ended.
NOT_HERE = {
    "Next certificate expiry",
    "Duration of ended sessions",
    "Refused tokens by reason",
    "Limited requests by limit",
    "Time until certificates expire",
    "Changed certificates that are invalid",
}


@dataclasses.dataclass
class Scraped:
    """Two servers, by the names of their metrics, and the configuration of the Prometheus that scrapes them."""

    servers: dict[str, Server]
    config: dict[str, Any]


def manifest(names: str) -> dict[str, Any]:
    return {
        "image": GO,
        "environment": [{"name": "PORT", "value": "3001"}],
        "transport": {"type": "http", "config": {"http": {"port": 3001}}},
        "metrics": {"enabled": True, "names": names},
    }


def chart(folder: Path) -> list[dict[str, Any]]:
    labels = {"additionalLabels": prometheus_operator.SELECTED}
    values = {
        "watchNamespaces": [WATCHED],
        "prometheus": {"servers": True, "interval": "1s", **labels},
        "alerts": {"enable": True, **labels},
    }
    return Helm(folder).template(values, api_versions=[prometheus_operator.API])


@pytest.fixture(scope="module")
def scraped(operator, client, tmp_path_factory):
    cluster.load_images("mcp-stdio-bridge")
    folder = tmp_path_factory.mktemp("prometheus")
    servers = {names: Server(client, f"metrics-{names}") for names in NAMES}
    with cluster.namespace(client) as namespace, prometheus_operator.installed(client, namespace, folder):
        objects = chart(folder)
        for kind in ("PodMonitor", "PrometheusRule"):
            prometheus_operator.apply(client, one(objects, kind), namespace)
        try:
            for names, server in servers.items():
                server.apply(**manifest(names))
            for server in servers.values():
                server.becomes("Running", "Validated")
            with prometheus_operator.scraping(client, namespace, folder) as config:
                cluster.until("both servers are scraped", lambda: len(up()) == len(NAMES), 90)
                for server in servers.values():
                    call(server)
                yield Scraped(servers, config)
        finally:
            for server in servers.values():
                server.delete()


def up() -> list[dict[str, Any]]:
    found = ask("query", query='up{app_kubernetes_io_instance=~"metrics-.*"} == 1')
    return [item["metric"] for item in (found or {"result": []})["result"]]


def call(server: Server) -> None:
    """Call tools with the official client of Python, one of which fails, and read a resource."""
    [official] = [found for found in clients.catalogue() if found.name == "python-1"]
    pod = ready_pod(server.client, server.namespace, server.name)
    with forward(server.client, server.namespace, pod["metadata"]["name"], 8080) as address:
        target = {"url": f"http://{address}/mcp", "transport": "streamable-http"}
        tools = [("now", {"zone": "UTC"}), ("now", {"zone": "No/Where"}), ("missing", {})]
        good, *_failed = official.describe_targets(
            [{**target, "call": {"name": name, "arguments": arguments}} for name, arguments in tools]
        )
        assert "error" not in good, good
        client = Streamable(f"http://{address}", 15)
        with client.http:
            client.open()
            [resource] = client.request("resources/list")["resources"]
            client.request("resources/read", {"uri": resource["uri"]})


def metrics(server: Server) -> set[str]:
    """Return the names of the metrics of a server."""
    found = ask("query", query=f'count by (__name__) ({{app_kubernetes_io_instance="{server.name}"}})')
    return {re.sub("_(bucket|count|sum)$", "", item["metric"]["__name__"]) for item in found["result"]}


def test_the_operator_accepts_the_monitor_and_the_targets_are_up(scraped) -> None:
    assert [job["job_name"].split("/")[0::2] for job in scraped.config["scrape_configs"]] == [
        ["podMonitor", "mcp-operator-mcpservers"]
    ]
    for target in up():
        assert (target["namespace"], target["container"]) == (WATCHED, "mcp-proxy")
        assert target["pod"].startswith(target["app_kubernetes_io_instance"])


def test_the_calls_are_there_under_both_names(scraped) -> None:
    found = metrics(scraped.servers["otel"])
    assert {"mcp_server_operation_duration_seconds", "target_info"} <= found
    assert not OF_REFERENCE & found
    labels = f'gen_ai_tool_name="now",error_type="",app_kubernetes_io_instance="{scraped.servers["otel"].name}"'

    def called() -> bool:
        [item] = ask("query", query=f"mcp_server_operation_duration_seconds_count{{{labels}}}")["result"]
        return float(item["value"][1]) >= 1

    cluster.until("the call is counted", called)
    compatible = scraped.servers["compatible"]
    cluster.until("all names of the reference are there", lambda: metrics(compatible) >= OF_REFERENCE)
    assert len(OF_REFERENCE) == 13


def test_the_dashboard_shows_the_calls(scraped) -> None:
    for server in scraped.servers.values():

        def missing(server: Server = server) -> set[str]:
            call(server)
            boards = panels(server.name) or {}
            traffic = {"mcp-traffic": boards["mcp-traffic"]}
            return {title.partition(": ")[2] for title in empty(traffic)} - NOT_HERE

        try:
            cluster.until("every panel shows something", lambda: not missing(), 90)
        finally:
            print(server.name, "without data:", missing())


def test_every_alert_evaluates_and_a_failing_tool_is_pending(scraped) -> None:
    def pending() -> set[str]:
        """Return the servers with the alert; calls go on, because a rate needs two scrapes."""
        for server in scraped.servers.values():
            call(server)
        alerts = ask("alerts")["alerts"]
        return {
            alert["labels"]["app_kubernetes_io_instance"]
            for alert in alerts
            if (alert["labels"]["alertname"], alert["state"]) == ("McpServerToolErrors", "pending")
        }

    wanted = {server.name for server in scraped.servers.values()}
    cluster.until("the alert is pending", lambda: pending() == wanted, 90)
    rules = [rule for group in ask("rules")["groups"] for rule in group["rules"]]
    assert len(rules) >= 13
    assert {rule["health"] for rule in rules} == {"ok"}


def documented_rule() -> dict[str, Any]:
    """Return the rule for prometheus-adapter in the documentation."""
    page = (cluster.ROOT / "docs" / "how-to" / "metrics.md").read_text(encoding="utf-8")
    [block] = [block for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "seriesQuery" in block]
    [rule] = yaml.safe_load(block)["rules"]["custom"]
    return rule


def test_the_documented_rule_finds_the_requests_of_each_pod(scraped) -> None:
    rule = documented_rule()
    query = rule["metricsQuery"].replace("<<.Series>>", "mcp_sidecar_http_responses_total")
    query = query.replace("<<.LabelMatchers>>", f'namespace="{WATCHED}",pod=~".+"').replace("<<.GroupBy>>", "pod")

    def rates() -> dict[str, float]:
        for server in scraped.servers.values():
            call(server)
        found = ask("query", query=query)["result"]
        return {item["metric"]["pod"]: float(item["value"][1]) for item in found if float(item["value"][1]) > 0}

    cluster.until("each Pod has a rate", lambda: len(rates()) >= len(NAMES), 60)
    series = ask("series", **{"match[]": rule["seriesQuery"]})
    assert {item["namespace"] for item in series} == {WATCHED}
