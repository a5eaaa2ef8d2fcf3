# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Send all queries of the dashboards to a Prometheus, as Grafana would, and print the answers as JSON.

``panels.py http://127.0.0.1:9090 --name go-sdk --minutes 10``. Standard library only: any Python can do it, where
Prometheus is reached.
"""

from __future__ import annotations

import argparse
import json
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

DASHBOARDS = Path(__file__).resolve().parents[2] / "operator" / "chart" / "files" / "dashboards"
POINTS = 120
TIMEOUT = 20


def ask(url: str, path: str, **query: str) -> list[dict[str, Any]]:
    """Return what Prometheus answers."""
    address = f"{url}/api/v1/{path}?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(address, timeout=TIMEOUT) as answer:
        found = json.load(answer)
    result: list[dict[str, Any]] = found["data"]["result"]
    return result


def series(url: str, target: dict[str, Any], variables: dict[str, str], minutes: float) -> list[dict[str, Any]]:
    """Return the series of one query, each with its legend and its points."""
    query = target["expr"]
    for name, value in variables.items():
        query = query.replace(f"${name}", value)
    if target["instant"]:
        found = ask(url, "query", query=query)
        points = [[item["value"]] for item in found]
    else:
        now = time.time()
        step = max(1.0, minutes * 60 / POINTS)
        bounds = {"start": str(now - minutes * 60), "end": str(now), "step": str(step)}
        found = ask(url, "query_range", query=query, **bounds)
        points = [item["values"] for item in found]
    return [
        {
            "legend": legend(target["legendFormat"], item["metric"]),
            "labels": item["metric"],
            "points": [[float(moment), float(value)] for moment, value in values if value != "NaN"],
        }
        for item, values in zip(found, points, strict=True)
    ]


def legend(template: str, labels: dict[str, str]) -> str:
    """Return a series' name, as Grafana makes it of its labels."""
    for name, value in labels.items():
        template = template.replace(f"{{{{{name}}}}}", value)
    return template


def main() -> None:
    """Ask."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--name", required=True, help="the MCPServer that the dashboard of one server is about")
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    answers = {}
    for file in sorted(DASHBOARDS.glob("*.json")):
        dashboard = json.loads(file.read_text(encoding="utf-8"))
        variables = {"namespace": ".*", "name": options.name}
        answers[file.stem] = {
            "title": dashboard["title"],
            "panels": [
                {
                    **{key: panel[key] for key in ("title", "type", "gridPos")},
                    **panel.get("fieldConfig", {}),
                    **{key: panel.get(key) for key in ("options", "transformations")},
                    "series": [
                        found
                        for target in panel.get("targets", [])
                        for found in series(options.url, target, variables, options.minutes)
                    ],
                }
                for panel in dashboard["panels"]
            ],
        }
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
