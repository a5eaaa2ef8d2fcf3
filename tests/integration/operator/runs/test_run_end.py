# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""However a run ends: nothing of it is alive two seconds later."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest
from mcp_operator.runs.processes import descendants, find_by_run_id
from mcp_operator.runs.run_request import Ending, HostOutcome

# What a task starts may begin a session of its own, ignore signals and lose its parents.
STUBBORN = """
    - ansible.builtin.shell: |
        setsid sh -c 'trap : TERM HUP INT; touch {marker}; while true; do sleep 300; done' &
        sleep 300
"""


class Background:
    def __init__(self, run):
        self.run = run
        self.result = None
        self._thread = threading.Thread(target=self._execute, daemon=True)
        self._thread.start()

    def _execute(self):
        self.result = self.run.execute()

    def ended(self, within):
        self._thread.join(within)
        assert self.result is not None, "still running"
        return self.result


@pytest.fixture
def hanging(bench, tmp_path):
    marker = tmp_path / "marker"
    run = bench.make(STUBBORN.format(marker=marker), {"t.a": {}, "t.b": {}})
    background = Background(run)
    deadline = time.monotonic() + 30
    while not marker.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert len(find_by_run_id(run.ident)) >= 6
    yield background
    run.cancel()
    background.ended(within=10)


def supervisor(run):
    return run._process.pid


def test_a_cancelled_run_is_gone_within_two_seconds(bench, hanging):
    start = time.monotonic()
    hanging.run.cancel()
    result = hanging.ended(within=10)
    assert time.monotonic() - start < 2.0
    assert find_by_run_id(hanging.run.ident) == set()
    assert result.ending is Ending.CANCELLED
    assert {one.outcome for one in result.hosts.values()} == {HostOutcome.UNPROCESSED}
    assert hanging.run.ident not in bench.left()


def test_a_supervisor_that_hangs_is_ended_with_its_run(hanging):
    os.kill(supervisor(hanging.run), signal.SIGSTOP)
    start = time.monotonic()
    hanging.run.cancel()
    assert hanging.ended(within=10).ending is Ending.CANCELLED
    assert time.monotonic() - start < 2.5
    assert find_by_run_id(hanging.run.ident) == set()


def test_a_supervisor_that_was_killed_leaves_nothing(hanging):
    os.kill(supervisor(hanging.run), signal.SIGKILL)
    result = hanging.ended(within=10)
    assert find_by_run_id(hanging.run.ident) == set()
    assert result.ending is Ending.CRASHED
    assert {one.outcome for one in result.hosts.values()} == {HostOutcome.FAILED}


def test_when_the_operator_is_gone_so_is_the_run(hanging):
    """The end of its standard input is all that a supervisor hears of an operator that was killed."""
    hanging.run._process.stdin.close()
    assert hanging.ended(within=3).ending is Ending.CANCELLED
    assert find_by_run_id(hanging.run.ident) == set()


def test_a_run_that_takes_too_long_fails(bench):
    run = bench.make("- ansible.builtin.command: sleep 300", {"t.a": {}}, timeout=2.5)
    start = time.monotonic()
    result = run.execute()
    assert time.monotonic() - start < 6
    assert result.ending is Ending.TIMED_OUT
    assert result.hosts["t.a"].outcome is HostOutcome.FAILED
    assert "2.5 seconds" in result.hosts["t.a"].message
    assert find_by_run_id(run.ident) == set()


def test_a_killed_ansible_fails_all_with_the_reason(bench):
    tasks = """
        - toy_mischief: {what: kill}
          run_once: true
    """
    result = bench.make(tasks, {"t.a": {}, "t.b": {}}).execute()
    assert result.ending is Ending.CRASHED
    assert "killed" in result.reason
    assert {one.outcome for one in result.hosts.values()} == {HostOutcome.FAILED}
    assert find_by_run_id(result.ident) == set()


def test_a_run_that_was_cancelled_before_it_began_ends_at_once(bench):
    run = bench.make("- ansible.builtin.command: sleep 300", {"t.a": {}})
    run.cancel()
    start = time.monotonic()
    assert run.execute().ending is Ending.CANCELLED
    assert time.monotonic() - start < 3


def test_what_a_good_run_leaves_behind_is_ended_too(bench):
    run = bench.make("- ansible.builtin.shell: setsid sleep 300 >/dev/null 2>&1 &", {"t.a": {}})
    assert run.execute().hosts["t.a"].outcome is HostOutcome.SUCCEEDED
    assert find_by_run_id(run.ident) == set()
    assert not descendants(os.getpid()) & find_by_run_id(run.ident)
