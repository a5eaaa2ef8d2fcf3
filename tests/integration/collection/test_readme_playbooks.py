# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Ansible takes the playbooks of the README with the options as printed."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

from support.readme import COMMANDS, INLINE, ROOT

PROGRAM = "ansible-playbook"


def test_ansible_parses_every_playbook_with_its_options() -> None:
    """One run parses all playbooks, because it takes Ansible longer to start than to parse them."""
    lines = [shlex.split(command) for command in (*COMMANDS, *INLINE)]
    words = [word for program, *rest in lines if program == PROGRAM for word in rest]
    playbooks = {word for word in words if word.startswith("mcp.kubernetes.")}
    assert playbooks
    options = [word for word in words if word not in playbooks]
    command = [str(Path(sys.executable).with_name(PROGRAM)), *options, "--syntax-check", *sorted(playbooks)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    parsed = {Path(line.partition(": ")[2]).stem for line in done.stdout.splitlines() if line.startswith("playbook: ")}
    assert parsed == {playbook.rpartition(".")[2] for playbook in playbooks}
