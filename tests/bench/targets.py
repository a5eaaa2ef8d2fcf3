# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The targets of `make bench`, and whether what was measured meets them."""

from __future__ import annotations

from typing import NamedTuple

from figures import Fleet
from options import NOW


class Target(NamedTuple):
    """The most that a row of the report may be, for fleets of one size."""

    row: str
    count: int
    most: float
    real: bool = False
    throttled: bool = False

    @property
    def fleet(self) -> Fleet:
        return Fleet(self.real, self.throttled, self.count, NOW)


TARGETS = (
    Target("validated / floor", 500, 1.02, throttled=True),
    Target("validated / floor", 500, 1.25),
    Target("CPU ms each", 500, 18),
    Target("API server, CPU ms added each", 500, 8),
    Target("peak MiB", 20, 110),
    Target("peak MiB", 500, 170),
    Target("peak MiB", 2000, 260),
    Target("idle MiB", 500, 90),
    Target("idle % of a core", 500, 1),
    Target("validated / floor", 50, 1.05, real=True),
    Target("change / floor", 500, 1.1),
    Target("deletion / floor", 100, 1),
    Target("deletion / floor", 500, 1),
    Target("restart ready, s", 2000, 2),
    Target("revalidation, s", 1000, 3),
    *(Target("stuck", count, 0) for count in (20, 100, 500, 1000, 2000)),
)


def verdicts(columns: dict[Fleet, dict[str, float]]) -> str:
    """Return a table in Markdown with the targets of the fleets that were measured."""
    lines = ["| target | measured | at most | verdict |", "|---|---|---|---|"]
    for target in TARGETS:
        column = columns.get(target.fleet, {})
        measured = column.get(target.row)
        about = f"{target.fleet.title}: {target.row}"
        if measured is not None:
            over = measured - target.most
            verdict = f"**missed by {over:.2f}**" if over > 0 else "met"
            lines.append(f"| {about} | {measured:.2f} | {target.most:g} | {verdict} |")
        elif column.get("stuck"):
            lines.append(f"| {about} | - | {target.most:g} | **missed: not done** |")
    return "\n".join(lines) if lines[2:] else "No target is for fleets of these sizes."
