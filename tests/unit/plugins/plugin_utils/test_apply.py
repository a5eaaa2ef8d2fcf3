# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What ``deploy`` applies of a manifest with canaries, with and without an operator."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._apply import DeployBatch
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._apply_mode import OBJECT, WORKLOAD
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

from support.fake_api import FakeApi

TEMPLATES = Path(__file__).resolve().parents[4] / "roles" / "mcpserver" / "templates"


class FixedMode:
    allows_standalone = False

    def __init__(self, mode):
        self._mode = mode

    def of(self, _namespace):
        return self._mode


@pytest.mark.parametrize(("mode", "warned"), [(WORKLOAD, True), (OBJECT, False)])
@pytest.mark.parametrize("strategy", ["canary", "rolling"])
def test_a_canary_without_an_operator_is_a_warning(mode, warned, strategy):
    api = FakeApi()
    batch = DeployBatch(api, Applier(api, Renderer(str(TEMPLATES))), FixedMode(mode))
    manifest = {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "a", "namespace": "team"},
        "spec": {"image": "a:1", "validation": {"strictMode": True}, "rollout": {"strategy": strategy}},
    }
    result = batch.apply_all({"host": manifest})["host"]
    assert not result["failed"], result["msg"]
    assert any("needs the operator" in text for text in result["warnings"]) == (warned and strategy == "canary")
    assert ("Deployment.v1.apps/a" in api.objects) == (mode == WORKLOAD)
    assert "Deployment.v1.apps/a-canary" not in api.objects
