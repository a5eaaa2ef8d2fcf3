# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator validate`` in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from support.bare import SOURCES, run_bare

sys.path.insert(0, str(SOURCES.parents[1] / "tests" / "servers"))

from zoo.fake_servers.all import FAKE_SERVERS
from zoo.run import HOST, Zoo

GOOD = "correct-streamable-2025-11-25"


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """Return the URL of a server without defects."""
    with Zoo([server for server in FAKE_SERVERS if server.name == GOOD], tmp_path_factory.mktemp("zoo")) as zoo:
        yield f"http://{HOST}:{zoo.ports[GOOD]}"


def test_it_runs_with_nothing_but_python(good):
    done = run_bare("validate", good)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("PASS")
    without = run_bare("validate", good, "--expect", "tools")
    assert (without.returncode, without.stdout) == (2, "")
    assert "Install jmespath." in without.stderr


def test_a_terminal_that_knows_few_characters(good):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(SOURCES)}
    command = [
        sys.executable,
        "-m",
        "mcp_operator",
        "validate",
        good,
        "--expect",
        "contains(tools.names, 'Zürich')",
    ]
    done = subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"Z?rich" in done.stdout
