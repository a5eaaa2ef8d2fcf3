# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator catalog``: serve the validated MCPServers as a read-only MCP registry."""

from __future__ import annotations

import argparse
import logging
import typing as t

from ..catalog import source
from ..catalog.pages import PREFLIGHT, pages
from ..errors import ArgumentsInvalid
from ..process.http_server import HttpServer, Limits
from ..process.logs import LogFormat, configure
from ..process.shutdown import Shutdown
from ..settings.operator_settings import ListenAddress
from .cluster_flags import client_of
from .export import add_publication_flags, publication_of
from .requirements import require

_log = logging.getLogger(__name__)
_INTERVAL: t.Final = 30.0
_MIN_INTERVAL: t.Final = 1.0
_EPILOG: t.Final = """\
It serves, for GET requests without credentials:
  /v0.1/servers and /v0/servers       the API of an MCP registry, to read only
  /.well-known/mcp/catalog.json       the MCP Catalog (draft of SEP-2127)
  /.well-known/ai-catalog.json        the AI Catalog, which the draft uses since July 2026
  /server-cards/NAMESPACE/NAME.json   a Server Card
  /healthz, /readyz                   for probes

It needs permission to list MCPServers, and no other.

examples:
  mcp-operator catalog --url https://mcp.example.com --domain example.com

exit codes:
  0  it was ended by a signal
  2  the command line or the kubeconfig is invalid, or the address cannot be used"""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all options to a parser."""
    parser.epilog = _EPILOG
    add_publication_flags(parser)
    parser.add_argument("--bind-address", metavar="ADDR", default=":8080", help="address to listen on (default :8080)")
    parser.add_argument(
        "--interval",
        metavar="SECONDS",
        type=float,
        default=_INTERVAL,
        help=f"seconds until MCPServers are listed again (default {_INTERVAL:g}); after ten failures, none is served",
    )


def catalog(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> int:
    """Serve until a signal to stop, and return 0.

    :raises McpKubernetesError: an option or the kubeconfig cannot be used.
    """
    require("status", "kubernetes")
    publication = publication_of(flags)
    if not publication.url:
        raise ArgumentsInvalid("--url is missing.", "Set the URL at which clients reach the catalogue.")
    if not _MIN_INTERVAL <= flags.interval <= 3600:
        raise ArgumentsInvalid("--interval is not between 1 and 3600 seconds.")
    try:
        address = ListenAddress.parse(flags.bind_address)
    except ValueError as exc:
        raise ArgumentsInvalid(f"--bind-address: {exc}.") from None
    if address is None:
        raise ArgumentsInvalid("--bind-address is 0.", "Name a port.")
    configure(LogFormat.JSON, "info")
    client = client_of(flags, environment)
    cache = source.CatalogueCache(lambda: source.read(client, publication), flags.interval)
    shutdown = Shutdown()
    shutdown.install()
    try:
        server = HttpServer(address, pages(cache), limits=Limits(connections=128, threads=2), preflight=PREFLIGHT)
    except OSError as exc:
        raise ArgumentsInvalid(f"--bind-address: {exc.strerror}.") from None
    _log.info("Serving the catalogue of %s on port %d", publication.domain, server.port)
    try:
        cache.refresh()
        while not shutdown.wait(flags.interval):
            cache.refresh()
    finally:
        server.close()
    return 0
