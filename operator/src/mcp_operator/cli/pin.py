# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator pin``: write a lock file of what MCPServers offer, or compare with it."""

from __future__ import annotations

import argparse
import json
import sys
import typing as t
from pathlib import Path

from .._vendor._engine.pin import Pinned, as_text, compare, write
from .cluster_flags import add_cluster_flags, client_of
from .requirements import require

SAME, DIFFERENT = 0, 1
_LOCK: t.Final = "mcp-lock.yaml"
_EPILOG: t.Final = """\
exit codes:
  0  the lock file was written, or with --check everything is as in the lock file
  1  with --check, an MCPServer offers something else, or is not in the lock file
  2  the command line is invalid, or what an MCPServer offers is not known; nothing was written"""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all options to a parser."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "names", metavar="NAME", nargs="*", help="an MCPServer: NAME, or NAMESPACE/NAME (default: all of the namespace)"
    )
    add_cluster_flags(parser)
    parser.add_argument("--file", "-f", metavar="FILE", type=Path, default=Path(_LOCK), help=f"default {_LOCK}")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if the file would change")
    parser.add_argument("--output", choices=("text", "json"), default="text", help="the format (default text)")


def pin(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> int:
    """Write or compare the lock file and return the exit code of the process.

    :raises McpKubernetesError: the file, the API server or one of the MCPServers cannot be used.
    """
    require("status", "kubernetes", "yaml")
    found = compare(client_of(flags, environment), flags.file, flags.names, flags.namespace, flags.timeout)
    if not flags.check and found.changed:
        write(flags.file, found.after)
    sys.stdout.write(_as_json(found) if flags.output == "json" else _as_text(found, flags))
    return DIFFERENT if flags.check and found.differences else SAME


def _as_json(found: Pinned) -> str:
    changed = {name: [one._asdict() for one in items] for name, items in found.differences.items()}
    return json.dumps({"digests": found.digests, "differences": changed}, indent=2) + "\n"


def _as_text(found: Pinned, flags: argparse.Namespace) -> str:
    lines = [as_text(name, items, found.digests[name]) for name, items in sorted(found.differences.items())]
    same = len(found.digests) - len(found.differences)
    lines.append(f"{same} of {len(found.digests)} MCPServers offer what {flags.file} has.")
    if found.changed and not flags.check:
        lines.append(f"{flags.file} was written; review it before you commit it.")
    return "\n".join(lines) + "\n"
