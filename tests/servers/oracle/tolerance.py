# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Which official clients fail on fake servers: python tests/servers/oracle/tolerance.py [NAME...] prints it as JSON."""

from __future__ import annotations

import dataclasses
import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from zoo.fake_server import FakeServer
from zoo.fake_servers.all import FAKE_SERVERS
from zoo.run import HOST, Zoo

from oracle import clients
from oracle.servers import Server

SECONDS = 45.0  # for one server; a client that waits longer for a response fails
MODERN = "2026-07-28"


class _Urls:
    def __init__(self, zoo: Zoo, fake_servers: Iterable[FakeServer]) -> None:
        self._zoo = zoo
        self._paths = {
            server.name: server.target.get("path") or ("/sse" if server.transport == "sse" else "/mcp")
            for server in fake_servers
        }

    def url(self, name: str) -> str:
        return f"http://{HOST}:{self._zoo.ports[name]}{self._paths[name]}"


def measurable(fake_server: FakeServer) -> bool:
    """Tell whether the official clients can be shown a fake server: it has an MCP endpoint without TLS."""
    return fake_server.transport is not None and fake_server.keeper is not None and fake_server.tls is None


def measure(fake_servers: Iterable[FakeServer]) -> dict[str, dict[str, str | None]]:
    """Return what each client says about each fake server that it can use: an error, or None if it works."""
    shown = list(fake_servers)
    as_servers = [
        Server(server.name, (), str(server.transport), handshake=server.version != MODERN) for server in shown
    ]
    found: dict[str, dict[str, str | None]] = {server.name: {} for server in shown}
    for client in clients.catalogue():
        # Some fake servers serve one client in their lifetime.
        with tempfile.TemporaryDirectory() as folder, Zoo(shown, Path(folder)) as zoo:
            patient = dataclasses.replace(client, command=(*client.command[:-1], str(SECONDS)))
            for name, answer in patient.describe(as_servers, _Urls(zoo, shown)).items():
                found[name][client.name] = answer.get("error")
    return found


def main(names: list[str]) -> None:
    """Print the measurement of some fake servers, or of all that a client can be shown."""
    shown = [server for server in FAKE_SERVERS if measurable(server) and (server.name in names or not names)]
    json.dump(measure(shown), sys.stdout, indent=2)


if __name__ == "__main__":
    main(sys.argv[1:])
