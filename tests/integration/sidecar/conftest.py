# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from support.bridging.fixtures import bridge, mode, program  # noqa: F401
from support.bridging.secured import authority, behind, free_port, sidecar, tokens, volume  # noqa: F401


@pytest.fixture
def last_words(tmp_path: Path) -> Callable[[], str]:
    """Return what the sidecar wrote to its termination log."""

    def read() -> str:
        path = tmp_path / "termination-log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    return read
