# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path

import pytest
from mcp_operator.runs.preload.ipc import ForkedProcess
from mcp_operator.runs.preload.preloader import Preloader
from mcp_operator.runs.run import Run, RunSettings
from mcp_operator.runs.run_request import AnsibleContent, RunRequest

ACTION = """
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        return {"changed": False, "failed": True, "msg": "first"}
"""


class Home:
    """A collection of our own, a preloaded process that has it, and runs."""

    def __init__(self, root: Path, folder: Path, idle: float = 300.0) -> None:
        self.root = root
        self.collection = folder / "ansible_collections" / "toy" / "preloaded"
        self.action = self.collection / "plugins" / "action" / "say.py"
        self.action.parent.mkdir(parents=True)
        self.action.write_text(ACTION)
        # Bytecode beside the sources would be another change of the content.
        self.environment = {"ANSIBLE_COLLECTIONS_PATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
        self.preloader = Preloader(root, self.environment, ["toy.preloaded"], idle)
        self.forked: list[bool] = []

    def launch(self, environment):
        process = self.preloader.launch(environment)
        self.forked.append(isinstance(process, ForkedProcess))
        return process

    def make(self, tasks: str, environment: dict | None = None, timeout: float = 60.0) -> Run:
        playbook = self.collection / f"{time.monotonic_ns()}.yml"
        playbook.write_text("- hosts: all\n  tasks:\n" + tasks)
        request = RunRequest(
            content=AnsibleContent(playbook=str(playbook)),
            hosts={"t.a": {}},
            environment={**self.environment, **(environment or {})},
            timeout=timeout,
        )
        return Run(request, RunSettings(root=self.root), self.launch)

    def run(self, tasks: str, environment: dict | None = None):
        return self.make(tasks, environment).execute()

    def pid(self) -> int:
        """Return the preloaded process, when it is ready."""
        assert self.preloader.wait(60)
        return self.preloader._process.pid

    def replaced(self, pid: int) -> int:
        """Return its successor, when that is ready."""
        until(lambda: not Path(f"/proc/{pid}").exists() and self.preloader.wait(0))
        return self.pid()


class Background:
    """A run that goes on until it is seen at work."""

    def __init__(self, run: Run, marker: Path) -> None:
        self.run = run
        self.result = None
        self._thread = threading.Thread(target=self._execute, daemon=True)
        self._thread.start()
        until(marker.exists)

    def _execute(self):
        self.result = self.run.execute()

    def ended(self, within: float):
        self._thread.join(within)
        assert self.result is not None, "still running"
        return self.result


def until(condition, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def home(tmp_path):
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="mcp-operator-") as root:
        home = Home(Path(root), tmp_path)
        home.preloader.start()
        home.pid()
        yield home
        home.preloader.stop()


@pytest.fixture
def busy(home, tmp_path):
    """A run whose task has begun a session, ignores signals and has children that have lost their parents."""
    marker = tmp_path / "marker"
    shell = f"setsid sh -c 'trap : TERM HUP INT; touch {marker}; while true; do sleep 300; done' & sleep 300"
    busy = Background(home.make(f'    - ansible.builtin.shell: "{shell}"\n'), marker)
    assert home.forked == [True]
    yield busy
    busy.run.cancel()
    busy.ended(within=10)
