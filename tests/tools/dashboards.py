# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Make Grafana's dashboards of ``operator/dashboards/*.yaml``, where they are short enough to read.

``dashboards.py --check`` only tells whether the files in the chart are what these make.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "operator" / "dashboards"
TARGETS = ROOT / "operator" / "chart" / "files" / "dashboards"
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
# type of panel -> width and height, of 24 columns.
SIZES = {"stat": (4, 4), "table": (6, 7), "piechart": (6, 7), "bargauge": (12, 7), "timeseries": (12, 7)}
FRAGMENT = re.compile(r"<<(\w+)>>")
INSTANT = ("stat", "table", "piechart", "bargauge")


def dashboard(source: dict[str, Any]) -> dict[str, Any]:
    """Return a dashboard as Grafana imports it."""
    return {
        "uid": source["uid"],
        "title": source["title"],
        "description": source["description"],
        "tags": ["mcp"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "",
        "annotations": {"list": []},
        "templating": {"list": [_datasource(), *[_variable(*item) for item in source["variables"].items()]]},
        "panels": _panels(source["rows"], _expanded(source.get("fragments", {}))),
    }


def _expanded(fragments: dict[str, str]) -> dict[str, str]:
    """Expand the fragments that later ones contain."""
    found: dict[str, str] = {}
    for name, text in fragments.items():
        found[name] = _expand(text, found)
    return found


def _expand(text: str, fragments: dict[str, str]) -> str:
    """Replace each ``<<name>>``; a name that is not defined is a KeyError."""
    return FRAGMENT.sub(lambda match: fragments[match[1]], text)


def _datasource() -> dict[str, Any]:
    return {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "hide": 0}


def _variable(name: str, query: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "query",
        "datasource": DATASOURCE,
        "query": {"query": query, "refId": name},
        "refresh": 2,
        "sort": 1,
        "includeAll": True,
        "multi": True,
        "allValue": ".*",
        "current": {"text": "All", "value": "$__all"},
    }


def _panels(rows: list[dict[str, Any]], fragments: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    top = 0
    for row in rows:
        found.append(
            {
                "id": len(found) + 1,
                "type": "row",
                "title": row["title"],
                "collapsed": False,
                "gridPos": {"x": 0, "y": top, "w": 24, "h": 1},
                "panels": [],
            }
        )
        top += 1
        left, height = 0, 0
        for panel in row["panels"]:
            width, tall = SIZES[panel["type"]]
            if left + width > 24:
                top, left, height = top + height, 0, 0
            queries = {legend: _expand(query, fragments) for legend, query in panel["queries"].items()}
            place = {"x": left, "y": top, "w": width, "h": tall}
            found.append(_panel({**panel, "queries": queries}, len(found) + 1, place))
            left, height = left + width, max(height, tall)
        top += height
    return found


def _panel(panel: dict[str, Any], number: int, place: dict[str, int]) -> dict[str, Any]:
    instant = panel["type"] in INSTANT
    colour = {"mode": "palette-classic"}
    steps = [{"color": "green", "value": None}, *([{"color": "red", "value": 1}] if panel.get("alarming") else [])]
    defaults: dict[str, Any] = {"unit": panel.get("unit", "short"), "thresholds": {"mode": "absolute", "steps": steps}}
    if panel["type"] == "timeseries":
        stacking = {"mode": "normal" if panel.get("stacked") else "none"}
        defaults |= {"color": colour, "min": 0, "custom": {"stacking": stacking, "fillOpacity": 20}}
    elif panel["type"] != "stat":
        defaults |= {"color": colour, "min": 0}
    return {
        "id": number,
        "type": panel["type"],
        "title": panel["title"],
        **({"description": panel["description"]} if "description" in panel else {}),
        "datasource": DATASOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": {"reduceOptions": {"calcs": ["lastNotNull"]}} if instant and panel["type"] != "table" else {},
        "targets": [
            {
                "refId": chr(ord("A") + index),
                "datasource": DATASOURCE,
                "expr": query,
                "legendFormat": legend,
                "instant": instant,
                "range": not instant,
                "format": "table" if panel["type"] == "table" else "time_series",
            }
            for index, (legend, query) in enumerate(panel["queries"].items())
        ],
    }


def main() -> None:
    """Write the files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a file is another")
    check = parser.parse_args().check
    for source in sorted(SOURCES.glob("*.yaml")):
        target = TARGETS / f"mcp-{source.stem}.json"
        made = json.dumps(dashboard(yaml.safe_load(source.read_text(encoding="utf-8"))), indent=2) + "\n"
        if not check:
            target.write_text(made, encoding="utf-8")
        elif target.read_text(encoding="utf-8") != made:
            sys.exit(f"{target.relative_to(ROOT)} is not what {source.name} makes: run `make dashboards`.")


if __name__ == "__main__":
    main()
