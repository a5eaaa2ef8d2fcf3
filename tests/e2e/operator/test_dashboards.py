# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Every query of every dashboard about the operator's metrics, asked of a real Prometheus that scrapes the operator."""

from __future__ import annotations

import pytest

from support import cluster, metrics
from support.operator import NAMESPACE
from support.prometheus import Boards, empty, panels, prometheus

from .conftest import BROKEN, GO

SCRAPED = "Active operators"
# Of the metrics of sidecars; tests/integration/chart/test_traffic_dashboard.py tests it.
TRAFFIC = "mcp-traffic"


def is_scraped() -> bool:
    boards = panels("none")
    if not boards:
        return False
    # A panel of another name would never be without data.
    assert SCRAPED in {panel["title"] for panel in boards["mcp-operator"]["panels"]}
    return f"mcp-operator: {SCRAPED}" not in empty(boards)


@pytest.mark.test_all
def test_every_panel_shows_what_there_is(make, operator, client) -> None:
    (pod,) = operator.pods()
    address = client.get("v1", "Pod", NAMESPACE, pod)["status"]["podIP"]
    with metrics.reader(client) as token, prometheus(f"{address}:{metrics.PORT}", token):
        # Only what counts from now on is seen to count.
        cluster.until("Prometheus scrapes", is_scraped, 60)
        good = make(image=GO)
        good.becomes("Running", "Validated")
        bad = make(image=BROKEN, args=["html"])
        bad.becomes("Running", "Failed")
        make(image="localhost/mcp-servers/none:1")
        seen: dict[str, Boards] = {}

        def missing() -> set[str]:
            """Return the panels that show nothing of either: one that is well has no issues, the other no transport."""
            for name in (good.name, bad.name):
                seen[name] = {board: found for board, found in (panels(name) or {}).items() if board != TRAFFIC}
            return set.intersection(*(set(empty(boards)) for boards in seen.values()))

        try:
            cluster.until("every panel shows something", lambda: not missing(), 90)
        finally:
            print("without data:", sorted(missing()))
    values = {panel["title"]: panel["series"] for panel in seen[good.name]["mcp-fleet"]["panels"]}
    assert values["MCPServers"][0]["points"][-1][1] >= 2
    assert values["Validated"][0]["points"][-1][1] >= 1
    of_bad = {panel["title"]: panel["series"] for panel in seen[bad.name]["mcp-server"]["panels"]}
    assert any("NOT_MCP" in series["legend"] for series in of_bad["Issues by code"])
