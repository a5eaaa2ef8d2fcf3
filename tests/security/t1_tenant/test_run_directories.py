# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The data of a run, which may contain secrets, is for the operator's user only, whatever is at its place before."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from mcp_operator.runs.directory import RunDirectory, prepare_root
from mcp_operator.runs.run_request import AnsibleContent, RunRequest

REQUEST = RunRequest(
    content=AnsibleContent(role="mcp.kubernetes.mcpserver"), hosts={"team.wiki": {"a": 1}}, extra_vars={"b": 2}
)


@pytest.fixture
def permissive():
    """Create files as a process does that sets no umask."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def root(tmp_path, monkeypatch):
    # The path of a run's directory must be short.
    monkeypatch.chdir(tmp_path)
    return Path("runs")


def modes(folder):
    return {stat.S_IMODE(path.lstat().st_mode) for path in [folder, *folder.rglob("*")] if path.is_dir()}


@pytest.mark.usefixtures("permissive")
def test_no_other_user_can_read_the_data_of_a_run(root):
    prepare_root(root)
    RunDirectory(root, "abc").fill(REQUEST)
    assert modes(root) == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in root.rglob("*") if path.is_file()} == {0o600}


@pytest.mark.usefixtures("permissive")
def test_no_other_user_can_read_the_output_of_a_failed_run(root):
    directory = RunDirectory(root, "abc")
    directory.fill(REQUEST)
    output = directory.path / "artifacts" / "abc" / "stdout"
    output.parent.mkdir(parents=True)
    output.write_text("secret", encoding="utf-8")
    directory.keep_output(1)
    directory.remove()
    assert modes(root) == {0o700}
    assert stat.S_IMODE((root / "failed" / "abc.txt").stat().st_mode) == 0o600


def test_a_link_in_place_of_a_runs_directory_is_not_followed(tmp_path, root):
    prepare_root(root)
    victim = tmp_path / "victim"
    victim.mkdir()
    (root / "abc").symlink_to(victim)
    with pytest.raises(FileExistsError):
        RunDirectory(root, "abc").fill(REQUEST)
    assert list(victim.iterdir()) == []


def test_what_a_link_leads_to_is_not_removed(tmp_path, root):
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "precious").touch()
    prepare_root(root)
    (root / "left-behind").symlink_to(victim)
    directory = RunDirectory(root, "abc")
    directory.fill(REQUEST)
    (directory.path / "project" / "link").symlink_to(victim)
    directory.remove()
    prepare_root(root)
    assert (victim / "precious").exists()


def test_a_link_in_place_of_the_root_is_refused(tmp_path, root):
    victim = tmp_path / "victim"
    victim.mkdir(mode=0o700)
    root.symlink_to(victim)
    with pytest.raises(ValueError, match="not a directory of this user"):
        prepare_root(root)


@pytest.mark.usefixtures("permissive")
def test_a_root_that_others_can_read_is_closed_to_them(root):
    root.mkdir(mode=0o777)
    prepare_root(root)
    assert modes(root) == {0o700}
