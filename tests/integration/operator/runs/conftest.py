# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import shutil
import tempfile
import textwrap
import uuid
from pathlib import Path

import pytest
from mcp_operator.runs.launch import spawn
from mcp_operator.runs.preload.ipc import ForkedProcess
from mcp_operator.runs.preload.preloader import Preloader
from mcp_operator.runs.run import Run, RunSettings
from mcp_operator.runs.run_request import AnsibleContent, RunRequest

# An action as a batch action is written, and one that does what no task should do.
BATCH = """
import os, signal
from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    BYPASS_HOST_LOOP = True

    def run(self, tmp=None, task_vars=None):
        hosts = {}
        for host in task_vars["ansible_play_hosts"]:
            variables = task_vars["hostvars"][host]
            try:
                if variables.get("poison"):
                    raise ValueError("poison")
                if not variables.get("missing"):
                    hosts[host] = {"failed": False, "ballast": "x" * int(variables.get("ballast", 0))}
            except ValueError as exc:
                hosts[host] = {"failed": True, "msg": str(exc)}
        return {"changed": False, "hosts": hosts}
"""
MISCHIEF = """
import os, signal
from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        if self._task.args["what"] == "unreachable":
            raise AnsibleConnectionFailure("no route")
        os.kill(os.getppid(), signal.SIGKILL)
        signal.pause()
"""


class Bench:
    """Runs playbooks for real."""

    def __init__(self, root: Path, folder: Path, launch=spawn) -> None:
        self.root = root
        self.folder = folder
        self.launch = launch
        plugins = folder / "action_plugins"
        plugins.mkdir()
        (plugins / "toy_batch.py").write_text(BATCH)
        (plugins / "toy_mischief.py").write_text(MISCHIEF)

    def playbook(self, tasks: str) -> AnsibleContent:
        path = self.folder / f"{uuid.uuid4().hex}.yml"
        path.write_text("- hosts: all\n  tasks:\n" + textwrap.indent(textwrap.dedent(tasks), "    "))
        return AnsibleContent(playbook=str(path))

    def make(self, content: AnsibleContent | str, hosts: dict, **kwargs) -> Run:
        content = self.playbook(content) if isinstance(content, str) else content
        request = RunRequest(content=content, hosts=hosts, **{"timeout": 60.0, **kwargs})
        return Run(request, RunSettings(root=self.root), self.launch)

    def left(self) -> list[str]:
        return sorted(path.name for path in self.root.iterdir() if path.name != "preload")


@pytest.fixture(scope="module", params=[pytest.param("started anew", marks=pytest.mark.test_all), "forked"])
def root_and_launch(request):
    """Where runs take place, and how: whatever is true of one that is started anew is true of a forked one."""
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="mcp-operator-") as folder:
        root = Path(folder)
        if request.param == "started anew":
            yield root, spawn
            return
        preloader = Preloader(root, {}, [])
        preloader.start()
        assert preloader.wait(60)

        def launch(environment):
            process = preloader.launch(environment)
            assert isinstance(process, ForkedProcess)
            return process

        yield root, launch
        preloader.stop()


@pytest.fixture
def bench(tmp_path, root_and_launch):
    folder = tmp_path / "content"
    folder.mkdir()
    root, launch = root_and_launch
    yield Bench(root, folder, launch)
    shutil.rmtree(root / "failed", ignore_errors=True)
