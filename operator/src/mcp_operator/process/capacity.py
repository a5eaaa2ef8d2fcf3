# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The number of concurrent runs, from the CPU limit of the control group rather than the CPUs of the node."""

from __future__ import annotations

import math
import os
from pathlib import Path

_CGROUPS = Path("/sys/fs/cgroup")
# Runs mostly wait for the API server, and a single run that hangs would block all objects.
_MIN_RUNS = 2


def cpus(root: Path = _CGROUPS) -> float:
    """Return the number of CPUs that this process may use, which may be fractional."""
    granted = float(len(os.sched_getaffinity(0)))
    for quota in (_unified(root), _legacy(root)):
        if quota is not None:
            granted = min(granted, quota)
    return granted


def max_runs(granted: float) -> int:
    """Return the number of concurrent runs for a number of CPUs."""
    return max(_MIN_RUNS, math.ceil(granted))


def _unified(root: Path) -> float | None:
    words = _read(root / "cpu.max").split()
    return _ratio(words[0], words[1]) if len(words) == 2 else None


def _legacy(root: Path) -> float | None:
    folder = root / "cpu"
    return _ratio(_read(folder / "cpu.cfs_quota_us"), _read(folder / "cpu.cfs_period_us"))


def _ratio(quota: str, period: str) -> float | None:
    """Return the CPUs of a quota; None for no limit, which is written as `max` or -1."""
    try:
        part, whole = int(quota), int(period)
    except ValueError:
        return None
    return part / whole if part > 0 and whole > 0 else None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
