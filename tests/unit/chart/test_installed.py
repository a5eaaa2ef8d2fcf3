# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The script of ``helm test``: what it accepts, and what it says otherwise."""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "operator" / "chart" / "files" / "installed.py"
NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
HELD = {"holderIdentity": "a", "leaseDurationSeconds": 15, "renewTime": "2026-01-01T11:59:50.000000Z"}


@pytest.fixture
def script() -> Any:
    spec = importlib.util.spec_from_file_location("installed", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("resources", "lease", "said"),
    [
        (["mcpservers"], HELD, ""),
        (["mcpservers/status"], HELD, "the API does not serve MCPServers"),
        (["mcpservers"], {**HELD, "holderIdentity": ""}, "no operator holds the Lease mcp-operator"),
        (["mcpservers"], {**HELD, "leaseDurationSeconds": 5}, "the Lease mcp-operator was not renewed since"),
    ],
)
def test_what_is_missing_is_named(
    script: Any, monkeypatch: pytest.MonkeyPatch, resources: list[str], lease: dict[str, Any], said: str
) -> None:
    answers = {
        "/apis/mcp.mcp-operator.io/v1": {"resources": [{"name": name} for name in resources]},
        "/apis/coordination.k8s.io/v1/namespaces/ns/leases/mcp-operator": {"spec": lease},
    }
    monkeypatch.setattr(script, "get", answers.__getitem__)
    found = script.missing("ns", ["mcp-operator"], NOW)
    assert found.startswith(said)
    assert bool(found) == bool(said)
