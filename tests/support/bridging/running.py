# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""One bridge while it runs: its process, its children, its log."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import requests

from .client import Client, Sse, Streamable


@dataclass(frozen=True)
class Candidate:
    """How a bridge is started; ``{port}`` is filled in, and the server's command comes last."""

    name: str
    command: tuple[str, ...]
    health: str = ""
    quoted: bool = False  # the server's command is one word of a shell
    sse_only: bool = False
    environment: dict[str, str] = field(default_factory=dict)

    def arguments(self, port: int, server: list[str]) -> list[str]:
        words = [word.format(port=port) for word in self.command]
        if self.quoted:
            return [" ".join(server) if word == "SERVER" else word for word in words]
        return [*words, *server]


@dataclass
class Running:
    """A bridge that runs."""

    candidate: Candidate
    process: subprocess.Popen[bytes]
    port: int
    output: IO[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, timeout: float = 15.0) -> Client:
        kind = Sse if self.candidate.sse_only else Streamable
        return kind(self.url, timeout)

    def ended(self) -> int | None:
        return self.process.poll()

    def log(self) -> str:
        self.output.flush()
        return Path(self.output.name).read_text(encoding="utf-8", errors="replace")

    def health(self) -> str:
        if not self.candidate.health:
            return "none"
        try:
            with requests.Session() as session:
                session.trust_env = False
                return str(session.get(self.url + self.candidate.health, timeout=5).status_code)
        except requests.RequestException as problem:
            return type(problem).__name__

    def state(self) -> str:
        """Return what the bridge tells of itself on its health path, without spaces."""
        return requests.get(self.url + self.candidate.health, timeout=5).text.replace(" ", "")

    def answers(self) -> bool:
        """Whether its port is open, and its health good where it has such a path."""
        if self.candidate.health:
            return self.health() == "200"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def children(self) -> list[int]:
        """Return all processes below the bridge."""
        parents: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    stat = (entry / "stat").read_text(encoding="ascii", errors="replace")
                    parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
        found, todo = [], [self.process.pid]
        while todo:
            below = parents.get(todo.pop(), [])
            found += below
            todo += below
        return found

    def kill_children(self) -> None:
        for pid in self.children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def memory(self, *, children: bool) -> int:
        """Return resident bytes; pages that processes share are counted in each."""
        total = 0
        for pid in [self.process.pid, *(self.children() if children else [])]:
            with contextlib.suppress(OSError):
                total += int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        return total * os.sysconf("SC_PAGE_SIZE")


@contextlib.contextmanager
def run(candidate: Candidate, server: list[str], seconds: float = 30.0) -> Iterator[Running]:
    """Start a bridge, wait until its port is open or it has ended, and end it with all below it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.NamedTemporaryFile(prefix="bridge-") as output:
        environment = {**os.environ, **candidate.environment}
        process = subprocess.Popen(
            candidate.arguments(port, server), stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=environment
        )
        bridge = Running(candidate, process, port, output)
        try:
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline and process.poll() is None and not bridge.answers():
                time.sleep(0.05)
            yield bridge
        finally:
            below = bridge.children()
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
            for pid in below:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
