# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The lock of a state file, between processes that end in any way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _rollout_lock
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._fleet_errors import RolloutStateError

NOW = "2026-11-29T18:00:00Z"
# Locks as a task does, in a process that ends before that of the run, and does what stdin says then.
RUN = f"""
import os, sys
from ansible_collections.mcp.kubernetes.plugins.plugin_utils import _rollout_lock
pid = os.fork()
if not pid:
    try:
        _rollout_lock.acquire(sys.argv[1], {NOW!r}, os.getppid())
        print("locked", flush=True)
    except Exception as exc:
        print(exc, flush=True)
    os._exit(0)
os.waitpid(pid, 0)
sys.stdin.readline()
"""


@pytest.fixture
def state(tmp_path):
    return str(tmp_path / "state.json")


@pytest.fixture
def start():
    """Start a run, and return its process with what the lock said."""
    started = []

    def begin(path):
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]},
        )
        started.append(process)
        return process, process.stdout.readline().strip()

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def end(process):
    process.communicate("\n", timeout=30)


def crash(process):
    process.kill()
    process.wait(timeout=30)


def unlocked(start, path):
    """Wait until another run gets the lock: the process that keeps it needs a moment to see the end of the run."""
    limit = time.monotonic() + 30
    while (said := start(path)[1]) != "locked":
        assert time.monotonic() < limit, said


@pytest.mark.parametrize("stop", [end, crash])
def test_a_second_run_is_refused_until_the_first_one_has_ended_in_any_way(state, start, stop):
    first, said = start(state)
    assert said == "locked"
    _second, said = start(state)
    assert f"Another run uses the state file {state}: process {first.pid} of " in said
    assert f"since {NOW}. Wait until it has ended" in said
    assert said.endswith("[ROLLOUT_LOCKED]")
    stop(first)
    unlocked(start, state)


def test_the_lock_leaves_no_file(state, start, tmp_path):
    first, _said = start(state)
    assert [file.name for file in tmp_path.iterdir()] == [".state.json.lock"]
    end(first)
    limit = time.monotonic() + 30
    while list(tmp_path.iterdir()):
        assert time.monotonic() < limit


def test_a_run_without_pidfd_keeps_the_lock_as_well(state, start, monkeypatch):
    """As on macOS."""
    monkeypatch.delattr(_rollout_lock.os, "pidfd_open")
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    _rollout_lock.acquire(state, NOW, other.pid)
    assert "[ROLLOUT_LOCKED]" in start(state)[1]
    other.communicate(b"\n", timeout=30)
    unlocked(start, state)


def test_a_run_may_begin_two_rollouts_one_after_the_other(state, start):
    """As a playbook does that imports rollout.yml for each wave."""
    run = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert _rollout_lock.acquire(state, NOW, run.pid) == ""
        assert _rollout_lock.acquire(state, NOW, run.pid) == ""
        assert "[ROLLOUT_LOCKED]" in start(state)[1]
    finally:
        run.communicate(b"\n", timeout=30)


def test_other_state_files_and_links_to_this_one(state, start, tmp_path):
    (tmp_path / "link.json").symlink_to(state)
    assert start(state)[1] == "locked"
    assert start(str(tmp_path / "other.json"))[1] == "locked"
    assert "[ROLLOUT_LOCKED]" in start(str(tmp_path / "link.json"))[1]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"process": "\\u001b[2J1", "host": {"a": 1}}', "\x00" * 9000])
def test_a_file_that_a_crash_has_left_does_not_lock_and_a_forged_one_is_repeated_as_text(state, tmp_path, start, text):
    (tmp_path / ".state.json.lock").write_text(text)
    assert start(state)[1] == "locked"
    held = tmp_path / ".state.json.lock"
    assert json.loads(held.read_text())["since"] == NOW
    held.write_text(text)
    said = start(state)[1]
    assert said.endswith("[ROLLOUT_LOCKED]")
    assert said.isprintable()


def test_a_link_in_the_place_of_the_lock_is_not_followed(state, tmp_path):
    target = tmp_path / "target"
    (tmp_path / ".state.json.lock").symlink_to(target)
    with pytest.raises(RolloutStateError, match="cannot be locked"):
        _rollout_lock.acquire(state, NOW, os.getpid())
    assert not target.exists()


def test_a_folder_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(RolloutStateError, match="cannot be locked: No such file or directory"):
        _rollout_lock.acquire(str(tmp_path / "missing" / "state.json"), NOW, os.getpid())


def test_a_file_system_without_locks_is_a_warning(state, monkeypatch):
    def refuse(_handle, _operation):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(_rollout_lock.fcntl, "flock", refuse)
    assert "cannot be locked (Operation not supported)" in _rollout_lock.acquire(state, NOW, os.getpid())
