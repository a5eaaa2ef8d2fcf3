# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Colours, texts and units of a panel, as its JSON says."""

from __future__ import annotations

import re
from typing import Any

from matplotlib.patches import Rectangle

# Colour names in the dashboards, as Grafana documents them; the values are close to those of its light theme.
NAMED = {
    "green": "#56A64B",
    "red": "#E02F44",
    "dark-red": "#AD0317",
    "orange": "#FF780A",
    "yellow": "#F2CC0C",
    "light-yellow": "#FFEE52",
    "purple": "#A352CC",
    "blue": "#3274D9",
    "dark-blue": "#1F60C4",
    "super-light-blue": "#8AB8FF",
    "text": "#333333",
}
SHADES = ("#3274D9", "#8AB8FF", "#14407F", "#5794F2", "#C0D8FF")
DARK, GRID = "#333333", "#E6E8EA"
SERVER = "MCPServer"
_SECONDS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_UNITS = {"ops": " ops/s", "reqps": " req/s", "Bps": " B/s"}


def hexadecimal(colour: str) -> str:
    """Return a colour as matplotlib takes it."""
    return NAMED.get(colour, colour)


def with_unit(value: float, unit: str) -> str:
    """Return a value with its unit."""
    if unit == "percentunit":
        return f"{value * 100:.3g}%"
    if unit == "s":
        size, name = next(((size, name) for size, name in _SECONDS if abs(value) >= size), (0.001, "ms"))
        return f"{value / size:.3g} {name}" if value else "0"
    return f"{value:.4g}{_UNITS.get(unit, unit.removeprefix('suffix:') if unit.startswith('suffix:') else '')}"


def shown(defaults: dict[str, Any], value: float) -> tuple[str, str]:
    """Return the text and the colour of a value: those of its mapping, or its unit and threshold."""
    for mapping in defaults["mappings"]:
        option = mapping["options"].get(f"{value:g}")
        if option:
            return option["text"], hexadecimal(option["color"])
    steps = defaults["thresholds"]["steps"]
    reached = [step for step in steps if step["value"] is None or value >= step["value"]]
    return with_unit(value, defaults["unit"]), hexadecimal(reached[-1]["color"])


def colours(panel: dict[str, Any], legends: list[str]) -> list[str]:
    """Return the colour of each series: that of an override, the next shade, or that of the lowest threshold."""
    mode = panel["defaults"]["color"]["mode"]
    lowest = hexadecimal(panel["defaults"]["thresholds"]["steps"][0]["color"])
    shades = SHADES if mode == "shades" else (lowest,)
    found = []
    for index, legend in enumerate(legends):
        fixed = [
            entry["properties"][0]["value"]["fixedColor"]
            for entry in panel["overrides"]
            if _matches(entry["matcher"], legend)
        ]
        found.append(hexadecimal(fixed[-1]) if fixed else shades[index % len(shades)])
    return found


def _matches(matcher: dict[str, str], legend: str) -> bool:
    if matcher["id"] == "byName":
        return matcher["options"] == legend
    return re.search(matcher["options"].strip("/"), legend) is not None


def columns(panel: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return the columns of a table, and their headings."""
    chosen, ordered = panel["transformations"]
    names = chosen["options"]["include"]["names"]
    renamed = {
        override["matcher"]["options"]: entry["value"]
        for override in panel["overrides"]
        for entry in override["properties"]
        if entry["id"] == "displayName"
    }
    renamed |= ordered["options"].get("renameByName", {})
    return names, [renamed.get(name, name) for name in names]


def cell(panel: dict[str, Any], series: dict[str, Any], name: str) -> str:
    """Return the text of a cell: the label of a series, or its value."""
    if name == "Value":
        return with_unit(series["points"][-1][1], panel["defaults"]["unit"])
    return str(series["labels"].get(name, ""))


def rectangle(corner: tuple[float, float], width: float, height: float, colour: Any) -> Rectangle:
    """Return the mark of a legend, in coordinates of the picture."""
    return Rectangle(corner, width, height, facecolor=colour, edgecolor="#9E9E9E", linewidth=0.3)
