# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator completion``."""

from __future__ import annotations

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
