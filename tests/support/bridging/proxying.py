# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The sidecar before a server that uses HTTP."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import requests

from .running import Candidate, Running, run


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def proxied(program: Path, target: str, folder: Path, **options: str | int) -> Iterator[Running]:
    """Run the sidecar before a server, and wait until its port is open.

    :param target: a URL of the server; its path is ignored.
    :param folder: for the termination log.
    :param options: of the sidecar, with underscores in place of hyphens.
    """
    address = urlsplit(target)
    options = {
        "listen": "127.0.0.1:{port}",
        "target": f"http://{address.netloc}",
        "termination-log": str(folder / "termination-log"),
        **options,
    }
    given = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    with run(Candidate("proxy", (str(program), "proxy", *given)), []) as running:
        yield running


def metrics(port: int) -> dict[str, float]:
    """Return the samples on a metrics port, by name and labels as they are written."""
    text = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _space, value in lines}
