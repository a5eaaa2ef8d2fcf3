# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The entry point of ``mcp-operator``."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import typing as t
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from .._vendor._errors import McpKubernetesError
from ..process.allocator import return_large_blocks
from .completion import COMPLETE, COMPLETES, complete, complete_for_kubectl
from .parser import Parser, similar
from .requirements import require

_UNUSABLE = 2
_PIPE_CLOSED = 128 + signal.SIGPIPE  # as a shell reports it
_RUN_PACKAGES = (
    "ansible", "ansible_runner", "cryptography", "jmespath", "kubernetes", "prometheus_client", "urllib3", "yaml",
)  # fmt: skip


@dataclass(frozen=True)
class _Command:
    """A command. Its modules are imported only when it is used: to import those of all takes longer than most commands.

    :param options: the function that adds its options to a parser, as ``module:name`` in ``mcp_operator``.
    :param function: the function that runs it and returns the exit code.
    :param packages: packages that the function's module imports beyond those of the bare wheel.
    """

    described: str
    options: str
    function: str
    packages: tuple[str, ...] = ()

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        t.cast("t.Callable[[argparse.ArgumentParser], None]", _imported(self.options))(parser)

    def run(self, name: str, flags: argparse.Namespace) -> int:
        if self.packages:
            require(name, *self.packages)
        function = t.cast("t.Callable[[argparse.Namespace, t.Mapping[str, str]], int]", _imported(self.function))
        return function(flags, os.environ)


_COMMANDS = {
    "run": _Command(
        "watch the kinds in watches.yaml and reconcile their objects with Ansible",
        "settings.load:add_flags",
        "cli.run:run",
        _RUN_PACKAGES,
    ),
    "validate": _Command("validate MCP servers by a real handshake", "cli.validate:add_flags", "cli.validate:validate"),
    "status": _Command(
        "show the MCPServers of one or several clusters, and what to do next",
        "cli.status:add_flags",
        "cli.status:status",
    ),
    "render": _Command(
        "print the objects that MCPServers become, without a cluster", "cli.render:add_flags", "cli.render:render"
    ),
    "list": _Command(
        "list everything that an MCPServer offers, with schemas",
        "cli.list_offers:add_flags",
        "cli.list_offers:list_offers",
    ),
    "connect": _Command(
        "configure an MCP client for MCPServers, and forward ports to them",
        "cli.connect:add_flags",
        "cli.connect:connect",
    ),
    "rollout": _Command(
        "show the canary of an MCPServer, and promote, pause or abort it",
        "cli.rollout:add_flags",
        "cli.rollout:rollout",
    ),
    "pin": _Command(
        "write a lock file of what MCP servers offer, or compare with it", "cli.pin:add_flags", "cli.pin:pin"
    ),
    "import": _Command(
        "print the manifest for a server of the MCP registry",
        "cli.import_server:add_flags",
        "cli.import_server:import_server",
    ),
    "export": _Command(
        "write the validated MCPServers as documents of an MCP registry", "cli.export:add_flags", "cli.export:export"
    ),
    "catalog": _Command(
        "serve the validated MCPServers as a read-only MCP registry", "cli.catalog:add_flags", "cli.catalog:catalog"
    ),
    "completion": _Command(
        "print what a shell needs to complete commands", "cli.completion:add_flags", "cli.completion:completion"
    ),
}


def main(arguments: t.Sequence[str] | None = None) -> int:
    """Run a command and return the exit code of the process."""
    # A stream is None if the caller has closed it.
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # until the process ends
    sys.stderr = sys.stderr or sys.stdout
    try:
        return _main(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        # Ctrl-C ends the process as it ends others: its shell sees the reason, and no thread is awaited.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
        raise


def _main(words: list[str]) -> int:
    for_kubectl = words[:1] == [COMPLETE]
    words = words[1:] if for_kubectl else words
    # No option before the command takes a value, so the first other word is the command.
    chosen = next((word for word in words if not word.startswith("-")), "")
    # For `kubectl mcp`, kubectl runs the program `kubectl-mcp`.
    prog = "kubectl mcp" if Path(sys.argv[0]).name == "kubectl-mcp" else "mcp-operator"
    parser = Parser(prog=prog, description="MCP servers on Kubernetes: the operator and its tools")
    parser.add_argument("--version", action="version", version=f"mcp-operator {__version__}")
    parser.epilog = f"{prog} COMMAND --help shows the options, examples and exit codes of a command."
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    subparsers: dict[str, Parser] = {}
    for name, command in _COMMANDS.items():
        described = command.described
        subparsers[name] = commands.add_parser(
            name,
            help=described,
            description=f"{described[0].upper()}{described[1:]}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == chosen or COMPLETES in os.environ:
            command.add_options(subparsers[name])
    complete(parser)
    if for_kubectl:
        return complete_for_kubectl(parser, words)
    if not words:
        parser.print_help(sys.stderr)
        return _UNUSABLE
    if chosen and chosen not in _COMMANDS:
        parser.error(f"there is no command {chosen!a}{similar(chosen, list(_COMMANDS))}")
    flags, unknown = parser.parse_known_args(words)
    if unknown:
        subparsers[chosen].refuse(unknown)
    return_large_blocks()
    return _run(chosen, flags)


def complete_mcp() -> int:
    """Complete a command line of ``kubectl mcp``: kubectl runs the program ``kubectl_complete-mcp`` for it."""
    return main([COMPLETE, *sys.argv[1:]])


def _run(chosen: str, flags: argparse.Namespace) -> int:
    try:
        code = _COMMANDS[chosen].run(chosen, flags)
        sys.stdout.flush()
    except McpKubernetesError as exc:
        sys.stderr.write(f"mcp-operator: {exc}\n")
        return _UNUSABLE
    except OSError as exc:
        if chosen == "run":
            raise
        # At its end, Python would try to write once more what it could not write to standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(exc, BrokenPipeError):
            return _PIPE_CLOSED  # `| head` has read all that it needs
        where = f"{exc.filename}: " if exc.filename else ""
        sys.stderr.write(f"mcp-operator: {where}{exc.strerror or exc}\n")
        return _UNUSABLE
    return code


def _imported(place: str) -> object:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(f"...{module}", __name__), name)
