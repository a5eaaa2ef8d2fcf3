# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""One server while it runs: its processes, its address, and the memory that it may take."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from imagebuilder.errors import BuildError
from zoo.certificates import Certificates

from ..servers import free_port
from .catalogue import Judged
from .installers import base_environment

HOST = "127.0.0.1"
STARTS_WITHIN = 180.0
ENDS_WITHIN = 3.0
MEMORY_MIB = 1500


class Running:
    """A context manager; within it, the server listens on loopback."""

    def __init__(self, server: Judged, values: dict[str, str], folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._certificates = Certificates(folder)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._values = {**values, "folder": str(folder), "token": server.token, "port": "", "backend": ""}
        self.starts = 0

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    @property
    def authority(self) -> Path:
        """The file of the certificate authority to trust."""
        return self._certificates.authority

    @property
    def url(self) -> str:
        """Where the server answers."""
        scheme = "https" if self._server.tls else "http"
        return f"{scheme}://{HOST}:{self._values['port']}{self._server.path}"

    def prepare(self) -> None:
        """Start the server anew if it has ended, or if it is to be fresh for each client."""
        ended = any(process.poll() is not None for process in self._processes)
        if ended or self._server.fresh:
            self._stop()
            self._start()

    def log(self) -> str:
        """Return the last line that the server wrote."""
        file = self._folder / "log"
        lines = file.read_text(encoding="utf-8", errors="replace").split("\n") if file.exists() else []
        return next((line for line in reversed(lines) if line.strip()), "")

    def _start(self) -> None:
        self.starts += 1
        port, backend = str(free_port()), str(free_port())
        certificate = str(self._certificates.leaf("good")) if self._server.tls else ""
        behind = backend if self._server.front else port
        self._values |= {"port": port, "backend": backend, "certificate": certificate}
        self._spawn(self._server.command, behind)
        self._wait(behind)
        if self._server.front:
            self._spawn(self._server.front, port)
            self._wait(port)

    def _spawn(self, command: tuple[str, ...], port: str) -> None:
        values = {**self._values, "port": port}
        words = [self._filled(word, values) for word in command]
        variables = {name: self._filled(value, values) for name, value in self._server.environment.items()}
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(
                words,
                env={**base_environment(self._folder), "PORT": port, **variables},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
            )
        self._processes.append(process)
        threading.Thread(target=_limit_memory, args=(process,), daemon=True).start()

    def _filled(self, word: str, values: dict[str, str]) -> str:
        """Replace the placeholders; ``{config:NAME}`` is a filled copy of a file of fronts/."""
        if word.startswith("{config:"):
            name = word[len("{config:") : -1]
            text = (Path(values["fronts"]) / name).read_text(encoding="utf-8")
            file = self._folder / name
            file.write_text(self._filled(text, values), encoding="utf-8")
            return str(file)
        for key, value in values.items():
            word = word.replace(f"{{{key}}}", value)
        return word

    def _wait(self, port: str) -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        while self._processes[-1].poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection((HOST, int(port)), 1):
                return
            time.sleep(0.05)
        raise BuildError(f"{self._server.name} does not listen: {self.log()}")

    def _stop(self) -> None:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for process in self._processes:  # a bridge has children: the group ends as a whole
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, sign)
            deadline = time.monotonic() + ENDS_WITHIN
            for process in self._processes:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(max(0.0, deadline - time.monotonic()))
        self._processes.clear()


def _limit_memory(process: subprocess.Popen[bytes]) -> None:
    """Kill a process group that takes more memory than it may."""
    # A limit of the address space would stop Node.js, Go and Java, which reserve much more than they use.
    while process.poll() is None:
        if _resident_mib(process.pid) > MEMORY_MIB:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        time.sleep(0.5)


def _resident_mib(group: int) -> float:
    pages = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            if os.getpgid(int(folder.name)) == group:
                pages += int((folder / "statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
