# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Operator SDK's ansible-operator as a process on this machine, with the Ansible of this checkout."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import cluster

# The base image installs a package of this name, which sends the events of ansible-runner to ansible-operator.
_PLUGIN = """
import http.client
import json
import socket


def status_handler(runner_config, data):
    connection = http.client.HTTPConnection("localhost", timeout=30)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(runner_config.settings["runner_http_url"])
    headers = {"Content-Type": "application/json"}
    connection.request("POST", runner_config.settings["runner_http_path"], json.dumps(data), headers)
    connection.getresponse().read()
    connection.close()


event_handler = status_handler
"""


class AnsibleOperator:
    """A running ansible-operator.

    :param log: the file with its output.
    """

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self.log = log

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def entries(self) -> list[dict[str, Any]]:
        """Return the lines of the log that are JSON objects."""
        return [json.loads(line) for line in self.output.splitlines() if line.startswith("{") and line.endswith("}")]

    def runs(self) -> int:
        """Return how many runs have succeeded."""
        return sum(entry.get("msg") == "Ansible-runner exited successfully" for entry in self.entries())

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def ansible_operator(folder: Path, *, kubeconfig: str, namespace: str, collections: Path) -> Iterator[AnsibleOperator]:
    """Run ansible-operator with the ``watches.yaml`` of this checkout.

    :param folder: an empty folder for its files.
    :param namespace: the only namespace that it watches.
    :param collections: the folder that holds ``ansible_collections``.
    """
    [program] = cluster.tool("tests/cluster", "ansible-operator")
    metadata = folder / "ansible_runner_http-1.dist-info"
    metadata.mkdir()
    (folder / "ansible_runner_http.py").write_text(_PLUGIN, encoding="utf-8")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: ansible-runner-http\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[ansible_runner.plugins]\nhttp = ansible_runner_http\n")
    environment = {
        **os.environ,
        "KUBECONFIG": kubeconfig,
        "WATCH_NAMESPACE": namespace,
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "PYTHONPATH": str(folder),
    }
    watches = f"--watches-file={cluster.ROOT / 'watches.yaml'}"
    command = [program, "run", watches, "--metrics-bind-address=0", "--health-probe-bind-address=0"]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
    running = AnsibleOperator(process, log)
    try:
        yield running
    finally:
        running.stop()
