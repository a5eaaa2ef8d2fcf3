# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator pin``: write a lock file of what MCP servers offer, or compare with it."""

from __future__ import annotations

import argparse
import signal
import sys
import typing as t
from pathlib import Path

from .._vendor._engine.offers_by_url import PinnedUrl, lock_name, offers_by_url
from .._vendor._engine.pin import Pinned, as_text, compare, stale_as_text, write
from .._vendor._engine.served_offers import Served, fleet_covers, fleet_offers
from .._vendor._mcp.options import Options
from ..errors import ArgumentsInvalid
from . import target_flags
from .cluster_flags import OF_NAMES, add_cluster_flags, client_of, namespace_of
from .name_completion import completes_names
from .output_format import TABLE, add_output, as_data
from .requirements import require

SAME, DIFFERENT, UNKNOWN = 0, 1, 2
_LOCK: t.Final = "mcp-lock.yaml"
_CREDENTIALS: t.Final = "Give them, for example with --bearer-token-env, or correct those that are given."
_EPILOG: t.Final = """\
examples:
  mcp-operator pin -n team-a
  mcp-operator pin -n team-a --check
  mcp-operator pin --url https://mcp.example.com/mcp --check

exit codes:
  0  the lock file has what the servers offer; without --check, it was written if it had not
  1  with --check, a server offers something else, or is not in the lock file
  2  the command line or the lock file is invalid, and nothing was written; or what a server offers is not known,
     and its entry remains as it is

Entries of other servers in the file remain; those of MCPServers that do not exist are named. Secrets come from
environment variables, which no process list shows."""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all options to a parser."""
    parser.epilog = _EPILOG
    names = parser.add_argument(
        "names", metavar="NAME", nargs="*", help="an MCPServer: NAME, or NAMESPACE/NAME (default: all of the namespace)"
    )
    completes_names(names)
    add_cluster_flags(parser, OF_NAMES, everywhere=True)
    parser.add_argument(
        "--file", "-f", metavar="FILE", type=Path, default=Path(_LOCK), help=f"the lock file (default {_LOCK})"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if the file would change")
    add_output(parser)
    by_url = parser.add_argument_group("servers by URL, in place of MCPServers")
    by_url.add_argument("--url", metavar="URL", action="append", default=[], help="a server; repeatable")
    target_flags.add_targets(by_url)
    target_flags.add_transport(by_url)
    target_flags.add_connection(by_url)
    target_flags.add_credentials(by_url)


def pin(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> int:
    """Write or compare the lock file and return the exit code of the process.

    :raises McpKubernetesError: the file, the API server or the command line cannot be used.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the process at once: the file is replaced as a whole
    by_url = _by_url(flags, environment)
    found = compare(
        flags.file,
        by_url or _by_cluster(flags, environment),
        lambda name: by_url is None and fleet_covers(flags.names, flags.namespace, name),
    )
    if not flags.check and found.changed:
        write(flags.file, found.after)
    sys.stdout.write(_as_text(found, flags) if flags.output == TABLE else as_data(_result(found), flags.output))
    sys.stdout.flush()
    sys.stderr.write("".join(f"mcp-operator: {problem}\n" for problem in found.unknown.values()))
    if found.unknown:
        return UNKNOWN
    return DIFFERENT if flags.check and found.differences else SAME


def _by_url(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> t.Callable[[], Served] | None:
    """Return a function that reads the servers by URL; None if there are none."""
    if not flags.url and not flags.targets:
        given = target_flags.given_option(flags)
        if given:
            raise ArgumentsInvalid(
                f"{given} is given without --url or --targets.", "MCPServers have their credentials in their spec."
            )
        return None
    require("targets", "yaml")
    for name in ("names", "namespace", "kubeconfig", "context"):
        if getattr(flags, name):
            shown = "NAME" if name == "names" else f"--{name}"
            raise ArgumentsInvalid(f"{shown} is given with --url or --targets.", "Pin MCPServers by a second command.")
    options = target_flags.connection_options(flags, environment, Options(timeout=flags.timeout))
    listed = target_flags.listed_targets(flags.url, flags, options, environment)
    servers = [PinnedUrl(lock_name(one.label, one.url), one.target, one.options) for one in listed]
    return lambda: offers_by_url(servers, credentials=_CREDENTIALS)


def _by_cluster(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> t.Callable[[], Served]:
    require("status", "kubernetes", "yaml")
    client = client_of(flags, environment)
    namespace = namespace_of(flags, environment) if flags.names else flags.namespace
    return lambda: fleet_offers(client, flags.names, namespace, flags.timeout)


def _result(found: Pinned) -> dict[str, t.Any]:
    changed = {name: [one._asdict() for one in items] for name, items in found.differences.items()}
    unknown = {name: problem.to_dict() for name, problem in found.unknown.items()}
    return {"digests": found.digests, "differences": changed, "unknown": unknown, "stale": found.stale}


def _as_text(found: Pinned, flags: argparse.Namespace) -> str:
    lines = [as_text(name, items, found.digests[name]) for name, items in sorted(found.differences.items())]
    lines += map(stale_as_text, found.stale)
    same, total = len(found.digests) - len(found.differences), len(found.digests) + len(found.unknown)
    unknown = f" Not known: {len(found.unknown)}." if found.unknown else ""
    if found.changed and not flags.check:
        what = (
            f"{len(found.differences)} of {total} servers were written to {flags.file}; review it before you commit it."
        )
    else:
        what = f"{same} of {total} servers offer what {flags.file} has."
    return "\n".join([*lines, what + unknown]) + "\n"
