# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The module mcpserver: what it applies, waits for and returns."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible_collections.mcp.kubernetes.plugins.action import mcpserver
from ansible_collections.mcp.kubernetes.plugins.module_utils._workload.errors import ManifestError

APPLIED = {
    "changed": True,
    "failed": False,
    "objects": [{"kind": "MCPServer", "name": "wiki", "action": "created"}],
    "diff": [{"before": "", "after": "x"}],
    "warnings": ["w"],
    "namespace": "default",
    "name": "wiki",
    "mode": "workload",
    "msg": "MCPServer created",
}
VALIDATION = {"state": "Validated", "endpoint": "http://wiki.default.svc:8080/mcp"}
SERVER = {
    "metadata": {"name": "wiki", "namespace": "default", "managedFields": [1]},
    "spec": {"image": "wiki:1"},
    "status": {"phase": "Running", "validation": VALIDATION},
}
GOOD, BAD = {"compliant": True, "pod": "a"}, {"compliant": False, "pod": "b"}


@pytest.fixture
def run(monkeypatch):
    """Run the action with results of applying and observing, and return its result and what it asked for."""

    def start(applied=APPLIED, observed=None, *, check_mode=False, diff=False, found=None, **given):
        seen = {}
        action = mcpserver.ActionModule.__new__(mcpserver.ActionModule)
        action._task = SimpleNamespace(check_mode=check_mode, diff=diff)
        monkeypatch.setattr(action, "client", lambda _options: SimpleNamespace(find=lambda *_key: found))

        def apply(_client, servers, options, _templates, *, dry_run):
            seen.update(servers=servers, options=options, dry_run=dry_run)
            return {key: dict(applied) for key in servers}

        def observe(_client, targets, _options, _templates, *, dry_run):
            seen.update(targets=targets)
            assert dry_run is check_mode
            return dict.fromkeys(targets, observed)

        monkeypatch.setattr(mcpserver, "apply_servers", apply)
        monkeypatch.setattr(mcpserver, "observe_servers", observe)
        defaults = {name: spec.get("default") for name, spec in mcpserver.ActionModule.OPTIONS.items()}
        return action.act({**defaults, **given}), seen

    return start


def test_it_applies_validates_and_returns_the_object_the_url_and_the_report(run):
    observed = {"failed": False, "msg": "is running", "server": SERVER, "reports": {"a": GOOD}, "warnings": ["v"]}
    result, seen = run(observed=observed, name="wiki", image="wiki:1")
    assert seen["servers"]["default/wiki"]["spec"] == {"image": "wiki:1"}
    assert seen["targets"]["default/wiki"] == {"namespace": "default", "name": "wiki", "mode": "workload"}
    assert seen["options"]["validation_image"].startswith("registry.example.com/mcp/mcp-operator:")
    assert (result["changed"], result["failed"], result["msg"]) == (True, False, "is running")
    assert result["mcpserver"]["status"] == SERVER["status"]
    assert result["mcpserver"]["metadata"] == {"name": "wiki", "namespace": "default"}
    assert result["endpoint"] == "http://wiki.default.svc:8080/mcp"
    assert (result["report"], result["reports"]) == (GOOD, {"a": GOOD})
    assert result["warnings"] == ["w", "v"]
    assert "diff" not in result


def test_a_server_that_fails_validation_fails_with_its_report_and_keeps_what_changed(run):
    observed = {"failed": True, "msg": "is no MCP server", "server": SERVER, "reports": {"a": GOOD, "b": BAD}}
    result, _seen = run(observed=observed, name="wiki", image="wiki:1", diff=True)
    assert (result["changed"], result["failed"], result["msg"]) == (True, True, "is no MCP server")
    assert result["report"] == BAD
    assert result["diff"] == APPLIED["diff"]


def test_a_route_that_is_applied_after_the_validation_is_a_change(run):
    route = {"kind": "HTTPRoute", "name": "wiki", "action": "created"}
    observed = {"failed": False, "msg": "is running", "server": SERVER, "changed": True, "objects": [route], "diff": []}
    result, _seen = run(applied={**APPLIED, "changed": False}, observed=observed, name="wiki", image="wiki:1")
    assert result["changed"] is True
    assert result["objects"] == [*APPLIED["objects"], route]


def test_without_waiting_the_mcpserver_is_returned_as_it_is(run):
    result, seen = run(found=SERVER, name="wiki", image="wiki:1", wait=False)
    assert "targets" not in seen
    assert result["mcpserver"]["status"]["phase"] == "Running"
    assert result["msg"] == "MCPServer created"


def test_what_cannot_be_applied_is_not_awaited(run):
    result, seen = run(applied={**APPLIED, "failed": True, "msg": "forbidden"}, name="wiki", image="wiki:1")
    assert (result["failed"], result["msg"], result["mcpserver"], result["endpoint"]) == (True, "forbidden", {}, "")
    assert "targets" not in seen


def test_check_mode_is_a_dry_run(run):
    observed = {"failed": False, "msg": "validation skipped"}
    result, seen = run(observed=observed, name="wiki", image="wiki:1", check_mode=True)
    assert seen["dry_run"] is True
    assert (result["mcpserver"], result["msg"]) == ({}, "validation skipped")


def test_an_invalid_manifest_is_rejected_before_anything_is_sent(run):
    with pytest.raises(ManifestError, match=r"spec\.image of wiki"):
        run(name="wiki")


@pytest.mark.parametrize(("wait", "seconds"), [(True, 120.0), (False, 0.0)])
def test_absent_deletes_and_waits_if_wanted(run, monkeypatch, wait, seconds):
    made = []

    class Deletion:
        def __init__(self, _client, *, wait_timeout, dry_run):
            made.append((wait_timeout, dry_run))

        def delete(self, namespace, name):
            return {"changed": True, "msg": f"{namespace}/{name}"}

    monkeypatch.setattr(mcpserver, "Deletion", Deletion)
    result, _seen = run(state="absent", name="wiki", namespace="team", wait=wait)
    assert result == {"changed": True, "msg": "team/wiki"}
    assert made == [(seconds, False)]
