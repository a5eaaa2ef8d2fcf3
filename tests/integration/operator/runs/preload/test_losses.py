# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Whichever process is lost: nothing of the run is alive two seconds later, and the next run is as good as any."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mcp_operator.runs.processes import descendants, find_by_run_id
from mcp_operator.runs.run_request import Ending, HostOutcome

from .conftest import until

GOOD = "    - ansible.builtin.debug:\n"


def ansible(run):
    """Return the process that runs the playbook: the supervisor's child that leads the session of a terminal."""
    supervisor = run._process.pid
    (pid,) = (pid for pid in descendants(supervisor) if stat(pid)["parent"] == supervisor and stat(pid)["terminal"])
    return pid


def stat(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return {"parent": int(fields[1]), "terminal": int(fields[4])}


def program(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_ansible(home, busy):
    preloaded, pid = home.pid(), ansible(busy.run)
    assert program(pid) == program(preloaded), "not a fork"
    start = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    result = busy.ended(within=10)
    assert time.monotonic() - start < 2.0
    assert find_by_run_id(busy.run.ident) == set()
    assert result.ending is Ending.CRASHED
    assert result.hosts["t.a"].outcome is HostOutcome.FAILED
    assert home.run(GOOD).ending is Ending.COMPLETE
    assert (home.forked, home.pid()) == ([True, True], preloaded)


def test_the_preloaded_process(home, busy):
    preloaded = home.pid()
    start = time.monotonic()
    os.kill(preloaded, signal.SIGKILL)
    result = busy.ended(within=10)
    assert time.monotonic() - start < 2.0
    assert find_by_run_id(busy.run.ident) == set()
    assert (result.ending, result.reason) == (
        Ending.CRASHED,
        "The preloaded process that the run was forked from has ended.",
    )
    assert home.replaced(preloaded) != preloaded
    assert home.run(GOOD).ending is Ending.COMPLETE
    assert home.forked == [True, True]


@pytest.mark.test_all
def test_a_preloaded_process_that_hangs(home):
    preloaded = home.pid()
    os.kill(preloaded, signal.SIGSTOP)
    assert home.run(GOOD).ending is Ending.COMPLETE
    home.replaced(preloaded)
    assert home.run(GOOD).ending is Ending.COMPLETE
    assert home.forked == [False, True]


def test_the_operator(tmp_path):
    """A preloaded process ends when nobody is there to ask it for a fork."""
    program = f"""
import sys, os
sys.path[:0] = {sys.path!r}
from pathlib import Path
from mcp_operator.runs.preload.preloader import Preloader
preloader = Preloader(Path({str(tmp_path)!r}), {{}}, [])
preloader.start()
assert preloader.wait(60)
print(preloader._process.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert process.returncode == -signal.SIGKILL, process.stderr
    pid = int(process.stdout)
    until(lambda: not Path(f"/proc/{pid}").exists(), seconds=5)


def test_all_of_it_when_it_is_stopped(home, busy):
    pid = home.pid()
    home.preloader.stop()
    busy.ended(within=5)
    assert not Path(f"/proc/{pid}").exists()
    assert find_by_run_id(busy.run.ident) == set()
    assert not (home.root / "preload").exists()
