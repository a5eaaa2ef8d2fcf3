# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""What the command shows to users who do not know its options."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from mcp_operator.cli import main, status

from support.bare import SOURCES

_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCES)}
_INTERRUPTED = """
import os, signal, sys
from mcp_operator.cli import main
def run(_command, _name, _flags):
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.kill(os.getpid(), signal.SIGINT)
    signal.pause()
main._Command.run = run
sys.exit(main.main(["status"]))
"""


def test_without_a_command_the_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main([]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "validate MCP servers by a real handshake" in shown.err
    assert "COMMAND --help shows the options, examples and exit codes" in shown.err


@pytest.mark.parametrize("command", main._COMMANDS)
def test_the_help_of_a_command_has_examples_and_exit_codes(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main.main([command, "--help"])
    shown = capsys.readouterr().out
    assert "\nexamples:\n  " in shown
    assert f"mcp-operator {command} " in shown.partition("examples:")[2]
    assert "exit codes:\n  0  " in shown


def test_a_state_has_the_color_that_it_has_in_dashboards() -> None:
    colours = {"Validated": "green", "AuthRequired": "blue", "Failed": "red"}
    assert {state: status._COLOURS[state] for state in colours} == colours


@pytest.mark.parametrize("command", ["catalog", "connect", "export", "pin", "status"])
def test_all_namespaces_are_selected_as_with_kubectl(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main.main([command, "-A", "-n", "team"])
    assert ended.value.code == 2
    assert "argument --namespace/-n: not allowed with argument --all-namespaces/-A" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["list", "pin", "rollout", "status", "validate"])
def test_the_formats_have_the_same_names_in_all_commands(command, capsys):
    with pytest.raises(SystemExit):
        main.main([command, "--help"])
    assert "--output {table,json,yaml" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["statsu"], "mcp-operator: error: there is no command 'statsu'; did you mean status?"),
        (["\x1b[2J"], "mcp-operator: error: there is no command '\\x1b[2J'"),
        (
            ["status", "--namepsace=x"],
            "status: error: unrecognized arguments: --namepsace=x; did you mean --namespace?",
        ),
        (["export", "--timeout", "2"], "mcp-operator export: error: unrecognized arguments: --timeout 2"),
        (["render"], "mcp-operator render: error: the following arguments are required: PATH"),
    ],
)
def test_what_is_mistyped_is_named_in_two_lines(words, error, capsys):
    with pytest.raises(SystemExit) as ended:
        main.main(words)
    first, second = capsys.readouterr().err.splitlines()
    assert ended.value.code == 2
    assert error in first
    assert second.endswith("--help shows what can be given.")


def test_ctrl_c_ends_a_command_as_the_signal_does_and_without_a_traceback():
    command = [sys.executable, "-c", _INTERRUPTED]
    done = subprocess.run(command, env=_ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_output_that_cannot_be_written_is_an_error_and_no_traceback():
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "mcp_operator", "completion", "bash"]
        done = subprocess.run(
            command, env=_ENVIRONMENT, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert (done.returncode, done.stderr) == (2, f"mcp-operator: {os.strerror(errno.ENOSPC)}\n")
