# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Colours, texts, columns and links of the dashboards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp_operator.status.fleet_metrics import PHASES, STATES

CHART = Path(__file__).resolve().parents[3] / "operator" / "chart"
RUNBOOKS = CHART.parents[1] / "docs" / "runbooks"
BOARDS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in CHART.glob("files/dashboards/*.json")}
PANELS = [
    pytest.param(panel, id=f"{name}-{panel['title']}")
    for name, board in BOARDS.items()
    for panel in board["panels"]
    if panel["type"] != "row"
]
WANTED = {"Validated": "green", "Failed": "red", "Pending": "#8E8E8E", "AuthRequired": "blue", "Running": "green"}
# The types that the renderer of the pictures knows as well.
TYPES = {"stat", "table", "piechart", "bargauge", "timeseries", "state-timeline"}


def state_colours(panel: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Return the colour of each state that a panel names, in overrides and in value mappings."""
    config = panel["fieldConfig"]
    for override in config["overrides"]:
        for entry in override["properties"]:
            if entry["id"] == "color":
                yield override["matcher"]["options"], entry["value"]["fixedColor"]
    for mapping in config["defaults"]["mappings"]:
        for option in mapping["options"].values():
            yield option["text"], option["color"]


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_explains_itself(panel: dict[str, Any]) -> None:
    assert panel["type"] in TYPES
    assert panel["description"].endswith(".")
    assert "palette-classic" not in json.dumps(panel)


def test_each_state_has_one_colour_everywhere() -> None:
    found: dict[str, set[str]] = {}
    for param in PANELS:
        for name, colour in state_colours(param.values[0]):  # type: ignore[arg-type]
            found.setdefault(name, set()).add(colour)
    assert {name: colours for name, colours in found.items() if len(colours) > 1} == {}
    assert set(STATES) | set(PHASES) <= set(found)
    assert {name: found[name] for name in WANTED} == {name: {colour} for name, colour in WANTED.items()}


@pytest.mark.parametrize("enum", [PHASES, STATES], ids=["phase", "state"])
def test_a_timeline_has_a_text_for_each_number_of_its_query(enum: tuple[str, ...]) -> None:
    [panel] = [
        panel
        for panel in BOARDS["mcp-server"]["panels"]
        if panel["type"] == "state-timeline" and enum[-1] in json.dumps(panel)
    ]
    [mapping] = panel["fieldConfig"]["defaults"]["mappings"]
    [target] = panel["targets"]
    assert {option["text"] for option in mapping["options"].values()} == set(enum)
    for number, option in mapping["options"].items():
        assert f'="{option["text"]}"}} * {number}' in target["expr"]


@pytest.mark.parametrize("panel", [param for param in PANELS if param.values[0]["type"] == "table"])  # type: ignore[index,call-overload]
def test_a_table_shows_only_its_columns_and_links_to_the_server(panel: dict[str, Any]) -> None:
    chosen, ordered = panel["transformations"]
    names = chosen["options"]["include"]["names"]
    assert list(ordered["options"]["indexByName"]) == names
    assert "Time" not in names
    for override in panel["fieldConfig"]["overrides"]:
        properties = {entry["id"]: entry["value"] for entry in override["properties"]}
        [link] = properties["links"]
        assert f"${{__data.fields.{override['matcher']['options']}}}" in link["url"]
        assert link["url"].startswith(f"/d/{BOARDS['mcp-server']['uid']}?")
    servers = {"name", "app_kubernetes_io_instance"} & set(names)
    assert {override["matcher"]["options"] for override in panel["fieldConfig"]["overrides"]} == servers


def test_links_to_runbooks_exist() -> None:
    links = [link["url"] for param in PANELS for link in param.values[0]["links"]]  # type: ignore[index,call-overload]
    assert len(links) >= 6
    assert {link.rpartition("/")[2] for link in links} <= {path.name for path in RUNBOOKS.glob("*.md")}


def test_each_dashboard_links_to_the_others() -> None:
    for board in BOARDS.values():
        [link] = board["links"]
        assert set(link["tags"]) <= set(board["tags"])
