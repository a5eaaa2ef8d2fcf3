# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import os

import pytest
from mcp_operator.process.capacity import cpus, max_runs

HERE = float(len(os.sched_getaffinity(0)))


@pytest.mark.parametrize(
    ("files", "granted"),
    [
        ({"cpu.max": "50000 100000\n"}, 0.5),
        ({"cpu.max": "max 100000\n"}, HERE),
        ({"cpu.max": "99000000 100000\n"}, HERE),
        ({"cpu/cpu.cfs_quota_us": "75000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 0.75),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, HERE),
        ({"cpu.max": "nonsense"}, HERE),
        ({}, HERE),
    ],
)
def test_the_cgroups_quota_is_what_counts(tmp_path, files, granted):
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert cpus(tmp_path) == pytest.approx(granted)


@pytest.mark.parametrize(("granted", "runs"), [(0.5, 2), (2.0, 2), (2.5, 3), (16.0, 16)])
def test_a_hung_run_always_leaves_a_slot(granted, runs):
    assert max_runs(granted) == runs
