# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A command whose Python packages are missing names the extra to install, and a command imports only what it needs."""

from __future__ import annotations

import subprocess
import sys

import pytest
from mcp_operator.cli.main import _RUN_PACKAGES

from support.bare import SOURCES, run_bare


@pytest.mark.parametrize(("command", "missing"), [("run", sorted(_RUN_PACKAGES)), ("status", ["kubernetes", "rich"])])
def test_without_its_extra_a_command_names_it(command, missing):
    done = run_bare(command)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"mcp-operator: Python packages are missing: {', '.join(missing)}. Install the wheel of mcp-operator with the "
        f"extra {command}: pip install 'WHEEL[{command}]'. [EXTRA_MISSING]\n"
    )


def test_a_report_as_yaml_needs_its_extra_before_a_server_is_called(tmp_path):
    summary = tmp_path / "summary"
    done = run_bare("validate", "http://127.0.0.1:9/", "-o", "yaml", "--summary", str(summary))
    assert (done.returncode, done.stdout, summary.exists()) == (2, "", False)
    assert "Python packages are missing: yaml." in done.stderr


def test_without_its_extra_a_list_of_targets_names_it(tmp_path):
    targets = tmp_path / "t.yml"
    targets.write_text("targets: []", encoding="utf-8")
    done = run_bare("validate", "--targets", str(targets))
    assert done.returncode == 2
    assert "with the extra targets" in done.stderr


def test_without_its_extra_completion_names_it():
    done = run_bare("completion", "bash")
    assert done.returncode == 2
    assert "pip install 'WHEEL[completion]'" in done.stderr


@pytest.mark.parametrize("command", ["run", "status", "validate"])
def test_the_help_needs_no_extra(command):
    assert run_bare(command, "--help").returncode == 0


def loaded_by(code):
    """Return the modules that a new interpreter has loaded after some code."""
    script = f"import atexit, sys; atexit.register(lambda: print(*sys.modules))\n{code}"
    command, environment = [sys.executable, "-c", script], {"PYTHONPATH": str(SOURCES)}
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment, timeout=60
    ).stdout.split()


def test_a_command_imports_its_own_modules_only():
    loaded = loaded_by("from mcp_operator.cli.main import main; main(['validate', '--help'])")
    assert "mcp_operator.cli.validate" in loaded
    assert {"mcp_operator.cli.status", "mcp_operator.cli.run", "kubernetes"}.isdisjoint(loaded)


def test_the_operator_does_not_import_what_only_the_processes_of_its_runs_need():
    loaded = loaded_by("import mcp_operator.cli.run")
    assert "mcp_operator.runs.preload.preloader" in loaded
    assert {"ansible", "ansible_runner", "mcp_operator.runs.supervisor"}.isdisjoint(loaded)
