# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The real kubectl completes ``kubectl mcp`` by the program ``kubectl_complete-mcp``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.own_testbed import OwnTestbed

# The programs of the wheel, as pip writes them.
PROGRAMS = {"kubectl-mcp": "main", "kubectl_complete-mcp": "complete_mcp"}


@pytest.fixture
def complete(root: Path, tmp_path: Path):
    """Return a function that asks kubectl for the completions of a command line."""
    for name, function in PROGRAMS.items():
        program = tmp_path / name
        text = f"#!{sys.executable}\nimport sys\nfrom mcp_operator.cli.main import {function}\nsys.exit({function}())\n"
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(root / "operator/src")}

    def run(*words: str) -> list[str]:
        # The hidden command of kubectl that the completion of each shell runs.
        command = [OwnTestbed.find_kubectl(), "__complete", "mcp", *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
        return [line.partition("\t")[0] for line in done.stdout.splitlines()]

    return run


def test_commands_options_and_values_are_completed(complete) -> None:
    assert complete("sta") == ["status", ":4"]
    assert complete("status", "--all-c") == ["--all-contexts", ":4"]
    assert complete("status", "-o", "") == ["table", "json", "yaml", ":4"]
    assert complete("status", "--output=y") == ["yaml", ":4"]
    assert complete("export", "--directory", "") == [":0"]


def test_names_are_those_in_the_cluster(complete, client, crd, kubeconfig, namespace) -> None:
    for name in ("wiki", "wikidata", "weather"):
        meta = {"name": name, "namespace": namespace}
        server = {"apiVersion": "mcp.mcp-operator.io/v1", "kind": "MCPServer", "metadata": meta}
        client.apply({**server, "spec": {"image": "localhost/none:1"}}, field_manager="tests")
    cluster = ("--kubeconfig", kubeconfig)
    assert complete("rollout", *cluster, "-n", namespace, "wi") == ["wiki", "wikidata", ":4"]
    assert complete("validate", *cluster, f"{namespace}/we") == [f"{namespace}/weather", ":4"]
    # Without an answer in two seconds, the shell offers files.
    assert complete("validate", "--kubeconfig", "/nonexistent", "wi") == [":0"]
