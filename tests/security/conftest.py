# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Fixtures of attacks that need no cluster. Those of ``tests/conftest.py`` are for attacks on a real API server."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "servers"))

# They need the path above.
from support.hostile_server import Network, Visitor


@pytest.fixture
def visit(tmp_path: Path) -> Visitor:
    """Return a function that validates a hostile server."""
    return Visitor(tmp_path)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    """Record connections and name lookups from now on."""
    return Network(monkeypatch)
