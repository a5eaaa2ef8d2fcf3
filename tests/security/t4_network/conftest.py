# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.bridging.fixtures import bridge, mode, program  # noqa: F401
from support.bridging.secured import authority, behind, sidecar, tokens, volume  # noqa: F401

# Half-open connections of one attacker.
CONNECTIONS = 3_000
BEGUN = "GET /healthz HTTP/1.1\r\nHost: "


@pytest.fixture
def flood() -> Iterator[Callable[..., None]]:
    """Hold half-open connections to ports, from other processes, until the test ends."""
    with contextlib.ExitStack() as attackers:

        def attack(port: int, *, begun: str = BEGUN) -> None:
            program = str(Path(__file__).with_name("flood.py"))
            process = attackers.enter_context(
                subprocess.Popen(
                    [sys.executable, program, str(port), str(CONNECTIONS), begun],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            assert process.stdout is not None
            assert process.stdout.readline() == "open\n"

        yield attack
