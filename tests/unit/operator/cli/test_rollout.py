# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The command ``mcp-operator rollout``."""

from __future__ import annotations

import json

import pytest
import yaml
from mcp_operator._vendor._workload import canary_steps
from mcp_operator.cli import rollout
from mcp_operator.cli.main import main

PAUSED = {
    "phase": "Paused",
    "step": 2,
    "message": "Step 2 of 2.\x1b[2J",
    "since": "2026-01-01T00:00:00Z",
    "stableRevision": "old",
    "canaryRevision": "new",
}


class FakeClient:
    def __init__(self, found):
        self.found, self.requests = found, []

    def find(self, _version, _kind, namespace, name):
        return self.found if (namespace, name) == ("team", "wiki") else None

    def list(self, _version, _kind, _namespace):
        return iter([self.found])

    def request(self, method, path, *, body, query, **_more):
        self.requests.append((method, path, dict(body), query))


@pytest.fixture
def call(monkeypatch, capsys):
    """Run the command for an MCPServer."""

    def run(*arguments, status=PAUSED, strategy="canary", manager=None):
        steps = [{"weight": 10, "pause": "5m"}, {"weight": 50}]
        spec = {"validation": {"strictMode": True}, "rollout": {"strategy": strategy, "steps": steps}}
        if manager:
            spec["rollout"] = {"managedBy": manager}
        found = {"metadata": {"name": "wiki", "namespace": "team"}, "spec": spec, "status": {"rollout": status}}
        client = FakeClient(found)
        monkeypatch.setattr(rollout, "client_of", lambda _flags, _environment: client)
        code = main(["rollout", *arguments])
        return code, capsys.readouterr(), client.requests

    return run


def test_it_shows_the_steps_and_where_the_canary_is(call):
    code, output, requests = call("team/wiki")
    assert (code, requests) == (0, [])
    assert output.out.splitlines() == [
        "team/wiki: Paused since 2026-01-01T00:00:00Z",
        "  Step 2 of 2. [2J",
        "  stable template: old",
        "  canary template: new",
        "    step 1: weight 10, for 300 seconds",
        "  > step 2: weight 50, until it is promoted",
    ]


def test_yaml_is_the_status_and_text_is_the_earlier_name_of_table(call):
    code, output, _requests = call("wiki", "-n", "team", "-o", "yaml")
    assert (code, yaml.safe_load(output.out)) == (0, PAUSED)
    assert "\x1b" not in output.out
    assert call("wiki", "-n", "team", "-o", "text")[1] == call("wiki", "-n", "team")[1]


def test_json_is_the_status(call):
    code, output, _requests = call("wiki", "-n", "team", "-o", "json")
    assert (code, json.loads(output.out)) == (0, PAUSED)


def test_an_aborted_canary_has_an_exit_code_of_its_own(call):
    assert call("team/wiki", status={"phase": "Aborted", "stableRevision": "old"})[0] == 1


def test_before_a_template_has_passed_there_is_none(call):
    code, output, _requests = call("team/wiki", status={})
    assert code == 0
    assert "no template has passed" in output.out


@pytest.mark.parametrize("command", canary_steps.COMMANDS)
def test_a_command_is_an_annotation_that_the_operator_recognizes_as_new_each_time(call, command):
    seen = set()
    for _ in range(2):
        code, output, [(method, path, body, query)] = call("team/wiki", f"--{command}")
        assert (code, method, path.rpartition("/")[2]) == (0, "PATCH", "wiki")
        assert command in output.out
        assert query == {"fieldManager": "mcp-operator-cli"}
        found, request = canary_steps.command_of(body)
        assert found == command
        seen.add(request)
    assert len(seen) == 2


@pytest.mark.parametrize("phase", ["Stable", "Aborted", None, "Unknown"])
@pytest.mark.parametrize("command", canary_steps.COMMANDS)
def test_a_command_without_a_canary_in_progress_would_have_no_effect(call, command, phase):
    """Also if the manifest has just changed: what is given before a canary begins is about earlier ones."""
    code, output, requests = call("team/wiki", f"--{command}", status={"phase": phase} if phase else {})
    assert (code, requests, output.out) == (2, [], "")
    assert "team/wiki has no canary in progress." in output.err


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["team/other"], "There is no MCPServer team/other."),
        (["team/"], "'team/' is not the name of an MCPServer"),
        (["a/team/wiki", "--abort"], "is not the name of an MCPServer"),
        (["team/wiki"], "has no canaries"),
    ],
)
def test_what_cannot_be_shown_is_named(call, arguments, text):
    code, output, _requests = call(*arguments, strategy="rolling")
    assert code == 2
    assert text in output.err
    assert output.out == ""


def test_it_shows_what_another_controller_does(call):
    status = {"phase": "Paused", "message": "Argo Rollouts: Paused", "since": "2026-01-01T00:00:00Z"}
    code, output, _requests = call("team/wiki", status=status, manager="argo-rollouts")
    assert code == 0
    assert output.out == "team/wiki: Paused since 2026-01-01T00:00:00Z\n  Argo Rollouts: Paused\n"
    code, output, _requests = call("team/wiki", status={}, manager="flagger")
    assert output.out == "team/wiki: Flagger does not replace its Pods yet.\n"


def test_commands_are_for_the_operators_own_canaries(call):
    code, output, requests = call("team/wiki", "--promote", manager="argo-rollouts")
    assert (code, requests) == (2, [])
    assert "Argo Rollouts replaces the Pods of team/wiki" in output.err
