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

import dashboard_colours as colours
import dashboard_tables as tables
import yaml

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "operator" / "dashboards"
TARGETS = ROOT / "operator" / "chart" / "files" / "dashboards"
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
# type of panel -> width and height, of 24 columns. A panel may have others.
SIZES = {
    "stat": (4, 4),
    "table": (6, 7),
    "piechart": (6, 7),
    "bargauge": (12, 7),
    "timeseries": (12, 7),
    "state-timeline": (12, 7),
}
REDUCED = {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}
LEGEND = {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []}
LINES = {"legend": LEGEND, "tooltip": {"mode": "multi", "sort": "desc"}}
OPTIONS: dict[str, dict[str, Any]] = {
    "stat": REDUCED | {"colorMode": "value", "graphMode": "none", "justifyMode": "center"},
    "piechart": REDUCED | {"legend": LEGEND | {"values": ["value"]}},
    "bargauge": REDUCED | {"orientation": "horizontal", "displayMode": "basic", "showUnfilled": True},
    "timeseries": LINES,
    "state-timeline": LINES | {"mergeValues": True, "showValue": "auto"},
    "table": {"showHeader": True},
}
FRAGMENT = re.compile(r"<<(\w+)>>")
SELECTOR = 'namespace=~"$namespace", name=~"$name"'
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
        "links": tables.others(),
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
            width, tall = panel.get("width", width), panel.get("height", tall)
            if left + width > 24:
                top, left, height = top + height, 0, 0
            queries = {legend: _expand(query, fragments) for legend, query in _queries(panel).items()}
            place = {"x": left, "y": top, "w": width, "h": tall}
            found.append(_panel({**panel, "queries": queries}, len(found) + 1, place))
            left, height = left + width, max(height, tall)
        top += height
    return found


def _queries(panel: dict[str, Any]) -> dict[str, str]:
    if "timeline" not in panel:
        queries: dict[str, str] = panel["queries"]
        return queries
    return {"{{namespace}}/{{name}}": colours.timeline(**panel["timeline"], selector=SELECTOR)}


def _panel(panel: dict[str, Any], number: int, place: dict[str, int]) -> dict[str, Any]:
    kind = panel["type"]
    return {
        "id": number,
        "type": kind,
        "title": panel["title"],
        "description": panel["description"],
        "links": tables.runbook(panel["runbook"]) if "runbook" in panel else [],
        "datasource": DATASOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": _defaults(panel), "overrides": _overrides(panel)},
        "options": OPTIONS[kind] | ({"textMode": "name"} if panel.get("text") == "name" else {}),
        "transformations": _transformations(panel),
        "targets": [
            {
                "refId": chr(ord("A") + index),
                "datasource": DATASOURCE,
                "expr": query,
                "legendFormat": legend,
                "instant": kind in INSTANT,
                "range": kind not in INSTANT,
                "format": "table" if kind == "table" else "time_series",
            }
            for index, (legend, query) in enumerate(panel["queries"].items())
        ],
    }


def _defaults(panel: dict[str, Any]) -> dict[str, Any]:
    kind, alarming = panel["type"], panel.get("alarming")
    named = colours.codes(panel["timeline"]["label"]) if "timeline" in panel else panel.get("mappings", {})
    steps = [
        {"color": colours.GOOD if alarming else panel.get("color", colours.AUTH), "value": None},
        *([{"color": colours.BAD, "value": 1}] if alarming else []),
    ]
    found: dict[str, Any] = {
        "unit": panel.get("unit", "short"),
        "mappings": colours.mappings(named),
        "thresholds": {"mode": "absolute", "steps": steps},
        "color": {"mode": "thresholds"},
    }
    if "decimals" in panel:
        found["decimals"] = panel["decimals"]
    if kind == "timeseries":
        several = len(panel["queries"]) > 1 or any("{{" in legend for legend in panel["queries"])
        stacking = {"mode": "normal" if panel.get("stacked") else "none"}
        found["color"] = {"mode": "shades" if several else "fixed", "fixedColor": colours.AUTH}
        found |= {"min": 0, "custom": {"stacking": stacking, "fillOpacity": 60 if panel.get("stacked") else 20}}
    elif kind == "piechart":
        found["color"] = {"mode": "shades", "fixedColor": colours.AUTH}
    elif kind == "bargauge":
        found["min"] = 0
    return found


def _overrides(panel: dict[str, Any]) -> list[dict[str, Any]]:
    legends = list(panel["queries"])
    if panel["type"] == "table":
        return tables.overrides(legends[0])
    return [] if "timeline" in panel else colours.overrides(legends)


def _transformations(panel: dict[str, Any]) -> list[dict[str, Any]]:
    if panel["type"] != "table":
        return []
    [legend] = panel["queries"]
    return tables.transformations(legend, panel.get("value"))


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
