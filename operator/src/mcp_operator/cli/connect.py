# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator connect``: the configuration of an MCP client for MCPServers, and the port-forwards that it needs."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import threading
import typing as t
from pathlib import Path

from .._vendor._engine.served_offers import find_servers
from .._vendor._kube.errors import ApiNotFound
from .._vendor._util import clean
from .._vendor._workload.client_config import CLIENTS, Endpoint, content, entries
from .._vendor._workload.client_endpoint import (
    GATEWAY,
    SERVICE,
    endpoint,
    forwarded,
    gateway_url,
    reachable_url,
    unique_names,
    unreachable,
)
from .._vendor._workload.fields import mapping
from .._vendor._workload.names import server_key
from .._vendor._workload.table import is_healthy
from ..errors import ArgumentsInvalid
from . import client_files
from .cluster_flags import OF_NAMES, add_cluster_flags, client_of, namespace_of
from .local_forward import LocalForward, usual_ports
from .name_completion import completes_names
from .requirements import require

if t.TYPE_CHECKING:
    from .._vendor._kube.client import Client

_AUTO, _FORWARD = "auto", "port-forward"
_LAST_PORT, _DIGITS = 65535, 5
_EPILOG: t.Final = """\
A server that is exposed by a gateway has a URL for all machines. Others, and those whose condition Reachable is False,
are reached by a port-forward, which stays open until you press Ctrl-C; the port is the same each time.
Use --via service for clients in the cluster.
No secret is read or written: --bearer-token-env names the variable that the client reads.

examples:
  mcp-operator connect weather -n team-a --client claude-code
  mcp-operator connect -n team-a --client vscode --write

exit codes:
  0  the configuration was printed or written, and the port-forwards ended by a signal
  2  the command line is invalid, a server has no URL, or the file cannot be changed; then nothing was written"""

Object = t.Mapping[str, t.Any]


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all options to a parser."""
    parser.epilog = _EPILOG
    names = parser.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help="an MCPServer: NAME, or NAMESPACE/NAME (default: all of the namespace that were validated)",
    )
    completes_names(names)
    add_cluster_flags(parser, OF_NAMES, everywhere=True)
    parser.add_argument("--client", choices=tuple(CLIENTS), required=True, help="the MCP client")
    parser.add_argument(
        "--via",
        choices=(_AUTO, GATEWAY, SERVICE, _FORWARD),
        default=_AUTO,
        help=f"how the client connects (default {_AUTO}: the gateway of a server that is exposed, else a port-forward)",
    )
    parser.add_argument("--local-port", metavar="PORT", type=_port, help="the local port, for one server")
    parser.add_argument(
        "--bearer-token-env", metavar="NAME", default="", help="the variable from which the client takes a bearer token"
    )
    file = parser.add_argument_group("file of the client")
    file.add_argument("--write", action="store_true", help="add the servers to the client's usual file, with a backup")
    file.add_argument("--file", metavar="FILE", type=Path, help="add them to this file instead")
    file.add_argument("--replace", action="store_true", help="change entries of the same name that connect differently")


def connect(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> int:
    """Print or write the configuration, keep port-forwards open, and return the exit code of the process.

    :raises McpKubernetesError: the command line, the API server, a server or the file cannot be used.
    """
    require("status", "kubernetes")
    path = flags.file or (client_files.usual_file(flags.client, environment) if flags.write else None)
    if flags.write and path is None:
        raise ArgumentsInvalid(f"The client {flags.client} has no usual file.", "Give one with --file.")
    client = client_of(flags, environment)
    servers = unique_names(_servers(client, flags, environment))
    through_forward = {name for name, server in servers.items() if _is_forwarded(server, flags.via)}
    if flags.local_port is not None and len(through_forward) != 1:
        raise ArgumentsInvalid("--local-port is for one server with a port-forward.", "Name one MCPServer.")
    ports = usual_ports({name: servers[name] for name in through_forward})
    if flags.local_port is not None:
        ports = dict.fromkeys(through_forward, flags.local_port)
    endpoints = {name: _endpoint(server, flags, ports.get(name)) for name, server in servers.items()}
    ended = _signalled() if through_forward else None
    with contextlib.ExitStack() as stack:
        # What cannot be opened must not be in the file.
        for name, port in ports.items():
            stack.enter_context(LocalForward(client, servers[name], port))
        _deliver(flags, path, endpoints)
        for name, server in servers.items():
            _explain(server, endpoints[name])
        if ended:
            _say("The port-forwards are open until you press Ctrl-C.")
            ended.wait()
    return 0


def _servers(client: Client, flags: argparse.Namespace, environment: t.Mapping[str, str]) -> t.Sequence[Object]:
    found = find_servers(client, flags.names, namespace_of(flags, environment) if flags.names else flags.namespace)
    if flags.names:
        return list({server_key(server): server for server in found}.values())
    known = [server for server in found if mapping(mapping(server, "status"), "validation").get("endpoint")]
    for server in found:
        if server not in known:
            _say(f"{server_key(server)} is left out, because it was not validated.")
    if not known:
        where = f" in the namespace {clean(flags.namespace)}" if flags.namespace else ""
        raise ApiNotFound(f"There is no MCPServer{where} that was validated.", "Check the namespace and the context.")
    return known


def _is_forwarded(server: Object, via: str) -> bool:
    return via == _FORWARD or (via == _AUTO and not reachable_url(server))


def _port(text: str) -> int:
    """Return a port.

    :raises argparse.ArgumentTypeError: it is none, or 0, with which the system would choose one.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS and 0 < int(text) <= _LAST_PORT):
        raise argparse.ArgumentTypeError(f"{text} is not a port from 1 to {_LAST_PORT}")
    return int(text)


def _endpoint(server: Object, flags: argparse.Namespace, port: int | None) -> Endpoint:
    """Return how the client connects.

    :param port: the forwarded port; None for a server without one.
    """
    if port is not None:
        return forwarded(server, port, flags.bearer_token_env)
    return endpoint(server, "" if flags.via == _AUTO else flags.via, flags.bearer_token_env)


def _deliver(flags: argparse.Namespace, path: Path | None, endpoints: t.Mapping[str, Endpoint]) -> None:
    if path is None:
        sys.stdout.write(content(flags.client, endpoints))
        sys.stdout.flush()
        return
    backup = client_files.merge(flags.client, path, entries(flags.client, endpoints), replace=flags.replace)
    kept = f" The file as it was is {backup}." if backup else ""
    _say(f"{path} has {', '.join(endpoints)}.{kept}")


def _explain(server: Object, found: Endpoint) -> None:
    _say(f"{server_key(server)}: {found.url}")
    problem = unreachable(server) if gateway_url(server) else ""
    if problem:
        used = "is used, but clients do not reach it" if found.url == gateway_url(server) else "is not used"
        _say(f"{server_key(server)}: the URL of the gateway {used} ({problem})")
    if not is_healthy(server):
        status = mapping(server, "status")
        _say(f"{server_key(server)} is not healthy: {clean(status.get('message'), 300)}")
    issuers = mapping(mapping(server, "spec"), "auth").get("issuers")
    if issuers and not found.token_variable:
        _say(f"{server_key(server)} requires tokens; the client signs in by OAuth.")


def _signalled() -> threading.Event:
    """Return an event that SIGINT and SIGTERM set."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    return ended


def _say(text: str) -> None:
    sys.stderr.write(f"mcp-operator: {text}\n")
    sys.stderr.flush()
