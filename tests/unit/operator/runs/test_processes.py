# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
import threading
import time

import pytest
from mcp_operator.runs import processes, supervisor


@pytest.fixture
def child():
    """A child that ends when its standard input is closed."""
    with subprocess.Popen([sys.executable, "-Sc", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as one:
        yield one
        one.kill()


def test_children_are_known_without_a_search_of_all_processes(child, monkeypatch):
    monkeypatch.setattr(processes, "_pids", pytest.fail)
    assert processes.has_children()


def test_a_process_without_children_searches_nothing(monkeypatch):
    """In a process of its own, since that of the test may have children."""
    code = (
        "import mcp_operator.runs.processes as p; import mcp_operator.runs.supervisor as s; "
        "p._pids = lambda: 1 / 0; assert s._own_descendants() == set()"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_the_end_of_a_process_is_awaited_no_longer_than_it_takes(child):
    began = time.monotonic()
    processes.await_exit(child.pid, 0.05)
    assert time.monotonic() - began >= 0.05
    child.stdin.close()
    processes.await_exit(child.pid, 60.0)
    assert time.monotonic() - began < 30
    assert child.wait() == 1  # it was not reaped
    processes.await_exit(child.pid, 60.0)  # it is gone


@pytest.fixture
def many_descriptors():
    """As in an operator with many connections: new descriptors have high numbers."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(limits[0], min(2048, limits[1])), limits[1]))
    held = [os.open(os.devnull, os.O_RDONLY)]
    try:
        while held[-1] < 1100:
            held.append(os.dup(held[0]))
        yield
    finally:
        for descriptor in held:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_the_end_of_a_process_is_awaited_with_many_open_descriptors(many_descriptors, child):
    began = time.monotonic()
    processes.await_exit(child.pid, 0.05)
    assert time.monotonic() - began >= 0.05
    child.stdin.close()
    processes.await_exit(child.pid, 60.0)
    assert time.monotonic() - began < 30


@pytest.fixture
def slept(monkeypatch):
    """The seconds that the test would sleep, without those of other threads."""
    found, own, sleep = [], threading.get_ident(), time.sleep

    def record(seconds):
        (found.append if threading.get_ident() == own else sleep)(seconds)

    monkeypatch.setattr(time, "sleep", record)
    return found


def test_the_terminal_of_a_run_is_closed_without_sleeping(slept):
    terminal = supervisor._Terminal(None, "true", timeout=10)
    terminal.expect(supervisor.pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    assert sum(slept) == 0


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EPERM])
def test_a_process_whose_end_cannot_be_observed_gets_a_short_grace(number, slept, monkeypatch):
    def refuse(_pid):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(processes.os, "pidfd_open", refuse)
    processes.await_exit(os.getpid(), 60.0)
    processes.await_exit(os.getpid(), 0.05)
    assert slept == [0.1, 0.05]


def test_children_are_reaped_until_the_deadline_only(monkeypatch):
    """As if new children ended all the time."""
    clock = iter(range(100))
    reaped = []

    def reap(_pid, _options):
        if len(reaped) == 50:
            raise ChildProcessError
        reaped.append(1)
        return 1, 0

    monkeypatch.setattr(processes.time, "monotonic", lambda: float(next(clock)))
    monkeypatch.setattr(processes.os, "waitpid", reap)
    monkeypatch.setattr(processes.os, "waitid", lambda *_: True)
    processes.reap_children(3.0)
    assert len(reaped) == 2
