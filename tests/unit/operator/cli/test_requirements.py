# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The extras of the package bring what the commands import."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from mcp_operator.cli.main import _RUN_PACKAGES, main

PYPROJECT = Path(__file__).resolve().parents[4] / "operator" / "pyproject.toml"
PROJECT = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
# Distributions whose packages have other names.
PACKAGES = {"ansible-core": "ansible", "pyyaml": "yaml"}


def packages_of(extra):
    distributions = [re.match(r"[a-z0-9-]+", line)[0] for line in PROJECT["optional-dependencies"][extra]]
    return {PACKAGES.get(name, name.replace("-", "_")) for name in distributions}


def test_the_extras_bring_the_packages_of_their_commands():
    assert packages_of("run") == set(_RUN_PACKAGES)
    assert packages_of("status") == {"kubernetes", "rich"}
    assert PROJECT["dependencies"] == []


def test_json_needs_no_rich(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "rich", None)
    monkeypatch.setenv("K8S_AUTH_KUBECONFIG", "/nonexistent")
    assert main(["status", "--output", "json"]) == 2
    assert "/nonexistent" in capsys.readouterr().out
    assert main(["status"]) == 2
    assert "extra status" in capsys.readouterr().err
