# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator import``: from a ``server.json``, or a manifest of another project, to a manifest of an MCPServer."""

from __future__ import annotations

import argparse
import sys
import typing as t

from .._vendor._engine.registry_client import MAX_BYTES, REGISTRY, bounded
from .._vendor._engine.server_import import Choices, Source, as_text, import_servers, read_source
from .._vendor._util import clean
from ..errors import ArgumentsInvalid
from .requirements import require

COMPLETE, INCOMPLETE = 0, 1
_EPILOG: t.Final = """\
The manifest is printed for your review, with notes as comments. Nothing is applied, and no package is downloaded.

Besides a server.json, it reads MCPServers of kmcp, ToolHive and mcp-lifecycle-operator, for example from
`kubectl get mcpservers.kagent.dev -A -o yaml`. The comments DROPPED name the fields that were left out.

examples:
  mcp-operator import server.json > weather.yaml
  mcp-operator import --registry com.example/weather --version 1.2.0
  kubectl get mcpservers.kagent.dev -A -o yaml | mcp-operator import -

exit codes:
  0  the manifest is complete
  1  it is printed, and its comments say what you must add
  2  the command line or what was read is invalid, or the registry cannot be read"""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all options to a parser."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "server",
        nargs="?",
        metavar="FILE | URL | NAME",
        help="a server.json or manifests (- for standard input), or with --registry a name such as com.example/server",
    )
    parser.add_argument(
        "--registry",
        metavar="URL",
        nargs="?",
        const=REGISTRY,
        default="",
        help=f"read the server from a registry by its API v0.1 (default {REGISTRY})",
    )
    parser.add_argument("--version", metavar="VERSION", default="latest", help="of the server in the registry")
    parser.add_argument("--name", metavar="NAME", default="", help="of the MCPServer (default: from the server's name)")
    parser.add_argument(
        "--package",
        choices=("oci", "npm", "pypi"),
        default="",
        help="the type of the package (default: the first of these)",
    )
    parser.add_argument(
        "--remotes", action="store_true", help="print the remote URLs as a file for `mcp-operator validate --targets`"
    )


def import_server(flags: argparse.Namespace, _environment: t.Mapping[str, str]) -> int:
    """Print the manifest and return the exit code of the process.

    :raises McpKubernetesError: the server cannot be read, or cannot become a manifest.
    """
    require("targets", "yaml")
    if flags.server is None:
        # The URL of --registry can be left out, so the name of a server may have been taken for it.
        if not flags.registry or "://" in flags.registry:
            raise ArgumentsInvalid("There is no server to import.", "Give a file, a URL, or --registry and a name.")
        flags.server, flags.registry = flags.registry, REGISTRY
    if flags.server == "-" and not flags.registry:
        data, shown = bounded(sys.stdin.buffer.read(MAX_BYTES + 1)), "standard input"
    else:
        data, shown = read_source(Source(flags.server, flags.registry, flags.version)), clean(flags.server, 200)
    result = import_servers(data, Choices(flags.name, flags.package, flags.remotes))
    sys.stdout.write(as_text(result, shown))
    return INCOMPLETE if result.missing else COMPLETE
