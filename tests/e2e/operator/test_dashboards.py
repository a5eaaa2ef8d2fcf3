# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Every query of every dashboard, asked of a real Prometheus that scrapes the operator."""

from __future__ import annotations

import json

from support import cluster
from support.operator import NAMESPACE
from support.prometheus import empty, panels, prometheus

from .conftest import BROKEN, GO


def test_every_panel_shows_what_there_is(make, operator, client, tmp_path) -> None:
    (pod,) = operator.pods()
    address = client.get("v1", "Pod", NAMESPACE, pod)["status"]["podIP"]
    with prometheus(f"{address}:8080"):
        # From now on, so that counters are seen to count.
        cluster.until("Prometheus answers", lambda: panels("none"), 60)
        good, bad = make(image=GO), make(image=BROKEN, args=["html"])
        good.becomes("Running", "Validated")
        bad.becomes("Running", "Failed")
        seen = {}

        def complete() -> bool:
            for name in (good.name, bad.name):
                seen[name] = panels(name) or {}
            # What is wrong with a server that is well is nothing, and one that is not speaks nothing.
            shown = {panel for boards in seen.values() for panel in set(empty(boards))}
            missing = {panel for panel in shown if all(panel in empty(boards) for boards in seen.values())}
            seen["missing"] = missing
            return not missing

        try:
            cluster.until("every panel shows something", complete, 90)
        finally:
            (tmp_path / "panels.json").write_text(json.dumps(seen.get(good.name)), encoding="utf-8")
            print("without data:", sorted(seen.get("missing") or []))
    values = {panel["title"]: panel["series"] for panel in seen[good.name]["mcp-fleet"]["panels"]}
    assert values["MCPServers"][0]["points"][-1][1] >= 2
    assert values["Validated"][0]["points"][-1][1] >= 1
    of_bad = {panel["title"]: panel["series"] for panel in seen[bad.name]["mcp-server"]["panels"]}
    assert any("NOT_MCP" in series["legend"] for series in of_bad["What is wrong, by code"])
