# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""`python tests/bench/report.py FIGURES.json…`: table of what was measured, and verdicts; with `--plots`, plots."""

from __future__ import annotations

import argparse
from pathlib import Path

import recorded
import targets
from figures import Figures, Fleet

_TABLE = (
    ("floor applied, s", "floor", "applied_s"),
    ("floor available, s", "floor", "available_s"),
    ("applied, s", "create", "applied_s"),
    ("available, s", "create", "available_s"),
    ("validated, s", "create", "validated_s"),
    ("p50, s", "create", "p50_s"),
    ("p95, s", "create", "p95_s"),
    ("CPU s", "create", "cpu_s"),
    ("peak MiB", "create", "peak_mib"),
    ("status patches each", "create", "status_patches_each"),
    ("writes", "create", "writes"),
    ("floor writes", "floor", "writes"),
    ("stuck", "create", "stuck"),
    ("idle % of a core", "idle", "core_percent"),
    ("idle writes", "idle", "writes"),
    ("idle MiB", "idle", "memory_mib"),
    ("restart ready, s", "restart", "ready_s"),
    ("restart CPU s", "restart", "cpu_s"),
    ("restart writes", "restart", "writes"),
    ("repair median, s", "repair", "median_s"),
    ("floor change, s", "floor-change", "available_s"),
    ("change validated, s", "change", "validated_s"),
    ("change CPU s", "change", "cpu_s"),
    ("revalidation, s", "revalidate", "validated_s"),
    ("revalidation CPU s", "revalidate", "cpu_s"),
    ("floor deletion gone, s", "floor-delete", "gone_s"),
    ("deletion gone, s", "delete", "gone_s"),
    ("deletion CPU s", "delete", "cpu_s"),
    ("load average", "create", "load"),
    ("strict: Pod Ready after its containers, median s", "gates", "later_median_s"),
    ("strict: Pod Ready after its containers, most s", "gates", "later_most_s"),
)


def rows(figures: Figures, fleet: Fleet) -> dict[str, float]:
    """Return the column of a fleet: the medians by their titles, and of what got stuck the maximum."""
    found = {
        title: (figures.most if title == "stuck" else figures.median)(fleet, phase, name)
        for title, phase, name in _TABLE
    }
    found["validated / floor"] = figures.ratio(fleet, ("create", "validated_s"), ("floor", "available_s"))
    found["change / floor"] = figures.ratio(fleet, ("change", "validated_s"), ("floor-change", "available_s"))
    found["deletion / floor"] = figures.ratio(fleet, ("delete", "gone_s"), ("floor-delete", "gone_s"))
    cpu = found["CPU s"]
    found["CPU ms each"] = None if cpu is None else 1000 * cpu / fleet.count
    found["API server, CPU ms added each"] = figures.added(fleet, "plane_cpu_s.kube-apiserver")
    return {title: value for title, value in found.items() if value is not None}


def table(columns: dict[Fleet, dict[str, float]]) -> str:
    """Return a table in Markdown: a column for each fleet."""
    titles = list(dict.fromkeys(title for column in columns.values() for title in column))
    lines = ["| |" + "|".join(f" {fleet.title} " for fleet in columns) + "|", "|---|" + "---|" * len(columns)]
    lines += [
        f"| {title} |" + "|".join(f" {text(column.get(title))} " for column in columns.values()) + "|"
        for title in titles
    ]
    return "\n".join(lines)


def text(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def main() -> None:
    """Print, and draw if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figures", type=Path, nargs="+")
    parser.add_argument("--plots", type=Path, help="a folder for pictures; needs matplotlib")
    parser.add_argument("--record", action="store_true", help="keep the medians for the comparison of later runs")
    options = parser.parse_args()
    figures = Figures(options.figures)
    columns = {fleet: rows(figures, fleet) for fleet in figures.fleets()}
    created = {fleet: column for fleet, column in columns.items() if figures.of(fleet, "create")}
    for part in (table(columns), targets.verdicts(columns), recorded.compare(created)):
        print(part, end="\n\n")
    if options.record:
        recorded.keep(created)
    if options.plots:
        from plots import draw

        draw(columns, options.plots)


if __name__ == "__main__":
    main()
