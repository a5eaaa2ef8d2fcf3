# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What ``deploy`` applies of a manifest with canaries, with and without an operator."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._engine.applier import Applier
from ansible_collections.mcp.kubernetes.plugins.module_utils._kube.errors import ApiNotFound
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._apply import DeployBatch
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._apply_mode import OBJECT, STANDALONE, WORKLOAD
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer

from support.fake_api import FakeApi

TEMPLATES = Path(__file__).resolve().parents[4] / "roles" / "mcpserver" / "templates"


class FixedMode:
    def __init__(self, mode, *, allows_standalone=False):
        self._mode = mode
        self.allows_standalone = allows_standalone

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


class WithoutCrd(FakeApi):
    def apply(self, body, **more):
        if body["kind"] == "MCPServer":
            raise ApiNotFound("the server could not find the requested resource", status=404)
        return super().apply(body, **more)


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ({"replicas": 2}, ""),
        ({"replica": 2}, "The field spec.replica of a is unknown. Did you mean replicas?"),
        ({"validation": {"strictmode": True}}, "The field spec.validation.strictmode of a is unknown."),
    ],
)
def test_unknown_fields_are_refused_without_a_customresourcedefinition(spec, problem):
    api = WithoutCrd()
    modes = FixedMode(WORKLOAD, allows_standalone=True)
    batch = DeployBatch(api, Applier(api, Renderer(str(TEMPLATES))), modes)
    metadata = {"name": "a", "namespace": "team"}
    manifest = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": metadata}
    result = batch.apply_all({"host": {**manifest, "spec": {"image": "a:1", **spec}}})["host"]
    assert problem in result["msg"]
    assert (result["failed"], result["changed"]) == (bool(problem), not problem)
    # Nothing of a manifest that is refused is applied.
    assert bool(api.objects) is not bool(problem)
    assert result["mode"] == (WORKLOAD if problem else STANDALONE)
