# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Processes are started so that they stay, and are never mistaken for others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mcp_cluster.errors import ClusterError
from mcp_cluster.machine import processes
from mcp_cluster.machine.processes import Ledger, observe

pytestmark = pytest.mark.test_all

ENVIRONMENT = {"PATH": "/usr/bin:/bin"}


def start(ledger: Ledger, name: str, *argv: str, fingerprint: str = "f") -> processes.Process:
    log = ledger.folder.parent / "log" / f"{name}.log"
    return ledger.start(name, argv, env=ENVIRONMENT, log=log, fingerprint=fingerprint)


def wait_until(condition, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def test_a_started_process_is_found_again_and_stopped(ledger: Ledger) -> None:
    process = start(ledger, "sleeper", "sleep", "60", fingerprint="abc")
    assert ledger.running("sleeper") == process
    assert ledger.fingerprint("sleeper") == "abc"
    assert ledger.names() == ["sleeper"]

    ledger.stop(["sleeper"], grace=5)

    assert observe(process.pid) is None
    assert ledger.names() == []


def test_it_has_a_session_of_its_own_and_nothing_of_the_starters(ledger: Ledger) -> None:
    process = start(ledger, "sleeper", "sleep", "60")
    descriptors = Path(f"/proc/{process.pid}/fd")
    assert os.getsid(process.pid) == process.pid
    assert str((descriptors / "0").readlink()) == os.devnull
    assert str((descriptors / "1").readlink()).endswith("/log/sleeper.log")
    assert sorted(path.name for path in descriptors.iterdir()) == ["0", "1", "2"]


def test_it_outlives_a_killed_starter(ledger: Ledger) -> None:
    script = f"""
import os, signal, sys
sys.path[:0] = {sys.path!r}
from pathlib import Path
from mcp_cluster.machine.processes import Ledger
Ledger(Path({str(ledger.folder)!r})).start(
    "sleeper", ["sleep", "60"], env={ENVIRONMENT!r}, log=Path({str(ledger.folder)!r}) / "log", fingerprint="")
os.kill(os.getpid(), signal.SIGKILL)
"""
    starter = subprocess.run([sys.executable, "-c", script], check=False)
    assert starter.returncode == -signal.SIGKILL
    assert ledger.running("sleeper") is not None


def test_one_that_ignores_the_request_is_killed(ledger: Ledger) -> None:
    process = start(ledger, "stubborn", "sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done")
    log = ledger.folder.parent / "log" / "stubborn.log"
    wait_until(lambda: "ready" in log.read_text())
    began = time.monotonic()
    ledger.stop(["stubborn"], grace=0.3)
    assert observe(process.pid) is None
    assert 0.3 <= time.monotonic() - began < 5


@pytest.mark.parametrize("change", ["started", "boot"])
def test_a_stranger_with_the_same_id_is_neither_found_nor_harmed(ledger: Ledger, change: str) -> None:
    with subprocess.Popen(["sleep", "60"]) as stranger:
        real = observe(stranger.pid)
        assert real is not None
        boot = "00000000-0000-0000-0000-000000000000" if change == "boot" else real.boot
        started = "1" if change == "started" else real.started
        ledger.folder.mkdir()
        fields = " ".join(["S", *["0"] * 18, started])
        (ledger.folder / "ours.pid").write_text(f"{boot}\n{stranger.pid} (sleep) {fields}\n", encoding="utf-8")

        assert ledger.recorded("ours") is not None
        assert ledger.running("ours") is None
        ledger.stop(["ours"], grace=0)

        assert stranger.poll() is None
        assert ledger.names() == []
        stranger.kill()


def test_one_that_only_waits_to_be_reaped_is_gone() -> None:
    with subprocess.Popen(["true"]) as child:
        wait_until(lambda: observe(child.pid) is None)


def test_a_programs_name_may_look_like_the_rest_of_the_record() -> None:
    fields = " ".join(["S", *[str(number) for number in range(4, 22)], "777", "0"])
    parsed = processes._parse("boot\n", f"42 (a) b (c) {fields}\n")
    assert parsed == processes.Process(42, "boot", "777")


@pytest.mark.parametrize("text", ["", "boot", "boot\n", "boot\nx (y) S", "boot\n12 (y) S 1 2", "boot\n\xff\xfe"])
def test_a_damaged_record_is_no_record(ledger: Ledger, text: str) -> None:
    ledger.folder.mkdir()
    (ledger.folder / "damaged.pid").write_text(text, encoding="utf-8")
    assert ledger.recorded("damaged") is None
    assert ledger.running("damaged") is None


def test_the_log_of_the_run_before_is_kept(ledger: Ledger) -> None:
    log = ledger.folder.parent / "log" / "talker.log"
    for word in ("first", "second"):
        start(ledger, "talker", "echo", word)
        wait_until(lambda: log.exists() and log.read_text() != "")
        wait_until(lambda: ledger.running("talker") is None)
    assert log.read_text() == "second\n"
    assert log.with_name("talker.log.1").read_text() == "first\n"


def test_a_process_that_cannot_enter_its_group_does_not_start(ledger: Ledger, tmp_path: Path) -> None:
    group = tmp_path / "no" / "such" / "cgroup.procs"
    with pytest.raises(ClusterError, match="outsider could not be started"):
        ledger.start("outsider", ["sleep", "60"], env=ENVIRONMENT, log=tmp_path / "log", fingerprint="", group=group)
    assert ledger.recorded("outsider") is None


def test_a_record_that_cannot_be_written_is_an_error(ledger: Ledger) -> None:
    ledger.folder.mkdir()
    (ledger.folder / "sleeper.pid.new").mkdir()
    with pytest.raises(ClusterError, match="sleeper could not be started"):
        start(ledger, "sleeper", "sleep", "60")
