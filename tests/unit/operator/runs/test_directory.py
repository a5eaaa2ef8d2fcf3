# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import os
from pathlib import Path

import pytest
from mcp_operator.runs.directory import RunDirectory, prepare_root


def test_what_a_killed_operator_left_is_removed_but_for_the_outputs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    root = Path("runs")
    prepare_root(root)
    (root / "abc" / "inventory").mkdir(parents=True)
    (root / "failed").mkdir()
    (root / "failed" / "def.txt").touch()
    prepare_root(root)
    assert [path.name for path in root.iterdir()] == ["failed"]
    assert (root / "failed" / "def.txt").exists()


def test_only_the_end_of_the_last_outputs_is_kept(tmp_path):
    for number in range(4):
        directory = RunDirectory(tmp_path, f"run{number}")
        output = directory.path / "artifacts" / directory.ident / "stdout"
        output.parent.mkdir(parents=True)
        output.write_text("x" * 100_000 + str(number))
        directory.keep_output(2)
        kept = tmp_path / "failed" / f"run{number}.txt"
        os.utime(kept, (number, number))
        directory.remove()
        assert not directory.path.exists()
    kept = sorted((tmp_path / "failed").iterdir())
    assert [path.name for path in kept] == ["run2.txt", "run3.txt"]
    assert {path.stat().st_size for path in kept} == {64 * 1024}
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    assert kept[-1].read_text().endswith("x3")


def test_nothing_is_kept_where_nothing_is_to_be(tmp_path):
    directory = RunDirectory(tmp_path, "run")
    output = directory.path / "artifacts" / directory.ident / "stdout"
    output.parent.mkdir(parents=True)
    output.write_text("x")
    directory.keep_output(0)
    directory.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_leaves_no_room_for_sockets_is_refused():
    with pytest.raises(ValueError, match="longer than"):
        prepare_root(Path("/tmp") / ("x" * 60))
