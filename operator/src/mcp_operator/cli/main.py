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
from ..process.allocator import return_large_blocks
from ..settings.load import add_flags as add_settings
from .list_offers import add_flags as add_list
from .list_offers import list_offers
from .pin import add_flags as add_pin
from .pin import pin
from .render import add_flags as add_render
from .render import render
from .requirements import require
from .status import add_flags as add_status
from .status import status
from .validate import add_flags as add_validation
from .validate import validate

_UNUSABLE = 2
_RUN_PACKAGES = (
    "ansible", "ansible_runner", "cryptography", "jmespath", "kubernetes", "prometheus_client", "urllib3", "yaml",
)  # fmt: skip
_Command = t.Callable[[argparse.Namespace, t.Mapping[str, str]], int]


def main(arguments: t.Sequence[str] | None = None) -> int:
    """Run a command and return the exit code of the process."""
    parser = argparse.ArgumentParser(
        prog="mcp-operator", description="Kubernetes operator that reconciles with Ansible"
    )
    parser.add_argument("--version", action="version", version=f"mcp-operator {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add(
        commands, "run", "watch the kinds in watches.yaml and reconcile their objects with Ansible", add_settings, _run
    )
    _add(commands, "validate", "validate MCP servers by a real handshake", add_validation, validate)
    _add(commands, "status", "show the MCPServers of one or several clusters, and what to do next", add_status, status)
    _add(commands, "render", "print the objects that MCPServers become, without a cluster", add_render, render)
    _add(commands, "list", "list everything that an MCPServer offers, with schemas", add_list, list_offers)
    _add(commands, "pin", "write a lock file of what MCPServers offer, or compare with it", add_pin, pin)
    flags = parser.parse_args(arguments)
    return_large_blocks()
    try:
        return int(flags.command(flags, os.environ))
    except McpKubernetesError as exc:
        sys.stderr.write(f"mcp-operator: {exc}\n")
        return _UNUSABLE


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    described: str,
    add_flags: t.Callable[[argparse.ArgumentParser], None],
    command: _Command,
) -> None:
    parser = commands.add_parser(
        name,
        help=described,
        description=f"{described[0].upper()}{described[1:]}.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_flags(parser)
    parser.set_defaults(command=command)


def _run(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> int:
    require("run", *_RUN_PACKAGES)
    from .run import run  # noqa: PLC0415  # the other commands must work without its packages

    return run(flags, environment)
