# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Runs the collection's playbooks as a user does and reads what they say."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import time
from pathlib import Path

_RECAP = re.compile(r"^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)
_ROW = re.compile(r"^(?:ok|changed|failed|fatal|skipping|included): ", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Run:
    """What a playbook run said, and how it ended."""

    code: int
    output: str
    seconds: float

    @property
    def recap(self) -> dict[str, dict[str, int]]:
        rows = _RECAP.findall(self.output)
        return {
            host: {"changed": int(changed), "failed": int(failed) + int(unreachable)}
            for host, _ok, changed, unreachable, failed in rows
        }

    @property
    def rows(self) -> int:
        """How many results of tasks it shows."""
        return len(_ROW.findall(self.output))

    @property
    def skipped(self) -> int:
        return len(re.findall(r"^skipping: ", self.output, re.MULTILINE))

    @property
    def changed(self) -> int:
        return sum(row["changed"] for row in self.recap.values())

    def failed(self, host: str) -> bool:
        return self.recap[host]["failed"] > 0


class Playbooks:
    """The playbooks against one cluster."""

    def __init__(self, kubeconfig: str, collections: Path | None = None) -> None:
        self._kubeconfig = kubeconfig
        self._collections = collections

    def run(
        self, playbook: str, *options: str, env: dict[str, str] | None = None, timeout: float = 300, **variables: object
    ) -> Run:
        """Run a playbook of the collection, or one by its path."""
        started = time.monotonic()
        process = self.start(playbook, *options, env=env, **variables)
        try:
            output, _none = process.communicate(timeout=timeout)
        finally:
            process.kill()
        return Run(process.returncode, output, time.monotonic() - started)

    def start(
        self, playbook: str, *options: str, env: dict[str, str] | None = None, **variables: object
    ) -> subprocess.Popen[str]:
        """Start a playbook and leave it to the caller, who can read each line when it is written."""
        name = playbook if playbook.endswith(".yml") else f"mcp.kubernetes.{playbook}"
        surroundings = {
            **os.environ,
            "K8S_AUTH_KUBECONFIG": self._kubeconfig,
            "PYTHONUNBUFFERED": "1",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            **(env or {}),
        }
        if self._collections is not None:
            surroundings["ANSIBLE_COLLECTIONS_PATH"] = str(self._collections)
        return subprocess.Popen(
            ["ansible-playbook", name, "-e", json.dumps(variables), *options],
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
