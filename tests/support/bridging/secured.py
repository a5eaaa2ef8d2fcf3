# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Fixtures of the sidecar with TLS and access tokens."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from .recorder import Recorder, recorder
from .running import Candidate, Running, run
from .tokens import RESOURCE, Issuer, issuer
from .volumes import Authority, Volume

Sidecar = Callable[..., AbstractContextManager[Running]]


def words(options: dict[str, Any]) -> list[str]:
    """Return options of the command line: lists are repeated, True has no value."""
    found = []
    for name, value in options.items():
        option = f"--{name.replace('_', '-')}"
        found += [
            option if one is True else f"{option}={one}" for one in (value if isinstance(value, list) else [value])
        ]
    return found


@pytest.fixture
def sidecar(program: Path, root: Path, tmp_path: Path) -> Sidecar:
    """Run the sidecar with options: before a target, or with the probe."""
    probe = [sys.executable, str(root / "tests" / "servers" / "images" / "stdio" / "probe.py")]

    @contextlib.contextmanager
    def started(target: str = "", **options: Any) -> Iterator[Running]:
        options = {"listen": "127.0.0.1:{port}", "termination-log": str(tmp_path / "termination-log"), **options}
        command = [str(program), "proxy", f"--target={target}"] if target else [str(program), "run"]
        candidate = Candidate("sidecar", (*command, *words(options)))
        with run(candidate, [] if target else ["--", *probe]) as running:
            yield running

    return started


@pytest.fixture
def tokens() -> Iterator[Issuer]:
    """An authorization server."""
    with issuer() as found:
        yield found


@pytest.fixture
def behind() -> Iterator[Recorder]:
    """A server behind the sidecar."""
    with recorder() as found:
        yield found


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "authority")


@pytest.fixture
def volume(tmp_path: Path, authority: Authority) -> Volume:
    """The Secret with the certificate of the sidecar."""
    certificate, key = authority.issue("127.0.0.1")
    return Volume(tmp_path / "volume", tls_crt=certificate, tls_key=key, ca_crt=authority.pem)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def accepting(found: Issuer) -> dict[str, Any]:
    """Return the options that accept the tokens of an issuer."""
    return {"auth_issuer": found.url, "auth_resource": RESOURCE, "auth_scope": "mcp"}
