# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator list``: everything that an MCPServer offers, with schemas, read from one of its Pods."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import typing as t

from .._vendor._engine.served_offers import find_servers, served_offers
from .._vendor._mcp.offers.digests import FIELDS, KINDS
from .._vendor._mcp.offers.lock import visible
from .._vendor._workload.names import server_key
from .cluster_flags import OF_A_NAME, add_cluster_flags, client_of, namespace_of
from .name_completion import completes_names
from .output_format import TABLE, add_output, as_data
from .requirements import require

_TEXT: t.Final = 100_000  # characters of one value
_EPILOG: t.Final = """\
The first line has the digest for spec.validation.tools.digest.

examples:
  mcp-operator list weather -n team-a
  mcp-operator list team-a/weather -o json

exit codes:
  0  everything is listed
  2  the command line is invalid, or what the MCPServer offers is not known"""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all options to a parser."""
    parser.epilog = _EPILOG
    completes_names(parser.add_argument("name", metavar="NAME", help="an MCPServer: NAME, or NAMESPACE/NAME"))
    add_cluster_flags(parser, OF_A_NAME)
    add_output(parser)


def list_offers(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> int:
    """Print what a server offers and return the exit code of the process.

    :raises McpKubernetesError: what it offers is not known.
    """
    require("status", "kubernetes", "yaml")
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the process at once: there is nothing to clean up
    client = client_of(flags, environment)
    (server,) = find_servers(client, [flags.name], namespace_of(flags, environment))
    entry = served_offers(client, server, flags.timeout)
    if flags.output == TABLE:
        sys.stdout.write("\n".join(_lines(server_key(server), entry)) + "\n")
    else:
        sys.stdout.write(as_data({"server": server_key(server), **entry}, flags.output))
    return 0


def _lines(name: str, entry: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    yield f"{name}  {entry['digest']}"
    if "instructions" in entry:
        yield f"instructions: {visible(entry['instructions'], _TEXT)}"
    for kind in KINDS:
        items = entry.get(kind) or []
        if items:
            yield f"\n{kind.replace('_', ' ')} ({len(items)})"
        for item in items:
            first, *others = (field for field in FIELDS[kind] if field in item)
            yield f"  {_shown(item[first])}  {item['digest']}"
            for field in others:
                yield f"    {field}: {_shown(item[field])}"


def _shown(value: t.Any) -> str:
    return visible(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), _TEXT)
