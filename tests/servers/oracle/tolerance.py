# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Measure which official clients fail on fake servers.

``python tests/servers/oracle/tolerance.py NAME...`` measures some fake servers, prints what the clients say of them as
JSON, and renews these in ``tests/oracles/tolerance.yaml``. Without names it measures all, which takes some minutes.
"""

from __future__ import annotations

import concurrent.futures
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import yaml
from zoo.fake_server import FakeServer
from zoo.fake_servers.all import FAKE_SERVERS
from zoo.run import HOST, Zoo
from zoo.servers import Stateless

from oracle import clients
from oracle.servers import SSE, STREAMABLE, Server

SECONDS = 15.0  # for one server
PATIENCE = 40.0  # for one that was not done in time: a client that still waits fails
MEASURED = Path(__file__).resolve().parents[2] / "oracles" / "tolerance.yaml"
HEAD = """---
# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Which official clients fail on which fake servers. Written by tests/servers/oracle/tolerance.py; do not edit.
"""

# The clients have no credentials and verify certificates, and they are not told a transport.
_OF_THE_VALIDATOR = {"bearer_token", "headers", "client_credentials", "validate_certs"}
# What is not measured, as the result differs from run to run.
_NOT_MEASURED = {
    "closes-kept-connections": "Whether a client sends a request before it notices that the connection was closed is "
    "a race.",
}
_TIMED_OUT = re.compile(r"TimeoutError\(\)|no end within")

Failures = Mapping[str, Mapping[str, str | None]]


def measurable(fake_server: FakeServer) -> bool:
    """Tell whether a client can be given the target and the options of a fake server."""
    target, options = fake_server.target.keys(), fake_server.options.keys()
    return fake_server.name not in _NOT_MEASURED and not (
        _OF_THE_VALIDATOR & options or {"host_header", "transport"} & target
    )


class _Listening:
    """The URLs of fake servers."""

    def __init__(self, zoo: Zoo, fake_servers: Iterable[FakeServer]) -> None:
        self._zoo = zoo
        self._fake_servers = {server.name: server for server in fake_servers}

    def url(self, name: str) -> str:
        fake_server = self._fake_servers[name]
        scheme, host = fake_server.target.get("scheme", "http"), fake_server.target.get("host", HOST)
        return f"{scheme}://{host}:{self._zoo.ports[name]}{_path(fake_server)}"


def _path(fake_server: FakeServer) -> str:
    handler = fake_server.keeper() if fake_server.keeper is not None else None
    return str(fake_server.target.get("path") or getattr(handler, "path", "/mcp"))


def _as_server(fake_server: FakeServer) -> Server:
    stateless = fake_server.keeper is not None and isinstance(fake_server.keeper(), Stateless)
    sse = fake_server.transport == SSE or _path(fake_server).endswith("/sse")
    call: Mapping[str, Any] | None = fake_server.options.get("tool_call")
    return Server(fake_server.name, (), SSE if sse else STREAMABLE, handshake=not stateless, call=call)


def measure(fake_servers: Iterable[FakeServer]) -> Failures:
    """Return what each client says about each fake server that it can use: an error, or None if it works."""
    shown = list(fake_servers)

    def ask(client: clients.Client) -> dict[str, dict[str, Any]]:
        answers = _ask(client, shown, SECONDS)
        late = [server for server in shown if _TIMED_OUT.search(answers.get(server.name, {}).get("error", ""))]
        return {**answers, **(_ask(client, late, PATIENCE) if late else {})}

    catalogue = clients.catalogue()
    with concurrent.futures.ThreadPoolExecutor(max_workers=len(catalogue)) as pool:
        answers = dict(zip((client.name for client in catalogue), pool.map(ask, catalogue), strict=True))
    return {
        server.name: {name: seen[server.name].get("error") for name, seen in answers.items() if server.name in seen}
        for server in shown
    }


def _ask(client: clients.Client, shown: list[FakeServer], seconds: float) -> dict[str, dict[str, Any]]:
    # Some fake servers serve one client in their lifetime.
    with tempfile.TemporaryDirectory() as folder, Zoo(shown, Path(folder)) as zoo:
        trusted = {"SSL_CERT_FILE": zoo.authority, "NODE_EXTRA_CA_CERTS": zoo.authority}
        return client.describe(map(_as_server, shown), _Listening(zoo, shown), trusted, seconds)


def load() -> dict[str, Any]:
    """Return what was measured last.

    It has ``versions``, the version of each client, ``not_measured``, why some fake servers are left out, and for each
    of the others in ``servers`` two lists of clients, ``works`` and ``fails``.
    A client that has no revision in common with a server is in neither of them.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load(MEASURED.read_text(encoding="utf-8"), Loader=loader)
    return found


def summary(failures: Failures) -> dict[str, dict[str, list[str]]]:
    """Return for each fake server which clients work and which ones fail."""
    return {
        name: {
            "works": [client for client, error in seen.items() if error is None],
            "fails": [client for client, error in seen.items() if error is not None],
        }
        for name, seen in sorted(failures.items())
    }


def _write(measured: dict[str, dict[str, list[str]]]) -> None:
    lines = [f"  {client.name}: {client.version}" for client in clients.catalogue()]
    servers = [
        f"  {name}: {{works: [{', '.join(seen['works'])}], fails: [{', '.join(seen['fails'])}]}}"
        for name, seen in measured.items()
    ]
    left_out = [f'  {name}: "{reason}"' for name, reason in _NOT_MEASURED.items()]
    parts = [f"{HEAD}versions:", *lines, "not_measured:", *left_out, "servers:", *servers, ""]
    MEASURED.write_text("\n".join(parts), encoding="utf-8")


def main(names: list[str]) -> None:
    """Measure some fake servers, or all, and write the result."""
    known = {server.name: server for server in FAKE_SERVERS if measurable(server)}
    found = measure(known[name] for name in names or known)
    if names:
        json.dump(found, sys.stdout, indent=2)
    before = load()["servers"] if names else {}
    _write({name: seen for name, seen in sorted({**before, **summary(found)}.items()) if name in known})


if __name__ == "__main__":
    main(sys.argv[1:])
