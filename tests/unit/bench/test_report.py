# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What `make bench` says of its figures: ratios to the floor of the same pair, targets, and the recorded run."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import recorded
import report
import targets
from figures import Figures


def row(phase: str, count: int = 500, **found: Any) -> dict[str, Any]:
    return {"phase": phase, "count": count, "real": False, "throttled": False, "of": "now", **found}


def columns(folder: Path, *rows: dict[str, Any]) -> dict[Any, dict[str, float]]:
    path = folder / "figures.json"
    path.write_text(json.dumps({"figures": rows}), encoding="utf-8")
    figures = Figures([path])
    return {fleet: report.rows(figures, fleet) for fleet in figures.fleets()}


PAIRS = (
    row("floor", available_s=10.0, plane_cpu_s={"kube-apiserver": 5.0}),
    row("create", validated_s=12.0, cpu_s=8.0, stuck=0, plane_cpu_s={"kube-apiserver": 10.0}),
    row("floor", available_s=20.0, plane_cpu_s={"kube-apiserver": 5.0}),
    row("create", validated_s=26.0, cpu_s=8.0, stuck=0, plane_cpu_s={"kube-apiserver": 10.0}),
)


def test_the_ratio_is_of_each_pair(tmp_path: Path) -> None:
    (column,) = columns(tmp_path, *PAIRS).values()
    assert column["validated / floor"] == pytest.approx(1.25)
    assert column["CPU ms each"] == pytest.approx(16)
    assert column["API server, CPU ms added each"] == pytest.approx(10)


def test_a_fleet_that_was_not_done_has_no_median(tmp_path: Path) -> None:
    (column,) = columns(tmp_path, *PAIRS, row("create", validated_s=None, stuck=3)).values()
    assert "validated, s" not in column
    assert column["stuck"] == 3


def test_a_pair_that_was_not_done_is_not_left_out_of_ratios(tmp_path: Path) -> None:
    done, undone = PAIRS[:2], (PAIRS[2], row("create", validated_s=None, stuck=3))
    found = columns(tmp_path, *done, *undone)
    (column,) = found.values()
    assert "validated / floor" not in column
    assert "API server, CPU ms added each" not in column
    verdicts = targets.verdicts(found)
    assert "| 500: validated / floor | - | 1.25 | **missed: not done** |" in verdicts
    assert "| 500: stuck | 3.00 | 0 | **missed by 3.00** |" in verdicts


def test_what_was_not_measured_of_a_fleet_without_stuck_servers_has_no_verdict(tmp_path: Path) -> None:
    assert "idle MiB" not in targets.verdicts(columns(tmp_path, *PAIRS))


def test_targets_are_met_or_missed(tmp_path: Path) -> None:
    found = targets.verdicts(columns(tmp_path, *PAIRS))
    assert "| 500: validated / floor | 1.25 | 1.25 | met |" in found
    assert "| 500: API server, CPU ms added each | 10.00 | 8 | **missed by 2.00** |" in found
    assert "throttled" not in found


def test_a_fleet_of_another_size_has_no_target(tmp_path: Path) -> None:
    assert "No target" in targets.verdicts(columns(tmp_path, row("create", count=7, stuck=0)))


def test_a_run_with_gates_only_is_not_compared_with_fleets_of_the_same_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(recorded, "_FILE", tmp_path / "recorded.json")
    recorded.keep(columns(tmp_path, *PAIRS))
    columns(tmp_path, row("gates", later_median_s=0.04, later_most_s=0.4))
    monkeypatch.setattr(sys, "argv", ["report.py", str(tmp_path / "figures.json"), "--record"])
    report.main()
    found = capsys.readouterr().out
    assert "median s | 0.04 |" in found
    assert "recorded" not in found
    assert recorded.compare(columns(tmp_path, *PAIRS)).startswith("Nothing differs")


def test_the_recorded_run_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "_FILE", tmp_path / "recorded.json")
    before = columns(tmp_path, *PAIRS)
    recorded.keep(before)
    assert recorded.compare(before).startswith("Nothing differs")
    slower = columns(tmp_path, *PAIRS[:3], row("create", validated_s=39.0, cpu_s=8.0, stuck=0))
    assert "| 500: validated, s | 19.00" in recorded.compare(slower)


def test_a_recorded_zero_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "_FILE", tmp_path / "recorded.json")
    recorded.keep(columns(tmp_path, row("create", stuck=0)))
    found = recorded.compare(columns(tmp_path, row("create", stuck=5)))
    assert "| 500: stuck | 0.00 (" in found
    assert found.endswith("| 5.00 | - |")


def test_a_recorded_figure_that_is_missing_now_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "_FILE", tmp_path / "recorded.json")
    recorded.keep(columns(tmp_path, row("create", validated_s=12.0)))
    found = recorded.compare(columns(tmp_path, row("create", validated_s=None)))
    assert "| 500: validated, s | 12.00 (" in found
    assert found.endswith("| - | - |")


def test_fleets_of_which_nothing_is_recorded_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "_FILE", tmp_path / "recorded.json")
    unknown = columns(tmp_path, row("create", count=20, stuck=0))
    assert recorded.compare(unknown) == "Nothing is recorded of these fleets: 20."
    recorded.keep(columns(tmp_path, *PAIRS))
    found = recorded.compare(columns(tmp_path, *PAIRS, row("create", count=20, stuck=0)))
    assert found.startswith("Nothing differs")
    assert found.endswith("Nothing is recorded of these fleets: 20.")
