# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""`python tests/bench/report.py FIGURES.json…`: a table of what was measured; with `--plots FOLDER`, pictures too."""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import Any, NamedTuple

from options import NOW

Row = dict[str, Any]
_TABLE = (
    ("floor applied", "floor", "applied_s"),
    ("floor available", "floor", "available_s"),
    ("applied", "create", "applied_s"),
    ("available", "create", "available_s"),
    ("validated", "create", "validated_s"),
    ("p50", "create", "p50_s"),
    ("p95", "create", "p95_s"),
    ("CPU s", "create", "cpu_s"),
    ("peak MiB", "create", "peak_mib"),
    ("status patches each", "create", "status_patches_each"),
    ("writes", "create", "writes"),
    ("floor writes", "floor", "writes"),
    ("stuck", "create", "stuck"),
    ("idle % of a core", "idle", "core_percent"),
    ("idle writes", "idle", "writes"),
    ("restart ready", "restart", "ready_s"),
    ("restart writes", "restart", "writes"),
    ("repair median", "repair", "median_s"),
    ("change validated", "change", "validated_s"),
    ("change CPU s", "change", "cpu_s"),
    ("revalidation", "revalidate", "validated_s"),
    ("revalidation CPU s", "revalidate", "cpu_s"),
    ("deletion gone", "delete", "gone_s"),
    ("load average", "create", "load"),
)


class Fleet(NamedTuple):
    """One column of the table: floors belong to all operators that took turns with them."""

    real: bool
    count: int
    of: str

    @property
    def title(self) -> str:
        return f"{self.count}{' real' if self.real else ''}{f' {self.of}' if self.of != NOW else ''}"


class Figures:
    """What one bench has written, or several."""

    def __init__(self, paths: list[Path]) -> None:
        self._rows: list[Row] = [
            row for path in paths for row in json.loads(path.read_text(encoding="utf-8"))["figures"]
        ]

    def fleets(self) -> list[Fleet]:
        """Return the fleets, real ones last."""
        rows = [row for row in self._rows if row["phase"] != "floor"]
        return sorted({Fleet(row["real"], row["count"], row.get("of", NOW)) for row in rows})

    def _of(self, fleet: Fleet, phase: str) -> list[Row]:
        found = [
            row for row in self._rows if (row["real"], row["count"], row["phase"]) == (fleet.real, fleet.count, phase)
        ]
        return [row for row in found if phase == "floor" or row.get("of", NOW) == fleet.of]

    def median(self, fleet: Fleet, phase: str, name: str) -> float | None:
        """Return the median of a figure; None where there is none, or one of them never came to an end."""
        found = [row.get(name) for row in self._of(fleet, phase)]
        numbers = [value for value in found if value is not None]
        return statistics.median(numbers) if found and len(numbers) == len(found) else None

    def ratios(self, fleet: Fleet) -> list[float]:
        """Return how much longer than the floor of the same pair validating took, pair by pair."""
        floors = [row["available_s"] for row in self._of(fleet, "floor")]
        ours = [row["validated_s"] for row in self._of(fleet, "create")]
        return [mine / least for least, mine in zip(floors, ours, strict=False) if mine]


def table(figures: Figures) -> str:
    """Return a table in Markdown: a column for each fleet."""
    fleets = figures.fleets()
    lines = ["| |" + "|".join(f" {fleet.title} " for fleet in fleets) + "|", "|---|" + "---|" * len(fleets)]
    for title, phase, name in _TABLE:
        found = [figures.median(fleet, phase, name) for fleet in fleets]
        if any(value is not None for value in found):
            lines.append(f"| {title} |" + "|".join(f" {_text(value)} " for value in found) + "|")
    ratios = [figures.ratios(fleet) for fleet in fleets]
    lines.append("| validated / floor |" + "|".join(f" {_text(_median(one))} " for one in ratios) + "|")
    each = [_each(figures.median(fleet, "create", "cpu_s"), fleet.count) for fleet in fleets]
    lines.append("| CPU ms each |" + "|".join(f" {_text(value)} " for value in each) + "|")
    return "\n".join(lines)


def plot(figures: Figures, folder: Path) -> None:
    """Draw fleet size against time, CPU and memory."""
    from matplotlib.figure import Figure

    fleets = [fleet for fleet in figures.fleets() if not fleet.real]
    folder.mkdir(parents=True, exist_ok=True)
    for name, unit, lines in (
        ("time", "s", {"validated": ("create", "validated_s"), "floor: available": ("floor", "available_s")}),
        ("cpu", "CPU s", {"operator's tree": ("create", "cpu_s")}),
        ("memory", "MiB", {"operator's tree, peak PSS": ("create", "peak_mib")}),
    ):
        picture = Figure(figsize=(6, 4), layout="constrained")
        axes = picture.add_subplot()
        for label, (phase, key) in lines.items():
            for of in sorted({fleet.of for fleet in fleets if phase != "floor" or fleet.of == NOW}, reverse=True):
                mine = [(fleet.count, figures.median(fleet, phase, key)) for fleet in fleets if fleet.of == of]
                points = [(count, value) for count, value in mine if value is not None]
                axes.plot(*zip(*points, strict=True), marker="o", label=label if of == NOW else f"{label}, {of}")
        axes.set_xlabel("MCPServers")
        axes.set_ylabel(unit)
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
        axes.grid(visible=True, alpha=0.3)
        axes.legend()
        picture.savefig(folder / f"{name}.svg")


def _each(value: float | None, count: int) -> float | None:
    return None if value is None else 1000 * value / count


def _median(values: list[float]) -> float | None:
    return statistics.median(values) if values else None


def _text(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def main() -> None:
    """Print, and draw if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figures", type=Path, nargs="+")
    parser.add_argument("--plots", type=Path, help="a folder for pictures; needs matplotlib")
    options = parser.parse_args()
    figures = Figures(options.figures)
    print(table(figures))
    if options.plots:
        plot(figures, options.plots)


if __name__ == "__main__":
    main()
