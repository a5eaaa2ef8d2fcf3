# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The health of MCPServers as kpt, Flux, and Argo CD with the documented scripts compute it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from .cluster import ROOT

sys.path.insert(0, str(ROOT / "tests" / "servers"))

from oracle import environment

_KEY = "resource.customizations.{}.mcp.mcp-operator.io_MCPServer"


def customization(name: str) -> str:
    """Return a customization of the documented ConfigMap of Argo CD: ``health`` or ``actions``."""
    page = (ROOT / "docs" / "how-to" / "gitops.md").read_text(encoding="utf-8")
    [block] = [text for text in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "resource.customizations" in text]
    return str(yaml.safe_load(block)["data"][_KEY.format(name)])


class ScriptError(Exception):
    """A script ended with an error."""


def run(command: str, script: str, objects: list[dict[str, Any]], **parameters: str) -> list[Any]:
    """Run a command of the program with one of Argo CD's scripts on objects.

    :param parameters: of an action.
    :raises ScriptError: the script ended with an error.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "script.lua"
        path.write_text(script, encoding="utf-8")
        pairs = [f"{name}={value}" for name, value in parameters.items()]
        arguments = [str(environment.health()), command, str(path), *pairs]
        lines = "".join(json.dumps(item) + "\n" for item in objects)
        done = subprocess.run(arguments, input=lines, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode:
        raise ScriptError(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def health(objects: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Return the health of each object by kpt, by Flux and by Argo CD."""
    found = run("status", customization("health"), objects)
    assert all(one["argo"].get("message") for one in found)
    return [(one["kpt"], one["flux"], one["argo"]["status"]) for one in found]
