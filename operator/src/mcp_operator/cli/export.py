# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator export``: the validated MCPServers as documents of an MCP registry."""

from __future__ import annotations

import argparse
import json
import re
import sys
import typing as t
from pathlib import Path
from urllib.parse import urlsplit

from .._vendor._engine.namespaces import require_namespace
from .._vendor._util import clean
from ..catalog import source
from ..catalog.files import write
from ..errors import ArgumentsInvalid
from .cluster_flags import add_connection_flags, client_of
from .requirements import require

_DOMAIN: t.Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
# Names of servers have 200 characters: the domain, a namespace and a name of 63 each, and two separators.
_MAX_DOMAIN: t.Final = 72
_EPILOG: t.Final = """\
Listed are MCPServers whose newest validation succeeded and that were reached through their Gateway. An entry says how
to connect; it has no values of headers and nothing of a Secret.

examples:
  mcp-operator export -n team-a,team-b --domain example.com
  mcp-operator export --directory public --url https://mcp.example.com

exit codes:
  0  the documents are written
  2  the command line is invalid, the cluster cannot be read, or a namespace does not exist"""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all options to a parser."""
    parser.epilog = _EPILOG
    add_publication_flags(parser)
    parser.add_argument(
        "--directory",
        metavar="DIR",
        help="write all documents into a folder for a web server (default: print the list of servers)",
    )


def add_publication_flags(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is listed, and how."""
    add_connection_flags(
        parser, "only MCPServers of these namespaces, separated by commas (default: all)", everywhere=True
    )
    parser.add_argument(
        "--domain",
        default="cluster.local",
        metavar="DOMAIN",
        help="domain of the publisher, with which names begin in reverse (default cluster.local)",
    )
    parser.add_argument(
        "--url", default="", metavar="URL", help="URL at which the documents are served, for the links between them"
    )
    parser.add_argument(
        "--services",
        action="store_true",
        help="also list servers with the URL of their Service, which only clients in the cluster reach",
    )


def publication_of(flags: argparse.Namespace) -> source.Publication:
    """Return what is listed, and how.

    :raises ArgumentsInvalid: an option is invalid.
    """
    if len(flags.domain) > _MAX_DOMAIN or not _DOMAIN.fullmatch(flags.domain):
        raise ArgumentsInvalid(
            f"--domain is not a domain of at most {_MAX_DOMAIN} characters.", "For example: --domain example.com"
        )
    if flags.url:
        try:
            parts = urlsplit(flags.url)
            valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
        except ValueError:
            valid = False
        if not valid or not flags.url.isprintable() or not flags.url.isascii() or " " in flags.url:
            raise ArgumentsInvalid("--url is not an HTTP or HTTPS URL.", "For example: --url https://mcp.example.com")
    namespaces = tuple(dict.fromkeys(filter(None, (flags.namespace or "").split(","))))
    return source.Publication(flags.url, flags.domain, namespaces, flags.services)


def export(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> int:
    """Print or write the documents and return 0.

    :raises McpKubernetesError: an option is invalid, the cluster cannot be read, or the folder cannot be written.
    """
    require("status", "kubernetes")
    publication = publication_of(flags)
    if flags.directory and not flags.url:
        raise ArgumentsInvalid("--directory needs --url.", "Set the URL at which you serve the folder.")
    client = client_of(flags, environment)
    for namespace in publication.namespaces:
        # The API server lists a namespace that does not exist as an empty one.
        require_namespace(client, namespace)
    catalogue = source.read(client, publication)
    if not catalogue.entries:
        sys.stderr.write(f"mcp-operator: {_nothing(publication)}\n")
    if flags.directory:
        count = write(catalogue, Path(flags.directory))
        sys.stdout.write(f"{len(catalogue.entries)} MCPServers, {count} files in {flags.directory}\n")
    else:
        json.dump(catalogue.whole_list(), sys.stdout, indent=2)
        sys.stdout.write("\n")
    return 0


def _nothing(publication: source.Publication) -> str:
    """Return why no server is listed."""
    where = f"in {clean(', '.join(publication.namespaces), 300)} " if publication.namespaces else ""
    reached = "" if publication.services else " and was reached through its Gateway; --services lists those of Services"
    return f"The list is empty: no MCPServer {where}was validated{reached}."
