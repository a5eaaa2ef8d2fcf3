# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The module mcpserver_result: one row for what was applied and what was observed."""

from __future__ import annotations

import types

import pytest
from ansible_collections.mcp.kubernetes.plugins.action import mcpserver_result

APPLIED = {"changed": True, "failed": False, "msg": "Deployment created", "diff": [1], "warnings": ["a"], "mode": "x"}
REFUSED = {"changed": True, "failed": True, "msg": "refused", "diff": [1], "objects": []}
GOOD = {"failed": False, "msg": "team/wiki: Running", "warnings": ["b"], "server": {}}
BAD = {"failed": True, "msg": "team/wiki: no MCP server", "warnings": ["b"], "server": {}}


def result(applied, observed=None, *, diff=False, **options):
    action = mcpserver_result.ActionModule.__new__(mcpserver_result.ActionModule)
    action._task = types.SimpleNamespace(diff=diff)
    action._variables = {"inventory_hostname": "wiki"}
    return action.act({"result": applied, "observed": observed, "fail": True, **options})


@pytest.mark.parametrize("change", [{}, {"changed": False}, {"changed": True, "diff": [2]}])
def test_what_was_applied_and_then_observed_is_one_result(change):
    found = result(APPLIED, {**GOOD, **change}, diff=True)
    assert (found["changed"], found["failed"], found["msg"]) == (True, False, "team/wiki: Running")
    assert found["warnings"] == ["a", "b"]
    assert found["diff"] == [1, *change.get("diff", [])]


def test_a_change_of_the_route_alone_counts():
    unchanged = {**APPLIED, "changed": False}
    assert result(unchanged, {**GOOD, "changed": True})["changed"] is True


def test_a_server_that_fails_validation_fails_with_its_message_and_warnings_only():
    found = result(APPLIED, BAD, diff=True)
    assert found == {"changed": True, "failed": True, "msg": "team/wiki: no MCP server", "warnings": ["a", "b"]}


def test_its_change_is_returned_without_a_failure():
    """Ansible does not count the change of a task that fails."""
    assert result(APPLIED, fail=False) == {"changed": True}
    assert result(REFUSED, fail=False, diff=True) == {"changed": True, "diff": [1]}
    assert result({}, fail=False) == {"changed": False}


def test_one_that_was_not_applied_is_not_expected_to_be_observed():
    assert result(REFUSED, {})["msg"] == "refused"


def test_what_was_not_observed_is_ignored_and_a_host_that_is_missing_fails():
    assert result(APPLIED)["msg"] == "Deployment created"
    for lost in (result(APPLIED, {}), result({})):
        assert (lost["failed"], lost["msg"]) == (True, "wiki was not processed. Run it again.")
