# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Draw the dashboards from what ``panels.py`` printed: ``pictures.py ANSWERS.json FOLDER``.

Drawn from the JSON, not by Grafana: its layout, queries, numbers, units, colours and value mappings.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import sys
from pathlib import Path
from typing import Any

import looks
import matplotlib as mpl

mpl.use("Agg")

from matplotlib import dates
from matplotlib import pyplot as plt

COLUMNS = 24
INCHES = 0.55  # a column; a row of the grid is as high as a column is wide
DARK = "#333333"


def draw(board: dict[str, Any], target: Path) -> None:
    """Draw one dashboard into a file."""
    height = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in board["panels"]) + 1
    figure = plt.figure(figsize=(COLUMNS * INCHES, height * INCHES), dpi=110, facecolor="#f4f5f5")
    figure.text(0.01, 1 - 0.6 / height, board["title"], fontsize=14, fontweight="bold", color=DARK)
    for panel in board["panels"]:
        place = panel["gridPos"]
        top = 1 - (place["y"] + 1) / height
        if panel["type"] == "row":
            figure.text(0.01, top - 0.7 / height, panel["title"], fontsize=11, fontweight="bold", color=DARK)
            continue
        left, width = (place["x"] + 1.2) / COLUMNS, (place["w"] - 1.6) / COLUMNS
        tall = (place["h"] - 2.4) / height
        axes = figure.add_axes((left, top - tall - 1.0 / height, width, tall))
        axes.set_title(panel["title"], fontsize=10, color=DARK)
        axes.tick_params(labelsize=8)
        DRAW[panel["type"]](axes, panel)
    figure.savefig(target)
    plt.close(figure)


def _stat(axes: Any, panel: dict[str, Any]) -> None:
    axes.axis("off")
    values = [found["points"][-1][1] for found in panel["series"] if found["points"]]
    text, colour = looks.shown(panel["defaults"], values[0]) if values else ("No data", looks.hexadecimal("text"))
    axes.text(0.5, 0.4, text, ha="center", va="center", fontsize=22, color=colour)


def _timeseries(axes: Any, panel: dict[str, Any]) -> None:
    shown = [found for found in panel["series"] if any(value for _moment, value in found["points"])]
    tints = looks.colours(panel, [found["legend"] for found in shown])
    if panel["defaults"]["custom"]["stacking"]["mode"] == "normal" and shown:
        moments = sorted({moment for found in shown for moment, _value in found["points"]})
        times = [dt.datetime.fromtimestamp(moment, dt.UTC) for moment in moments]
        rows = [[dict(map(tuple, found["points"])).get(moment, 0.0) for moment in moments] for found in shown]
        axes.stackplot(times, rows, labels=[found["legend"] for found in shown], alpha=0.7, colors=tints)
    else:
        for found, tint in zip(shown, tints, strict=True):
            times = [dt.datetime.fromtimestamp(moment, dt.UTC) for moment, _value in found["points"]]
            values = [value for _moment, value in found["points"]]
            axes.plot(times, values, label=found["legend"], linewidth=1.5, color=tint)
    unit = panel["defaults"]["unit"]
    axes.yaxis.set_major_formatter(lambda value, _position: looks.with_unit(value, unit))
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_formatter(dates.DateFormatter("%H:%M"))
    axes.grid(visible=True, alpha=0.3)
    if shown:
        axes.legend(fontsize=7, loc="upper left", framealpha=0.6)


def _timeline(axes: Any, panel: dict[str, Any]) -> None:
    """Draw a bar for each server, in the colours of the mapped values, with the texts in a legend."""
    found = {}
    for row, series in enumerate(panel["series"]):
        points = [
            (dates.date2num(dt.datetime.fromtimestamp(moment, dt.UTC)), value) for moment, value in series["points"]
        ]
        for (start, value), (end, _next) in itertools.pairwise(points):
            text, colour = looks.shown(panel["defaults"], value)
            found[text] = axes.barh(row, end - start, left=start, color=colour, height=0.8)
        axes.text(
            0.99, row, series["legend"], transform=axes.get_yaxis_transform(), ha="right", va="center", fontsize=8
        )
    axes.set_yticks([])
    axes.xaxis.set_major_formatter(dates.DateFormatter("%H:%M"))
    if found:
        axes.legend(found.values(), found.keys(), fontsize=7, loc="upper left", framealpha=0.6)


def _pie(axes: Any, panel: dict[str, Any]) -> None:
    shown = [found for found in panel["series"] if found["points"] and found["points"][-1][1]]
    values = [found["points"][-1][1] for found in shown]
    labels = [f"{found['legend']} ({value:.0f})" for found, value in zip(shown, values, strict=True)]
    axes.pie(values, labels=labels, textprops={"fontsize": 8}, colors=looks.colours(panel, labels) or None)


def _bars(axes: Any, panel: dict[str, Any]) -> None:
    shown = sorted(((f["legend"], f["points"][-1][1]) for f in panel["series"] if f["points"]), reverse=True)
    legends = [legend for legend, _value in shown]
    axes.barh(legends, [value for _legend, value in shown], color=looks.colours(panel, legends))
    axes.set_yticks([])
    for row, (legend, value) in enumerate(shown):
        axes.text(0, row, f" {legend}: {value:g}", va="center", fontsize=8)


def _table(axes: Any, panel: dict[str, Any]) -> None:
    axes.axis("off")
    rows = sorted(found["legend"] for found in panel["series"])
    axes.text(0, 1, "\n".join(rows) or "No data", va="top", fontsize=8, color=DARK)


DRAW = {
    "stat": _stat,
    "timeseries": _timeseries,
    "state-timeline": _timeline,
    "piechart": _pie,
    "bargauge": _bars,
    "table": _table,
}


def main() -> None:
    """Draw all of them."""
    answers, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, board in json.loads(answers.read_text(encoding="utf-8")).items():
        draw(board, folder / f"{name}.png")


if __name__ == "__main__":
    main()
