# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The entry point of ``mcp-operator``."""

from __future__ import annotations

import argparse
import os
import sys
import typing as t

from .. import __version__
from .._vendor._errors import McpKubernetesError
from ..settings.load import add_flags
from .run import run

_UNUSABLE = 2


def main(arguments: t.Sequence[str] | None = None) -> int:
    """Run a command; the process's exit code."""
    parser = argparse.ArgumentParser(prog="mcp-operator", description="Kubernetes operator that reconciles by Ansible")
    parser.add_argument("--version", action="version", version=f"mcp-operator {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    described = "watch what watches.yaml names, and answer changes with runs of Ansible"
    command = commands.add_parser("run", help=described, description=f"{described[0].upper()}{described[1:]}.")
    add_flags(command)
    command.set_defaults(command=run)
    flags = parser.parse_args(arguments)
    try:
        return int(flags.command(flags, os.environ))
    except McpKubernetesError as exc:
        sys.stderr.write(f"mcp-operator: {exc}\n")
        return _UNUSABLE
