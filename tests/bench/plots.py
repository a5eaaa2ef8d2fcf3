# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Pictures of what was measured: fleet size against time, CPU and memory."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from figures import Fleet
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from options import NOW


class Peer(NamedTuple):
    """What another operator needed for 500 MCP servers, least and most of several runs."""

    label: str
    least: float
    most: float


class Picture(NamedTuple):
    """A plot: what it shows, the axis with its unit, and the rows of the report by their labels."""

    file: str
    title: str
    axis: str
    lines: dict[str, str]
    peers: tuple[Peer, ...] = ()


# Measured on this testbed on 2026-11-22: vitorbari/mcp-operator (source of 2026-01-30) and mcp-lifecycle-operator
# (source of 2026-08-18). Of 500 they had validated 265 and 4 after 150 s, so the plot of time has no point of them.
_PEERS_AT = 500
_VITORBARI, _LIFECYCLE = "vitorbari/mcp-operator (Go)", "mcp-lifecycle-operator (Go)"


_PICTURES = (
    Picture(
        "time",
        "Time from the creation of all MCPServers until the last is Validated\n(the closer to the floor, the better)",
        "seconds",
        {"validated, s": "with the operator", "floor available, s": "floor: the same Deployments without an operator"},
    ),
    Picture(
        "cpu",
        "CPU time of all processes of the operator to create a fleet",
        "CPU seconds",
        {"CPU s": "the operator and its playbook runs"},
        (Peer(_VITORBARI, 9, 17), Peer(_LIFECYCLE, 12, 12)),
    ),
    Picture(
        "memory",
        "Memory of all processes of the operator (PSS)",
        "MiB",
        {"peak MiB": "peak, while the fleet is created", "idle MiB": "at rest"},
        (Peer(_VITORBARI, 96, 118), Peer(_LIFECYCLE, 61, 80)),
    ),
)


def draw(columns: dict[Fleet, dict[str, float]], folder: Path) -> None:
    """Draw the fleets on fake nodes; those of another checkout with dashes."""
    folder.mkdir(parents=True, exist_ok=True)
    for picture in _PICTURES:
        figure = Figure(figsize=(7, 4.5), layout="constrained")
        axes = figure.add_subplot()
        for row, label in picture.lines.items():
            _draw_row(axes, columns, row, label)
        # A machine on which two checkouts took turns is not that on which the peers were measured.
        alone = all(fleet.of == NOW for fleet in columns)
        for peer, marker in zip(picture.peers if alone else (), "sD", strict=False):
            middle, reach = (peer.least + peer.most) / 2, (peer.most - peer.least) / 2
            axes.errorbar(_PEERS_AT, middle, reach, fmt=marker, color="grey", capsize=4, label=peer.label)
        axes.set_title(picture.title, fontsize=11)
        axes.set_xlabel("number of MCPServers that are created at once")
        axes.set_ylabel(picture.axis)
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
        axes.grid(visible=True, alpha=0.3)
        axes.legend()
        figure.savefig(folder / f"{picture.file}.svg")


def _draw_row(axes: Axes, columns: dict[Fleet, dict[str, float]], row: str, label: str) -> None:
    fake = {fleet: column for fleet, column in columns.items() if not fleet.real and not fleet.throttled}
    whose = [NOW] if row.startswith("floor") else sorted({fleet.of for fleet in fake}, reverse=True)
    for of in whose:
        points = [(fleet.count, column[row]) for fleet, column in fake.items() if fleet.of == of and row in column]
        if points:
            style = "-" if of == NOW else "--"
            # The floor has one color in all pictures.
            tint = {"color": "tab:green"} if row.startswith("floor") else {}
            name = label if of == NOW else f"{label}, {of}"
            axes.plot(*zip(*points, strict=True), style, marker="o", label=name, **tint)
