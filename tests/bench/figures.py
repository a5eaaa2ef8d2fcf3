# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What benches have written, as medians of fleets."""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any, NamedTuple

from options import NOW

Row = dict[str, Any]


class Fleet(NamedTuple):
    """One column of the table: floors belong to all operators that took turns with them."""

    real: bool
    throttled: bool
    count: int
    of: str

    @property
    def title(self) -> str:
        words = [str(self.count), "real" * self.real, "throttled" * self.throttled, self.of * (self.of != NOW)]
        return " ".join(filter(None, words))


class Figures:
    """What one bench has written, or several."""

    def __init__(self, paths: list[Path]) -> None:
        self._rows: list[Row] = [
            row for path in paths for row in json.loads(path.read_text(encoding="utf-8"))["figures"]
        ]

    def fleets(self) -> list[Fleet]:
        """Return the fleets, real ones last."""
        rows = [row for row in self._rows if not row["phase"].startswith("floor")]
        return sorted(
            {Fleet(row["real"], row.get("throttled", False), row["count"], row.get("of", NOW)) for row in rows}
        )

    def of(self, fleet: Fleet, phase: str) -> list[Row]:
        """Return what was measured of a fleet, in the order of the pairs."""
        is_floor = phase.startswith("floor")
        return [
            row
            for row in self._rows
            if (row["real"], row.get("throttled", False), row["count"], row["phase"])
            == (fleet.real, fleet.throttled, fleet.count, phase)
            and (is_floor or row.get("of", NOW) == fleet.of)
        ]

    def median(self, fleet: Fleet, phase: str, name: str) -> float | None:
        """Return the median of a figure; None where there is none, or one of them never came to an end.

        :param name: of the figure; a part of another one follows a dot (`plane_cpu_s.kube-apiserver`).
        """
        found = [_value(row, name) for row in self.of(fleet, phase)]
        numbers = [value for value in found if value is not None]
        return statistics.median(numbers) if found and len(numbers) == len(found) else None

    def most(self, fleet: Fleet, phase: str, name: str) -> float | None:
        """Return the maximum of a figure; None where there is none."""
        found = [_value(row, name) for row in self.of(fleet, phase)]
        return max((value for value in found if value is not None), default=None)

    def ratio(self, fleet: Fleet, ours: tuple[str, str], floor: tuple[str, str]) -> float | None:
        """Return how much longer than the floor of the same pair something took, in the median of the pairs.

        None where there is none, or one of them never came to an end.

        :param ours: phase and figure.
        :param floor: phase and figure.
        """
        least = [_value(row, floor[1]) for row in self.of(fleet, floor[0])]
        mine = [_value(row, ours[1]) for row in self.of(fleet, ours[0])]
        if None in mine:
            return None
        ratios = [own / other for own, other in zip(mine, least, strict=False) if own is not None and other]
        return statistics.median(ratios) if ratios else None

    def added(self, fleet: Fleet, name: str) -> float | None:
        """Return what creating a fleet needed more than its floor, for each MCPServer, in thousandths.

        None where there is none, or it was not measured of all pairs.
        """
        pairs = zip(self.of(fleet, "create"), self.of(fleet, "floor"), strict=False)
        both = [(_value(own, name), _value(floor, name)) for own, floor in pairs]
        if any(own is None for own, _least in both):
            return None
        found = [own - least for own, least in both if own is not None and least is not None]
        return 1000 * statistics.median(found) / fleet.count if found else None


def _value(row: Row, name: str) -> float | None:
    found: Any = row
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
