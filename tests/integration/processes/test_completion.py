# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Completion as a shell runs it."""

from __future__ import annotations

import os
import subprocess
import sys

from support.bare import SOURCES

_COMPLETE = """\
import sys
sys.argv = ["mcp-operator"]
from mcp_operator.cli.main import main
main()
"""


def completed(line, tmp_path):
    """Return the completions of a command line, as the function of a shell asks for them."""
    answer = tmp_path / "answer"
    environment = {
        **os.environ,
        "PYTHONPATH": str(SOURCES),
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
        "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "COMP_TYPE": "9",
    }
    done = subprocess.run(
        [sys.executable, "-c", _COMPLETE], env=environment, capture_output=True, check=True, timeout=60
    )
    assert done.stdout == b""
    return answer.read_text("utf-8").split("\013")


def test_values_of_the_options_of_a_command_are_completed(tmp_path):
    assert {"inspector", "vscode"} <= set(completed("mcp-operator connect --client ", tmp_path))
