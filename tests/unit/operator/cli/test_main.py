# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the command shows to users who do not know its options."""

from __future__ import annotations

import pytest
from mcp_operator.cli import main, status


def test_without_a_command_the_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main([]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "validate MCP servers by a real handshake" in shown.err
    assert "COMMAND --help shows the options, examples and exit codes" in shown.err


@pytest.mark.parametrize("command", ["validate", "status"])
def test_the_help_of_a_command_has_examples_and_exit_codes(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main.main([command, "--help"])
    shown = capsys.readouterr().out
    assert f"examples:\n  mcp-operator {command} " in shown
    assert "exit codes:\n  0  " in shown


def test_a_state_has_the_color_that_it_has_in_dashboards() -> None:
    colours = {"Validated": "green", "AuthRequired": "blue", "Failed": "red"}
    assert {state: status._COLOURS[state] for state in colours} == colours


@pytest.mark.parametrize("command", ["list", "pin", "rollout", "status", "validate"])
def test_the_formats_have_the_same_names_in_all_commands(command, capsys):
    with pytest.raises(SystemExit):
        main.main([command, "--help"])
    assert "--output {table,json,yaml" in " ".join(capsys.readouterr().out.split())
