# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The operator as a process: how it begins, how it ends, and how another one takes over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support import cluster
from support.operator_process import SOURCES, Operator, run_directory

WATCHES = """
- version: v1
  kind: ConfigMap
  playbook: {playbook}
  manageStatus: false
  selector: {{matchLabels: {{test: operator-tests}}}}
"""
# It waits for the file `go`, so that a test decides how long a run takes.
PLAYBOOK = """
- hosts: all
  gather_facts: false
  tasks:
  - name: Work
    ansible.builtin.shell: |
      echo "begin {{{{ ansible_operator_meta.name }}}} $$" >> {folder}/log
      while [ ! -e {folder}/go ]; do sleep 0.05; done
      echo "end {{{{ ansible_operator_meta.name }}}}" >> {folder}/log
"""


def words(folder: Path) -> list[list[str]]:
    log = folder / "log"
    return [line.split() for line in log.read_text().splitlines()] if log.exists() else []


def count(folder: Path, word: str) -> int:
    return [entry[0] for entry in words(folder)].count(word)


def alive(pid: str) -> bool:
    return Path(f"/proc/{pid}").exists()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "play.yml").write_text(PLAYBOOK.format(folder=tmp_path))
    (tmp_path / "watches.yaml").write_text(WATCHES.format(playbook=tmp_path / "play.yml"))
    return tmp_path


@pytest.fixture
def start(testbed, folder: Path, namespace: str) -> Iterator[Any]:
    running: list[Operator] = []
    with run_directory() as runs:

        def start(name: str, kubeconfig: str = "") -> Operator:
            watches = folder / "watches.yaml"
            place = f"{runs}/{name}"
            running.append(
                Operator(folder, namespace, kubeconfig or testbed.kubeconfig, place, name=name, watches=watches)
            )
            cluster.until(f"{name} is ready", running[-1].ready)
            return running[-1]

        yield start
        for process in running:
            process.kill()


def test_a_clean_end_lets_runs_end_and_hands_over_and_the_next_does_nothing_again(maps, start, folder):
    one = start("one")
    cluster.until("one leads", one.leading)
    two = start("two")
    assert not two.leading()
    maps.write("a", 0)
    cluster.until("a run begins", lambda: count(folder, "begin"))
    maps.write("b", 0)
    one.popen.send_signal(signal.SIGTERM)
    cluster.until("it knows", lambda: '"Ending"' in one.said())
    assert one.popen.poll() is None
    (folder / "go").touch()
    assert one.popen.wait(20) == 0
    assert count(folder, "end") >= 1
    # Not the fifteen seconds of the Lease.
    cluster.until("two leads", two.leading, 5)
    cluster.until("what was left is done", lambda: {entry[1] for entry in words(folder)} == {"a", "b"})
    cluster.until("all runs have ended", lambda: count(folder, "begin") == count(folder, "end"))
    assert [entry[1] for entry in words(folder)].count("a") == 2  # nobody ran it twice


def test_when_a_leader_is_killed_another_takes_over_and_its_runs_are_gone(maps, start, folder):
    one = start("one")
    cluster.until("one leads", one.leading)
    two = start("two")
    maps.write("a", 0)
    cluster.until("a run begins", lambda: count(folder, "begin"))
    pid = words(folder)[0][2]
    one.popen.kill()
    cluster.until("the run is gone with it", lambda: not alive(pid), 10)
    assert count(folder, "end") == 0
    (folder / "go").touch()
    cluster.until("two leads", two.leading, 25)
    cluster.until("two does it", lambda: count(folder, "end"))


@pytest.mark.test_all
def test_a_leader_that_is_cut_off_ends_its_runs_and_leads_again_at_once_afterwards(
    maps, start, folder, proxy, by_proxy
):
    one = start("one", by_proxy)
    cluster.until("one leads", one.leading)
    maps.write("a", 0)
    cluster.until("a run begins", lambda: count(folder, "begin"))
    pid = words(folder)[0][2]
    proxy.silent = True
    # Ten seconds after the last renewal, five before another process may lead.
    cluster.until("the run is gone", lambda: not alive(pid), 15)
    (folder / "go").touch()
    proxy.silent = False
    # Within a retry period and the timeout of a call, not the fifteen seconds of the Lease.
    cluster.until("one leads again", one.leading, 8)
    cluster.until("the run is repeated", lambda: count(folder, "end"))
    assert one.popen.poll() is None


@pytest.mark.test_all
def test_a_leader_that_is_cut_off_until_another_one_leads_ends_itself(start, proxy, by_proxy):
    one = start("one", by_proxy)
    cluster.until("one leads", one.leading)
    two = start("two")
    proxy.silent = True
    cluster.until("two leads", two.leading, 25)
    proxy.silent = False
    assert one.popen.wait(20) == 1
    assert two.leading()


@pytest.mark.parametrize(
    ("flag", "why"),
    [
        ("--watches-file=nowhere.yaml", "nowhere.yaml cannot be read"),
        ("--run-directory=/proc/nowhere", "--run-directory: "),
        ("--run-directory=/dev/shm/" + 60 * "x", "longer than"),
        ("--kubeconfig=nowhere", "There is no file nowhere"),
        ("--log-level=loud", "--log-level must be one of"),
    ],
)
def test_what_cannot_be_run_is_said_in_one_line(folder, flag, why):
    command = [sys.executable, "-m", "mcp_operator", "run", f"--watches-file={folder / 'watches.yaml'}", flag]
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("mcp-operator: ")
    assert why in done.stderr
    assert done.stderr.count("\n") == 1
