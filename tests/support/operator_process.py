# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The operator as a process, as a container starts it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support import cluster

SOURCES = cluster.ROOT / "operator" / "src"
COLLECTIONS = cluster.ROOT / ".cache" / "collections"
WATCHES = cluster.ROOT / "watches.yaml"
_SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")


class Operator:
    """One `mcp-operator run`.

    :param folder: where it says what it has to say.
    :param runs: the directory of its runs.
    :param flags: on top of those that every test needs, `log_level="debug"` for `--log-level=debug`.
    """

    def __init__(
        self,
        folder: Path,
        namespace: str,
        kubeconfig: str,
        runs: str,
        *,
        name: str = "operator",
        watches: Path = WATCHES,
        environment: dict[str, str] | None = None,
        **flags: object,
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._stderr = folder / f"{name}.stderr"
        everything = {
            "watches_file": watches,
            "watch_namespace": namespace,
            "leader_election_namespace": namespace,
            "kubeconfig": kubeconfig,
            "health_probe_bind_address": f"127.0.0.1:{self.port}",
            "metrics_bind_address": f"127.0.0.1:{self.port}",
            "run_directory": runs,
            "graceful_shutdown_timeout": "20s",
            **flags,
        }
        with self._stderr.open("ab") as stderr:
            self.popen = subprocess.Popen(
                [
                    *(sys.executable, "-m", "mcp_operator", "run"),
                    *(f"--{flag.replace('_', '-')}={value}" for flag, value in everything.items()),
                ],
                env={
                    **os.environ,
                    "PYTHONPATH": str(SOURCES),
                    "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
                    **(environment or {}),
                },
                stdin=subprocess.DEVNULL,
                stderr=stderr,
            )

    def get(self, path: str) -> tuple[int, str]:
        """Return the status and the text of one of its pages; 0 while it does not listen."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as exc:
            return exc.code, exc.read().decode()
        except OSError:
            return 0, ""

    def ready(self) -> bool:
        assert self.popen.poll() is None, self.said()
        return self.get("/readyz")[0] == 200

    def leading(self) -> bool:
        return self.sum("mcp_operator_leading") == 1.0

    def sum(self, metric: str, *, having: str = "") -> float:
        """Return the sum of a metric's samples.

        :param having: what must be among a sample's labels, for example `code="500"`.
        """
        found = (_SAMPLE.match(line) for line in self.get("/metrics")[1].splitlines())
        return sum(float(match[3]) for match in found if match and match[1] == metric and having in (match[2] or ""))

    def said(self) -> str:
        return self._stderr.read_text()

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()


@contextmanager
def run_directory() -> Iterator[str]:
    """Make a place for runs in memory; pytest's own folders have longer paths than a run's sockets may have."""
    path = tempfile.mkdtemp(prefix="mcp-op-", dir="/dev/shm")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
