# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from pathlib import Path

import pytest
from mcp_cluster.machine.kernel import raise_limits

pytestmark = pytest.mark.test_all


def test_only_what_is_too_low_is_raised(tmp_path: Path) -> None:
    (tmp_path / "low").write_text("128\n")
    (tmp_path / "high").write_text("9000\n")
    raise_limits({"low": 1024, "high": 1024}, tmp_path)
    assert (tmp_path / "low").read_text() == "1024\n"
    assert (tmp_path / "high").read_text() == "9000\n"


def test_a_limit_that_cannot_be_read_is_said_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raise_limits({"fs/nowhere": 1}, tmp_path)
    assert "fs.nowhere could not be raised to 1" in capsys.readouterr().err
