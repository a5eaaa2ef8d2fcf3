# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the dashboard of traffic shows of the same calls, under both values of ``spec.metrics.names``.

In each minute, a server gets 60 calls of a tool that succeed, 60 that fail, and 120 pings. Each takes at most 0.1 s.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.helm import CHART

DASHBOARD = CHART / "files" / "dashboards" / "mcp-traffic.json"
OPERATIONS = "mcp_server_operation_duration_seconds"
SEARCH = {"mcp_method_name": "tools/call", "gen_ai_tool_name": "search"}
CALL = {"method": "tools/call"}
Series = list[tuple[str, dict[str, str], str]]
COMMON: Series = [
    ("mcp_sidecar_http_responses_total", {"code": "200"}, "0+180x90"),
    ("mcp_sidecar_http_responses_total", {"code": "429"}, "0+60x90"),
    ("mcp_sidecar_request_bytes_total", {}, "0+6000x90"),
    ("mcp_sidecar_response_bytes_total", {}, "0+6000x90"),
    ("mcp_sidecar_sessions", {}, "3x90"),
    ("mcp_sidecar_streams", {}, "2x90"),
    ("mcp_sidecar_calls_in_flight", {}, "1x90"),
    ("mcp_sidecar_limited_total", {"limit": "session"}, "0+60x90"),
    ("mcp_sidecar_auth_refusals_total", {"reason": "expired"}, "0+30x90"),
    ("mcp_sidecar_certificate_expiry_timestamp_seconds", {}, "90000x90"),
    ("mcp_sidecar_certificate_reloads_total", {"result": "error"}, "0+1x90"),
    ("mcp_server_session_duration_seconds_bucket", {"le": "10"}, "0+60x90"),
    ("mcp_server_session_duration_seconds_bucket", {"le": "+Inf"}, "0+60x90"),
]
NAMES: dict[str, Series] = {
    "otel": [
        (f"{OPERATIONS}_count", {**SEARCH, "error_type": ""}, "0+60x90"),
        (f"{OPERATIONS}_count", {**SEARCH, "error_type": "tool_error"}, "0+60x90"),
        (f"{OPERATIONS}_count", {"mcp_method_name": "ping", "gen_ai_tool_name": "", "error_type": ""}, "0+120x90"),
        (f"{OPERATIONS}_bucket", {**SEARCH, "le": "0.1"}, "0+120x90"),
        (f"{OPERATIONS}_bucket", {**SEARCH, "le": "+Inf"}, "0+120x90"),
    ],
    "compatible": [
        ("mcp_requests_total", {**CALL, "status": "200"}, "0+120x90"),
        ("mcp_requests_total", {"method": "ping", "status": "200"}, "0+120x90"),
        ("mcp_request_errors_total", {**CALL, "error_code": "-32602"}, "0+60x90"),
        ("mcp_tool_calls_total", {"tool_name": "search"}, "0+120x90"),
        ("mcp_request_duration_seconds_bucket", {"le": "0.1"}, "0+240x90"),
        ("mcp_request_duration_seconds_bucket", {"le": "+Inf"}, "0+240x90"),
    ],
}
AT = 80  # minutes
SHOWN: dict[str, list[float]] = {
    "Requests per second": [4],
    "HTTP errors": [0.25],
    "Slowest server, 95 %": [0.095],
    "Sessions": [3],
    "Open streams": [2],
    "Next certificate expiry": [90000 - AT * 60],
    "Requests by server": [4],
    "Requests by method": [2],
    "Responses by HTTP status": [3],
    "Failed requests by server": [0.25],
    "Latency by server": [0.05, 0.095, 0.099],
    "Bytes by server": [100, 100],
    "Calls by tool": [2],
    "Most called tools in the last hour": [7200],
    "Failed calls by tool": [0.5],
    "Latency by tool": [0.05, 0.095, 0.099],
    "Sessions by server": [3],
    "Duration of ended sessions": [5, 9.5],
    "Open streams by server": [2],
    "Requests in progress by server": [1],
    "Refused tokens by reason": [0.5],
    "Limited requests by limit": [1],
    "Time until certificates expire": [90000 - AT * 60],
    "Changed certificates that are invalid": [60],
}


def series(names: str) -> list[dict[str, str]]:
    target = {"namespace": "team", "app_kubernetes_io_instance": names, "pod": f"{names}-1"}
    found = []
    for metric, labels, values in [*COMMON, *NAMES[names]]:
        selector = ",".join(f'{name}="{value}"' for name, value in {**target, **labels}.items() if value)
        found.append({"series": f"{metric}{{{selector}}}", "values": values})
    return found


def panels() -> dict[str, list[str]]:
    found = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return {
        panel["title"]: [target["expr"] for target in panel["targets"]] for panel in found if panel["type"] != "row"
    }


def case(query: str, name: str, wanted: float) -> dict[str, Any]:
    query = query.replace("$namespace", ".*").replace("$name", name)
    sample = {"labels": "{}", "value": wanted}
    return {"expr": f"round(max({query}), 0.001)", "eval_time": f"{AT}m", "exp_samples": [sample]}


def test_every_panel_is_tested() -> None:
    assert {title: len(queries) for title, queries in panels().items()} == {title: len(SHOWN[title]) for title in SHOWN}


@pytest.mark.parametrize("name", [*NAMES, ".*"], ids=[*NAMES, "all"])
def test_both_names_show_the_same_calls(promtool: str, tmp_path: Path, name: str) -> None:
    """With all servers, the highest value is that of one server, except for sums."""
    cases = [
        case(query, name, wanted * (2 if name == ".*" and is_sum(query) else 1))
        for title, queries in panels().items()
        for query, wanted in zip(queries, SHOWN[title], strict=True)
    ]
    inputs = [one for names in NAMES for one in series(names)]
    test = {"interval": "1m", "input_series": inputs, "promql_expr_test": cases}
    file = tmp_path / "dashboard_test.yaml"
    file.write_text(yaml.safe_dump({"evaluation_interval": "1m", "tests": [test]}), encoding="utf-8")
    done = subprocess.run([promtool, "test", "rules", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def is_sum(query: str) -> bool:
    """Tell whether a query adds up servers."""
    grouped = query.startswith("sum by (") and "app_kubernetes_io_instance" not in query.partition(")")[0]
    return query.startswith("sum(") or grouped
