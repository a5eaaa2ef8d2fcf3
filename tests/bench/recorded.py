# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The medians of the last run that was recorded, and how others differ from them."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from figures import Fleet
from options import NOW

_FILE = Path(__file__).with_name("recorded.json")
# Machines and turns differ by so much.
_NOISE = 0.1
_DIGITS = 3


def keep(columns: dict[Fleet, dict[str, float]]) -> None:
    """Replace what is recorded of the fleets that were measured, and leave that of others."""
    fleets = _load()
    for fleet, column in columns.items():
        if fleet.of == NOW:
            about = {"date": time.strftime("%F", time.gmtime()), "cores": os.cpu_count()}
            fleets[fleet.title] = {**about, "medians": {name: round(value, _DIGITS) for name, value in column.items()}}
    _FILE.write_text(json.dumps(fleets, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def compare(columns: dict[Fleet, dict[str, float]]) -> str:
    """Return a table in Markdown with the figures that differ from the recorded ones by more than a tenth.

    A recorded figure that is missing now differs. Fleets of which nothing is recorded are named.
    """
    recorded, lines = _load(), []
    own = [fleet for fleet in columns if fleet.of == NOW]
    compared = [fleet for fleet in own if fleet.title in recorded]
    for fleet in compared:
        before = recorded[fleet.title]
        for name, known in before["medians"].items():
            value = columns[fleet].get(name)
            if value is None or abs(round(value, _DIGITS) - known) > _NOISE * abs(known):
                about = f"{known:.2f} ({before['date']}, {before['cores']} cores)"
                now = "-" if value is None else f"{value:.2f}"
                ratio = f"{value / known:.2f}" if value is not None and known else "-"
                lines.append(f"| {fleet.title}: {name} | {about} | {now} | {ratio} |")
    head = ["| differs by more than a tenth | recorded | now | ratio |", "|---|---|---|---|"]
    parts = []
    if compared:
        same = "Nothing differs from the recorded run by more than a tenth."
        parts.append("\n".join([*head, *lines]) if lines else same)
    if unknown := [fleet.title for fleet in own if fleet not in compared]:
        parts.append(f"Nothing is recorded of these fleets: {', '.join(unknown)}.")
    return "\n\n".join(parts)


def _load() -> dict[str, dict]:
    return json.loads(_FILE.read_text(encoding="utf-8")) if _FILE.exists() else {}
