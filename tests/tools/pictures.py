# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Draw the dashboards from the output of ``panels.py``: ``pictures.py ANSWERS.json FOLDER``.

Drawn from the JSON, not by Grafana: its layout, queries, numbers, units, colors and value mappings.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from looks import DARK, GRID
from panel_pictures import DRAW

mpl.use("Agg")

from matplotlib import pyplot as plt
from matplotlib.patches import FancyBboxPatch

# In pixels: the grid of Grafana has 24 columns, and 38 pixels from row to row.
COLUMN, ROW, GAP, HEAD = 50, 38, 4, 52
DPI = 100
TITLE_FROM_TOP, TITLE_FROM_LEFT = 20, 12
LETTER = 7.8  # pixels of a letter in a title
BACKGROUND = "#F4F5F5"


def draw(board: dict[str, Any], target: Path) -> None:
    """Draw one dashboard into a file."""
    plt.rcParams["axes.edgecolor"] = GRID
    width = 24 * COLUMN
    height = HEAD + ROW * max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in board["panels"]) + 2 * GAP
    figure = plt.figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=BACKGROUND)
    figure.text(0.01, 1 - 32 / height, board["title"], fontsize=16, fontweight="bold", color=DARK)
    for panel in board["panels"]:
        place = panel["gridPos"]
        left, top = place["x"] * COLUMN + GAP, HEAD + place["y"] * ROW + GAP
        box = (left, height - top - place["h"] * ROW + GAP, place["w"] * COLUMN - 2 * GAP, place["h"] * ROW - GAP)
        title = ((left + TITLE_FROM_LEFT) / width, 1 - (top + TITLE_FROM_TOP) / height)
        if panel["type"] == "row":
            figure.text(*title, f"▾ {panel['title']}", fontsize=12, fontweight="bold", color=DARK)
            continue
        figure.add_artist(_card(box, width, height))
        # Grafana cuts off a title that is too long.
        most = int((box[2] - 2 * TITLE_FROM_LEFT) / LETTER)
        text = panel["title"] if len(panel["title"]) <= most else f"{panel['title'][: most - 1]}…"
        figure.text(*title, text, fontsize=10, fontweight="bold", color=DARK)
        DRAW[panel["type"]](figure, box, panel)
    figure.savefig(target)
    plt.close(figure)


def _card(box: tuple[float, float, float, float], width: float, height: float) -> FancyBboxPatch:
    left, bottom, wide, tall = box
    return FancyBboxPatch(
        (left / width, bottom / height),
        wide / width,
        tall / height,
        boxstyle="square,pad=0",
        facecolor="white",
        edgecolor="#DADCE0",
        linewidth=0.8,
        zorder=-1,
    )


def main() -> None:
    """Draw all dashboards."""
    answers, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, board in json.loads(answers.read_text(encoding="utf-8")).items():
        draw(board, folder / f"{name}.png")


if __name__ == "__main__":
    main()
