# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""When deploy applies an earlier template; what it must not apply is in tests/security/t1_tenant."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._renderer import Renderer
from ansible_collections.mcp.kubernetes.plugins.plugin_utils._rollback import Rollbacks

from support.fake_api import FakeApi

RENDERER = Renderer(str(Path(__file__).resolve().parents[4] / "roles" / "mcpserver" / "templates"))
DEPLOYMENT = "Deployment.v1.apps/wiki"


class Api(FakeApi):
    def list(self, _api_version, kind, _namespace, **_selector):
        return [copy.deepcopy(item) for item in self.objects.values() if item["kind"] == kind]


def server(image, **validation):
    return {
        "apiVersion": "mcp.mcp-operator.io/v1",
        "kind": "MCPServer",
        "metadata": {"name": "wiki", "namespace": "team", "uid": "uid-of-wiki", "generation": 1},
        "spec": {"image": image, "validation": {"strictMode": True, **validation}},
    }


@pytest.fixture
def api():
    return Api()


@pytest.fixture
def rollbacks(api):
    return Rollbacks(api, RENDERER)


def test_a_tool_call_that_fails_takes_no_template_away_that_passed(api, rollbacks):
    rollbacks.record_passed(server("old:1"))
    rollbacks.record_passed(server("good:1"))
    api.objects.pop(DEPLOYMENT, None)
    assert rollbacks.roll_back(server("good:1", toolCall={"name": "search"})) == ""
    assert DEPLOYMENT not in api.objects


def test_another_template_is_replaced_by_the_last_one_that_passed(api, rollbacks):
    rollbacks.record_passed(server("old:1"))
    rollbacks.record_passed(server("good:1"))
    assert rollbacks.roll_back(server("bad:1")) == "The last template that passed serves again."
    assert api.objects[DEPLOYMENT]["spec"]["template"]["spec"]["containers"][0]["image"] == "good:1"
    # One that passed before others is tried like a new one.
    rollbacks.roll_back(server("old:1"))
    assert api.objects[DEPLOYMENT]["spec"]["template"]["spec"]["containers"][0]["image"] == "good:1"


def test_without_a_template_that_passed_nothing_serves(api, rollbacks):
    assert rollbacks.roll_back(server("bad:1")).startswith("Nothing serves")
    assert api.objects[DEPLOYMENT]["spec"]["replicas"] == 0
