# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Draw the types of panels that the dashboards have, each into its box of a picture."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import looks
from looks import DARK, GRID
from matplotlib import dates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

# Left, bottom, width and height in pixels.
Box = tuple[float, float, float, float]
HEAD, EDGE, LINE, LETTER = 34, 12, 19, 7.2
# Units whose values are short.
NARROW = ("short", "s", "percentunit")


def _axes(figure: Figure, box: Box, *, left: float = EDGE, right: float = EDGE, bottom: float = EDGE) -> Axes:
    """Return the axes below the title of a panel; the margins are in pixels."""
    x, y, wide, tall = box
    width, height = figure.get_size_inches() * figure.dpi
    place = ((x + left) / width, (y + bottom) / height, (wide - left - right) / width, (tall - HEAD - bottom) / height)
    axes = figure.add_axes(place)
    axes.tick_params(labelsize=9, length=0, colors=DARK)
    return axes


def _legend(figure: Figure, box: Box, entries: list[tuple[str, str]]) -> float:
    """Draw a legend at the bottom of a panel and return its height in pixels."""
    x, y, wide, _tall = box
    width, height = figure.get_size_inches() * figure.dpi
    columns = max(1, int((wide - 2 * EDGE) // (LETTER * max(len(text) for text, _ in entries) + 30)))
    rows = -(-len(entries) // columns)
    for index, (text, tint) in enumerate(entries):
        row, column = divmod(index, columns)
        left = x + EDGE + column * (wide - 2 * EDGE) / columns
        base = y + EDGE + (rows - 1 - row) * LINE
        figure.add_artist(looks.rectangle((left / width, (base + 1) / height), 14 / width, 8 / height, tint))
        figure.text((left + 20) / width, base / height, text, fontsize=9, color=DARK)
    return rows * LINE


def _empty(axes: Axes) -> None:
    axes.axis("off")
    axes.text(0.5, 0.5, "No data", ha="center", va="center", fontsize=11, color="#8E8E8E", transform=axes.transAxes)


def _stat(figure: Figure, box: Box, panel: dict[str, Any]) -> None:
    axes = _axes(figure, box)
    shown = [found for found in panel["series"] if found["points"]]
    if not shown:
        _empty(axes)
        return
    axes.axis("off")
    text, tint = looks.shown(panel["defaults"], shown[0]["points"][-1][1])
    if panel["options"].get("textMode") == "name":
        text = shown[0]["legend"]
    size = 24 if len(text) < 12 else 16
    axes.text(0.5, 0.5, text, ha="center", va="center", fontsize=size, color=tint, fontweight="bold")


def _timeseries(figure: Figure, box: Box, panel: dict[str, Any]) -> None:
    shown = [found for found in panel["series"] if any(value for _moment, value in found["points"])]
    shown = shown or panel["series"]
    if not any(found["points"] for found in shown):
        _empty(_axes(figure, box))
        return
    legends = [found["legend"] for found in shown]
    tints = looks.colours(panel, legends)
    low = _legend(figure, box, list(zip(legends, tints, strict=True)))
    unit = panel["defaults"]["unit"]
    axes = _axes(figure, box, left=72 if unit in NARROW else 100, bottom=low + 38)
    if panel["defaults"]["custom"]["stacking"]["mode"] == "normal":
        moments = sorted({moment for found in shown for moment, _value in found["points"]})
        rows = [[dict(map(tuple, found["points"])).get(moment, 0.0) for moment in moments] for found in shown]
        axes.stackplot([_time(moment) for moment in moments], rows, alpha=0.8, colors=tints)
    else:
        for found, tint in zip(shown, tints, strict=True):
            times = [_time(moment) for moment, _value in found["points"]]
            axes.plot(times, [value for _moment, value in found["points"]], linewidth=1.8, color=tint)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=panel["defaults"].get("decimals") == 0))
    axes.yaxis.set_major_formatter(lambda value, _position: looks.with_unit(value, unit))
    axes.set_ylim(bottom=0, top=max(axes.get_ylim()[1], 1 if unit == "short" else 0))
    _clock(axes)
    axes.grid(visible=True, color=GRID)
    axes.set_axisbelow(True)


def _timeline(figure: Figure, box: Box, panel: dict[str, Any]) -> None:
    """Draw a row for each series, in the colours of the mapped values, with their texts in the legend."""
    if not panel["series"]:
        _empty(_axes(figure, box))
        return
    legends = [found["legend"] for found in panel["series"]]
    entries: dict[str, str] = {}
    bars = []
    for row, series in enumerate(panel["series"]):
        points = [(dates.date2num(_time(moment)), value) for moment, value in series["points"]]
        for (start, value), (end, _next) in itertools.pairwise(points):
            text, tint = looks.shown(panel["defaults"], value)
            entries[text] = tint
            bars.append((row, start, end - start, tint))
    low = _legend(figure, box, list(entries.items())) if entries else 0
    axes = _axes(figure, box, left=EDGE + 12 + LETTER * max(map(len, legends)), bottom=low + 38)
    for row, start, long, tint in bars:
        axes.barh(row, long, left=start, color=tint, height=0.86)
    axes.set_yticks(range(len(legends)), legends)
    axes.invert_yaxis()
    _clock(axes)


def _pie(figure: Figure, box: Box, panel: dict[str, Any]) -> None:
    shown = [found for found in panel["series"] if found["points"] and found["points"][-1][1]]
    if not shown:
        _empty(_axes(figure, box))
        return
    values = [found["points"][-1][1] for found in shown]
    tints = looks.colours(panel, [found["legend"] for found in shown])
    texts = [f"{found['legend']}  {value:.0f}" for found, value in zip(shown, values, strict=True)]
    low = _legend(figure, box, list(zip(texts, tints, strict=True)))
    axes = _axes(figure, box, bottom=low + EDGE)
    axes.pie(values, colors=tints, startangle=90, counterclock=False, wedgeprops={"edgecolor": "white"})


def _bars(figure: Figure, box: Box, panel: dict[str, Any]) -> None:
    shown = sorted((f["points"][-1][1], f["legend"]) for f in panel["series"] if f["points"])
    if not shown:
        _empty(_axes(figure, box))
        return
    legends = [legend for _value, legend in shown]
    values = [value for value, _legend in shown]
    mapped = [looks.shown(panel["defaults"], value) for value in values]
    texts = [text for text, _tint in mapped]
    by_value = bool(panel["defaults"]["mappings"])
    tints = [tint for _text, tint in mapped] if by_value else looks.colours(panel, legends)
    left, right = (EDGE + 12 + LETTER * max(map(len, column)) for column in (legends, texts))
    axes = _axes(figure, box, left=left, right=right)
    axes.barh(legends, [max(values) or 1] * len(values), color="#F0F1F2", height=0.7)
    axes.barh(legends, values, color=tints, height=0.7)
    axes.set_xticks([])
    axes.set_xlim(0, max(values) or 1)
    axes.set_frame_on(False)
    for row, text in enumerate(texts):
        axes.annotate(text, (1, row), xycoords=("axes fraction", "data"), xytext=(6, 0), **_BESIDE)


def _table(figure: Figure, box: Box, panel: dict[str, Any]) -> None:
    axes = _axes(figure, box)
    rows = [found for found in panel["series"] if found["points"]]
    if not rows:
        _empty(axes)
        return
    axes.axis("off")
    names, heads = looks.columns(panel)
    cells = [[looks.cell(panel, found, name) for name in names] for found in rows]
    widths = [max(len(text) for text in column) + 5 for column in zip(heads, *cells, strict=True)]
    lines = (box[3] - HEAD - EDGE) / (LINE + 4)
    for row, line in enumerate([heads, *cells]):
        left = 0.0
        for column, text in enumerate(line):
            tint = looks.hexadecimal("blue") if row and heads[column] == looks.SERVER else DARK
            place = (left / max(sum(widths), box[2] / LETTER / 1.1), 1 - (row + 0.5) / lines)
            axes.text(*place, text, fontsize=9.5, color=tint, fontweight="normal" if row else "bold", va="center")
            left += widths[column]
        axes.axhline(1 - (row + 1) / lines, color=GRID, linewidth=0.8)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)


def _time(moment: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(moment, dt.UTC)


def _clock(axes: Axes) -> None:
    axes.xaxis.set_major_locator(dates.AutoDateLocator(minticks=3, maxticks=8))
    axes.xaxis.set_major_formatter(dates.DateFormatter("%H:%M"))
    axes.margins(x=0)


_BESIDE: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": 10, "color": DARK}
DRAW = {
    "stat": _stat,
    "timeseries": _timeseries,
    "state-timeline": _timeline,
    "piechart": _pie,
    "bargauge": _bars,
    "table": _table,
}
