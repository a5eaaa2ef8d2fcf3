# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the tests of the image builder share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SERVERS = Path(__file__).resolve().parents[2] / "servers"
sys.path.insert(0, str(SERVERS))


@pytest.fixture(autouse=True)
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the machine's cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "mcp-kubernetes" / "images"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Put programs on a PATH where there is no other; each writes down how it was called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def add(name: str, script: str = "") -> Path:
        calls = tmp_path / f"{name}.calls"
        file = folder / name
        file.write_text(f'#!/bin/sh\necho "$*" >>"{calls}"\n{script}\n', encoding="utf-8")
        file.chmod(0o755)
        return calls

    return add
