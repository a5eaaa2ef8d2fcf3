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


def keep(columns: dict[Fleet, dict[str, float]]) -> None:
    """Replace what is recorded of the fleets that were measured, and leave that of others."""
    fleets = _load()
    for fleet, column in columns.items():
        if fleet.of == NOW:
            about = {"date": time.strftime("%F", time.gmtime()), "cores": os.cpu_count()}
            fleets[fleet.title] = {**about, "medians": {name: round(value, 3) for name, value in column.items()}}
    _FILE.write_text(json.dumps(fleets, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def compare(columns: dict[Fleet, dict[str, float]]) -> str:
    """Return a table in Markdown with the figures that differ from the recorded ones by more than a tenth."""
    recorded, lines = _load(), []
    for fleet, column in columns.items():
        before = recorded.get(fleet.title) if fleet.of == NOW else None
        for name, value in column.items():
            known = before["medians"].get(name) if before else None
            if known and abs(value / known - 1) > _NOISE:
                about = f"{known:.2f} ({before['date']}, {before['cores']} cores)"
                lines.append(f"| {fleet.title}: {name} | {about} | {value:.2f} | {value / known:.2f} |")
    head = ["| differs by more than a tenth | recorded | now | ratio |", "|---|---|---|---|"]
    return "\n".join([*head, *lines]) if lines else "Nothing differs from the recorded run by more than a tenth."


def _load() -> dict[str, dict]:
    return json.loads(_FILE.read_text(encoding="utf-8")) if _FILE.exists() else {}
