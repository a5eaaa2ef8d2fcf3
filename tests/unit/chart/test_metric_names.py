# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The operator or the sidecar exports every metric in dashboards and alerts, and in the tests of alerts."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from mcp_operator.app import Operator
from mcp_operator.process.shutdown import Shutdown
from mcp_operator.settings.load import add_flags, settings_of
from mcp_operator.watches.definition import Watch
from mcp_operator.workloads.sources import MCPSERVER

ROOT = Path(__file__).resolve().parents[3]
CHART = ROOT / "operator" / "chart"
SIDECAR = ROOT / "sidecar"
MCPSERVERS = Watch(
    group=MCPSERVER.group,
    version=MCPSERVER.version,
    kind=MCPSERVER.kind,
    role="mcp.kubernetes.mcpserver",
    manage_status=False,
)
# The names of the metrics of both programs begin so; nothing else in a query does, except labels.
METRIC = re.compile(r"\b((?:mcp|mcpserver)_\w+)")
STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')
GROUPS = re.compile(r"\b(?:by|on|without|ignoring)\s*\([^)]*\)")
MATCHERS = re.compile(r"\{[^}]*\}")
SUFFIXES = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",), "gauge": ("",)}
# How the Go source makes a metric: by options, by the helper functions of compatible.go, or by a description.
OPTIONS = re.compile(r'prometheus\.(Counter|Gauge|Histogram)Opts\{\s*Name:\s*"(\w+)"')
HELPERS = re.compile(r'\b(counter|gauge|histogram)\("(\w+)"')
DESCRIPTIONS = re.compile(r'prometheus\.NewDesc\(\s*"(\w+)"')
# The names of the sidecar of github.com/vitorbari/mcp-operator.
COMPATIBLE = {
    "mcp_requests_total",
    "mcp_request_duration_seconds",
    "mcp_request_size_bytes",
    "mcp_response_size_bytes",
    "mcp_active_connections",
    "mcp_tool_calls_total",
    "mcp_resource_reads_total",
    "mcp_request_errors_total",
    "mcp_sse_connections_total",
    "mcp_sse_connections_active",
    "mcp_sse_events_total",
    "mcp_sse_connection_duration_seconds",
    "mcp_proxy_info",
}


def metrics_of(query: str) -> set[str]:
    """Return the names of the series in a query, without its labels."""
    return set(METRIC.findall(GROUPS.sub("", MATCHERS.sub("", STRINGS.sub("", query)))))


def of_dashboards() -> Iterator[tuple[str, str]]:
    for file in sorted(CHART.glob("files/dashboards/*.json")):
        board = json.loads(file.read_text(encoding="utf-8"))
        queries = [item["query"]["query"] for item in board["templating"]["list"] if item["type"] == "query"]
        queries += [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
        # label_values() takes the name of a label, too.
        yield from ((file.name, re.sub(r", *\w+\)$", ")", query)) for query in queries)


def of_alerts() -> Iterator[tuple[str, str]]:
    for group in yaml.safe_load((CHART / "files" / "rules.yaml").read_text(encoding="utf-8"))["groups"]:
        yield from ((rule["alert"], rule["expr"]) for rule in group["rules"])


def of_tests_of_alerts() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "tests" / "integration" / "chart").glob("*rules_test.yaml")):
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))["tests"]:
            yield from ((case["name"], one["series"]) for one in case["input_series"])


def sidecar() -> dict[str, str]:
    """Return the kinds of the sidecar's metrics by their names."""
    found: dict[str, str] = {}
    for file in sorted(SIDECAR.rglob("*.go")):
        source = "" if file.name.endswith("_test.go") else file.read_text(encoding="utf-8")
        found |= {name: kind.lower() for kind, name in [*OPTIONS.findall(source), *HELPERS.findall(source)]}
        found |= dict.fromkeys(DESCRIPTIONS.findall(source), "gauge")
    return found


def operator(folder: Path) -> set[str]:
    """Return the series of an operator that has not started."""
    kubeconfig = folder / "kubeconfig"
    config = {
        "clusters": [{"name": "fake", "cluster": {"server": "http://127.0.0.1:9"}}],
        "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "fake"}}],
        "users": [{"name": "fake", "user": {}}],
        "current-context": "fake",
    }
    kubeconfig.write_text(yaml.safe_dump(config), encoding="utf-8")
    parser = argparse.ArgumentParser()
    add_flags(parser)
    flags = [f"--kubeconfig={kubeconfig}", f"--run-directory={folder}", "--preload=false", "--leader-elect=false"]
    settings = settings_of(parser.parse_args(flags), {})
    one = Operator(settings, [MCPSERVERS], content_version="x", environment={}, shutdown=Shutdown())
    return {family.name + suffix for family in one._registry.collect() for suffix in SUFFIXES[family.type]}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    found = operator(tmp_path_factory.mktemp("operator"))
    for name, kind in sidecar().items():
        # The Go library takes the names of counters with their suffix.
        found |= {name + suffix for suffix in SUFFIXES["histogram"]} if kind == "histogram" else {name}
    return found


def test_the_source_of_the_sidecar_has_the_names_of_the_reference_operator() -> None:
    assert set(sidecar()) >= {*COMPATIBLE, "mcp_server_operation_duration_seconds", "mcp_sidecar_auth_refusals_total"}


@pytest.mark.parametrize("queries", [of_dashboards, of_alerts, of_tests_of_alerts])
def test_every_metric_in_a_query_is_exported(
    queries: Callable[[], Iterator[tuple[str, str]]], exported: set[str]
) -> None:
    found = [(place, name) for place, query in queries() for name in metrics_of(query)]
    assert found
    assert not [(place, name) for place, name in found if name not in exported]


def test_every_query_has_a_metric() -> None:
    assert not [place for place, query in [*of_dashboards(), *of_alerts()] if not metrics_of(query)]
