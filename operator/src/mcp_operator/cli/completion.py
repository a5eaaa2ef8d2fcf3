# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator completion``: completion of commands and options by argcomplete."""

from __future__ import annotations

import argparse
import importlib.util
import io
import os
import re
import sys
import typing as t

from .requirements import require

_SHELLS: t.Final = ("bash", "zsh", "fish")
_PROGRAMS: t.Final = ("mcp-operator", "kubectl-mcp")
# argcomplete sets this variable where a shell runs the program to complete its command line.
COMPLETES: t.Final = "_ARGCOMPLETE"
# The first word if kubectl asks for completions. It is that of Cobra, for which scripts for all plugins are generated.
COMPLETE: t.Final = "__complete"
# The last line for kubectl: offer no files, or offer them if there is nothing else.
_NO_FILES, _FILES = ":4", ":0"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all options to a parser."""
    parser.epilog = """\
Load it in the file that your shell reads at its start:

examples:
  source <(mcp-operator completion bash)
  source <(mcp-operator completion zsh)
  mcp-operator completion fish | source

kubectl completes "kubectl mcp" by the program kubectl_complete-mcp, which is installed beside kubectl-mcp.

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


def complete_for_kubectl(parser: argparse.ArgumentParser, words: t.Sequence[str]) -> int:
    """Print the completions of the last word as kubectl reads them from plugins, and return 0.

    :param words: those after ``kubectl mcp``; the last one is incomplete, or empty.
    """
    found = _completions(parser, words) if importlib.util.find_spec("argcomplete") is not None else []
    sys.stdout.write("\n".join([*found, _NO_FILES if found else _FILES]) + "\n")
    return 0


def _completions(parser: argparse.ArgumentParser, words: t.Sequence[str]) -> list[str]:
    """Return the completions, each with its description after a tab."""
    from argcomplete import io as debug  # noqa: PLC0415  # an extra
    from argcomplete.completers import SuppressCompleter  # noqa: PLC0415
    from argcomplete.finders import CompletionFinder  # noqa: PLC0415

    class Finder(CompletionFinder):
        def _init_debug_stream(self) -> None:
            debug.debug_stream = sys.stderr  # and not a file descriptor that may be another's

    line = " ".join(["kubectl-mcp", *(re.sub(r"(\W)", r"\\\1", word) for word in words or [""])])
    # fish is the shell for which argcomplete escapes nothing; kubectl's own functions escape for each shell.
    shell = {COMPLETES: "1", f"{COMPLETES}_IFS": "\n", f"{COMPLETES}_DFS": "\t", f"{COMPLETES}_SHELL": "fish"}
    shell |= {"COMP_LINE": line, "COMP_POINT": str(len(line))}
    os.environ.update(shell)
    written = io.StringIO()
    try:
        Finder()(
            parser,
            always_complete_options=False,
            exit_method=lambda _code: None,
            output_stream=written,
            append_space=False,
            default_completer=SuppressCompleter(),
        )
    finally:
        for name in shell:
            del os.environ[name]
    # kubectl wants the value only of an option with =.
    last = words[-1] if words else ""
    prefix = last.partition("=")[0] + "=" if last.startswith("-") and "=" in last else ""
    return [one.removeprefix(prefix).rstrip("\t") for one in written.getvalue().split("\n") if one]
