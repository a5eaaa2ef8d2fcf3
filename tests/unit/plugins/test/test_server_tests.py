# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The tests ``validated`` and ``reachable``."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleError
from ansible_collections.mcp.kubernetes.plugins.test import reachable, validated

is_validated = validated.TestModule().tests()["validated"]
is_reachable = reachable.TestModule().tests()["reachable"]


def server(state="Validated", *, generation=1, ready=True, reach=None, **spec):
    conditions = [{"type": "Ready", "status": str(ready)}]
    if reach is not None:
        conditions.append({"type": "Reachable", "status": str(reach)})
    status = {"observedGeneration": 1, "validation": {"state": state}, "conditions": conditions}
    return {"metadata": {"name": "a", "generation": generation}, "spec": spec, "status": status}


def test_validated_is_the_state_of_this_generation():
    assert is_validated(server())
    assert not is_validated(server("AuthRequired"))
    assert not is_validated(server(generation=2))
    assert not is_validated({"metadata": {"name": "a"}})


def test_a_server_without_a_gateway_is_reachable_when_it_is_ready():
    assert is_reachable(server())
    assert is_reachable(server("Failed"))
    assert not is_reachable(server(ready=False))
    assert not is_reachable(server(generation=2))


def test_an_exposed_server_is_reachable_when_that_was_proved():
    expose = {"parentRefs": [{"name": "shared"}]}
    assert is_reachable(server(reach=True, expose=expose))
    assert not is_reachable(server(reach=False, expose=expose))
    assert not is_reachable(server(expose=expose))


@pytest.mark.parametrize("test", [is_validated, is_reachable])
def test_the_result_of_the_module_is_tested_as_its_mcpserver(test):
    assert test({"changed": False, "mcpserver": server()})
    assert not test({"changed": True, "mcpserver": {}})


@pytest.mark.parametrize("value", [None, "a", [server()]])
def test_another_value_is_an_error(value):
    with pytest.raises(AnsibleError, match="validated tests an MCPServer, not a value of type"):
        is_validated(value)
