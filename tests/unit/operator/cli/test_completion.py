# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator completion``, and the completions that kubectl asks for."""

from __future__ import annotations

import importlib.util
import os
import sys

import pytest
from mcp_operator.cli import main as entry


@pytest.mark.parametrize(
    ("shell", "text"), [("bash", "complete -o"), ("zsh", "compdef"), ("fish", "complete --command")]
)
def test_the_text_is_for_the_shell(shell, text, capsys):
    assert entry.main(["completion", shell]) == 0
    printed = capsys.readouterr().out
    assert text in printed
    assert "mcp-operator" in printed


def test_kubectl_mcp_is_the_same_program(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["/usr/local/bin/kubectl-mcp", "--help"])
    with pytest.raises(SystemExit):
        entry.main()
    assert capsys.readouterr().out.startswith("usage: kubectl mcp ")


@pytest.fixture
def completed(monkeypatch, capsys):
    """Return a function that completes a command line as kubectl does, and returns the lines."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["kubectl_complete-mcp", *words])
        assert entry.complete_mcp() == 0
        shown = capsys.readouterr()
        assert shown.err == ""
        return shown.out.splitlines()

    return run


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (["sta"], ["status\tshow the MCPServers of one or several clusters, and what to do next", ":4"]),
        (["status", "--kubec"], ["--kubeconfig", ":4"]),
        (["status", "-o", ""], ["table", "json", "yaml", ":4"]),
        (["status", "--output=j"], ["json", ":4"]),
        (["connect", "-n", "a b'c\"", "--client", "cu"], ["cursor\tthe MCP client", ":4"]),
        # kubectl's functions offer files where nothing else is known.
        (["render", ""], [":0"]),
        (["export", "--directory", "s"], [":0"]),
        (["no-such-command", "x"], [":0"]),
        (["status", "--no-such-option", "x"], [":0"]),
    ],
)
def test_kubectl_completes_by_a_program_beside_the_plugin(completed, words, lines):
    found = completed(*words)
    assert [
        line if "\t" in wanted else line.partition("\t")[0] for line, wanted in zip(found, lines, strict=True)
    ] == lines
    assert "_ARGCOMPLETE" not in os.environ


def test_all_commands_are_completed(completed):
    assert {line.partition("\t")[0] for line in completed("")} == {*entry._COMMANDS, ":4"}


def test_without_argcomplete_kubectl_completes_files(completed, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert completed("sta") == [":0"]
