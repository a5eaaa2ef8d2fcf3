# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator completion``: completion of commands and options by argcomplete."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import typing as t

from .requirements import require

_SHELLS: t.Final = ("bash", "zsh", "fish")
_PROGRAMS: t.Final = ("mcp-operator", "kubectl-mcp")
# argcomplete sets this variable where a shell runs the program to complete its command line.
COMPLETES: t.Final = "_ARGCOMPLETE"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all options to a parser."""
    parser.epilog = """\
Load it in the file that your shell reads at its start:

examples:
  source <(mcp-operator completion bash)
  source <(mcp-operator completion zsh)
  mcp-operator completion fish | source

exit codes:
  0  it was printed
  2  the command line is invalid, or the Python library argcomplete is not installed"""
    parser.add_argument("shell", choices=_SHELLS, help="the shell")


def completion(flags: argparse.Namespace, _environment: t.Mapping[str, str]) -> int:
    """Print what the shell needs, and return the exit code of the process.

    :raises ExtraMissing: argcomplete is not installed.
    """
    require("completion", "argcomplete")
    from argcomplete.shell_integration import shellcode  # noqa: PLC0415  # an extra

    sys.stdout.write(shellcode(list(_PROGRAMS), shell=flags.shell))
    return 0


def complete(parser: argparse.ArgumentParser) -> None:
    """Print completions and end the process, if a shell runs the program to complete its command line."""
    if COMPLETES in os.environ and importlib.util.find_spec("argcomplete") is not None:
        import argcomplete  # noqa: PLC0415  # an extra

        argcomplete.autocomplete(parser)
