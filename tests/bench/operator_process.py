# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The operator as a process of its own, with all that it starts in one control group."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from accounts import Tree
from fleet import until
from options import ROOT

_PORT = 16789
_READY = 120.0
_END = 60.0
_CALM, _LITTLE = 2.0, 0.05


class Operator:
    """One `mcp-operator run`, from `start` to `stop`; it may be started again.

    :param root: the checkout that it is of.
    :param shard: its index, of several that run at once.
    """

    def __init__(
        self, root: Path, folder: Path, kubeconfig: str, *, preload: bool, flags: list[str], shard: int = 0
    ) -> None:
        self.tree = Tree(f"mcp-bench-{os.getpid()}-{shard}")
        self._log = folder / f"operator{f'-{shard}' if shard else ''}.log"
        self._address = f"127.0.0.1:{_PORT + shard}"
        self._python = str(root / ".venv" / "bin" / "python") if root != ROOT else sys.executable
        self._command = [
            self._python,
            "-m",
            "mcp_operator",
            "run",
            f"--watches-file={root / 'watches.yaml'}",
            f"--kubeconfig={kubeconfig}",
            "--leader-election-namespace=default",
            "--leader-election-id=mcp-bench",
            f"--health-probe-bind-address={self._address}",
            f"--metrics-bind-address={self._address}",
            f"--run-directory=/dev/shm/mcp-bench-{shard}",
            f"--preload={'true' if preload else 'false'}",
            *flags,
        ]
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(root / "operator" / "src"),
            "ANSIBLE_COLLECTIONS_PATH": str(root / ".cache" / "collections"),
            # The image has compiled bytecode, whatever this machine's environment says.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it and wait until it has everything that it watches; after how many seconds it had."""
        began = time.monotonic()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self.tree.wrap(self._command), env=self._environment, stdin=subprocess.DEVNULL, stderr=log
            )
        until("the operator", self._is_ready, _READY, every=0.05)
        return time.monotonic() - began

    def calm_down(self) -> None:
        """Wait until it has nothing to do, like one that has been there for a while."""

        def is_calm() -> bool:
            before = self.tree.cpu()
            time.sleep(_CALM)
            return self.tree.cpu() - before < _LITTLE * _CALM

        until("the operator's calm", is_calm, _READY)

    def command(self, *words: str) -> None:
        """Run another of its commands, whose use of CPU counts as its own."""
        command = self.tree.wrap([self._python, "-m", "mcp_operator", *words])
        subprocess.run(command, env=self._environment, stdin=subprocess.DEVNULL, check=True)

    def stop(self) -> None:
        """End it as a node would."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self) -> None:
        """End it for good."""
        self.stop()
        self.tree.close()

    def _is_ready(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(f"the operator has ended with {self._process.returncode}: see {self._log}")
        try:
            with urllib.request.urlopen(f"http://{self._address}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.HTTPError, OSError):
            return False
