# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from imagebuilder import cache, process
from imagebuilder.errors import BuildError
from imagebuilder.process import Runner

pytestmark = pytest.mark.test_all


@pytest.fixture
def runner(tmp_path: Path):
    with (tmp_path / "lock").open("w") as lock:
        yield Runner(tmp_path / "log", lock.fileno())


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_the_output_is_returned_and_all_is_logged(runner: Runner):
    assert runner.run(["sh", "-c", "echo out; echo err >&2"], step="speak") == "out\n"
    assert runner.log.read_text().splitlines()[1:] == ["+ sh -c echo out; echo err >&2", "err", "out"]


def test_environment_and_folder_are_added_to_ones_own(runner: Runner, tmp_path: Path):
    output = runner.run(["sh", "-c", "echo $A $PWD ${PATH:+path}"], step="x", environment={"A": "1"}, folder=tmp_path)
    assert output == f"1 {tmp_path} path\n"


def test_a_failure_shows_the_last_lines_of_the_log(runner: Runner):
    with pytest.raises(BuildError) as caught:
        runner.run(["sh", "-c", "seq 100 >&2; exit 3"], step="count")
    text = str(caught.value)
    assert text.startswith(f"count: failed with exit status 3. The last lines of {runner.log}:\n")
    assert text.endswith("\n100")
    assert "\n60\n" not in text


def test_a_command_beyond_its_deadline_is_ended_with_all_it_started(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(process, "DEADLINE", 0.5)
    monkeypatch.setattr(process, "WORD_EVERY", 0.2)
    pids = tmp_path / "pids"
    with pytest.raises(BuildError, match="wait: not done after"):
        runner.run(["sh", "-c", f"sleep 60 & echo $! $$ >{pids}; wait"], step="wait", seconds=7)
    started = [int(pid) for pid in pids.read_text().split()]
    deadline = time.monotonic() + 5
    while not all(gone(pid) for pid in started) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert all(gone(pid) for pid in started)
    assert "[images] wait: 0 s of about 7 s\n" in capsys.readouterr().err


def test_what_a_killed_build_left_running_still_holds_the_lock(tmp_path: Path, caches: Path):
    script = (
        "from pathlib import Path\n"
        "from imagebuilder import cache\n"
        "from imagebuilder.process import Runner\n"
        "with cache.locked() as lock:\n"
        f"    Runner(Path({str(tmp_path / 'log')!r}), lock).run(\n"
        f"        ['sh', '-c', 'echo $$ >{tmp_path / 'pid'}; sleep 60'], step='x')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(process.__file__).parents[1])}
    build = subprocess.Popen([sys.executable, "-c", script], env=environment)
    pid = tmp_path / "pid"
    deadline = time.monotonic() + 20
    while not (pid.exists() and pid.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    left = int(pid.read_text())
    try:
        build.kill()
        build.wait(10)
        cache_lock_is_free = subprocess.run(["flock", "--nonblock", str(caches / ".lock"), "true"], check=False)
        assert cache_lock_is_free.returncode == 1
    finally:
        os.killpg(left, signal.SIGKILL)
    with cache.locked():
        pass  # and is free again when that has ended
