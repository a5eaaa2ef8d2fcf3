# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The options by which a command connects to MCP servers by URL. Secrets come from environment variables."""

from __future__ import annotations

import argparse
import dataclasses
import typing as t
from pathlib import Path

from .._vendor._mcp.api import check_target
from .._vendor._mcp.errors import InvalidTarget
from .._vendor._mcp.options import AUTHENTICATION, TRANSPORTS, ClientCredentials, Options, Target
from ..errors import ArgumentsInvalid
from .environment import secret
from .targets_file import ListedTarget, read_targets

_UNLESS_URLS: t.Final = ("host_header", "ca_cert", "client_cert", "client_key", "no_verify", "header", "client_id")


def add_targets(parser: argparse._ActionsContainer) -> None:
    """Add the option for a file of servers."""
    parser.add_argument(
        "--targets",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="a YAML file that lists servers, with the names of variables that hold their credentials; repeatable",
    )


def add_transport(group: argparse._ArgumentGroup) -> None:
    """Add the option for the transport."""
    group.add_argument(
        "--transport", choices=TRANSPORTS, default="auto", help="the transport that the servers must use (default auto)"
    )


def add_connection(group: argparse._ArgumentGroup) -> None:
    """Add the options about HTTP and TLS."""
    group.add_argument("--host-header", metavar="HOST", help="the Host header and the TLS server name to send")
    group.add_argument(
        "--ca-cert", metavar="FILE", help="PEM file of the CA certificates to trust instead of the system's"
    )
    group.add_argument("--client-cert", metavar="FILE", help="PEM file of the client certificate")
    group.add_argument(
        "--client-key", metavar="FILE", help="PEM file of its key, unless the certificate's file holds it"
    )
    group.add_argument("--no-verify", action="store_true", help="do not verify the servers' certificates")


def add_credentials(group: argparse._ArgumentGroup) -> None:
    """Add the options about credentials."""
    group.add_argument(
        "--header",
        metavar="NAME=VARIABLE",
        action="append",
        default=[],
        type=_pair,
        help="send a header whose value is in an environment variable; repeatable",
    )
    group.add_argument(
        "--bearer-token-env",
        "--bearer-token",
        dest="bearer_token",
        metavar="VARIABLE",
        help="the name of the environment variable that holds the token to send, never the token itself",
    )
    group.add_argument("--client-id", metavar="ID", help="request a token by OAuth client credentials")
    group.add_argument(
        "--client-secret", metavar="VARIABLE", help="the environment variable that holds the client's secret"
    )
    group.add_argument("--token-url", metavar="URL", help="the token endpoint")
    group.add_argument(
        "--issuer", metavar="URL", help="the authorization server whose metadata names the token endpoint"
    )
    group.add_argument("--scope", metavar="SCOPE", action="append", default=[], help="a scope to request; repeatable")
    group.add_argument("--resource", metavar="URL", help="the resource to request (default the server)")
    group.add_argument(
        "--client-authentication",
        choices=AUTHENTICATION,
        default=AUTHENTICATION[0],
        help=f"send ID and secret in a header or in the form (default {AUTHENTICATION[0]})",
    )


def listed_targets(
    urls: t.Sequence[str], flags: argparse.Namespace, options: Options, environment: t.Mapping[str, str]
) -> list[ListedTarget]:
    """Return the servers of the command line, then those of the files, all checked before anything is sent.

    :param options: what the command line says for all servers.
    :raises ArgumentsInvalid: there are none, or a file is invalid.
    :raises InvalidTarget: one of them is invalid, with its position if there are several.
    """
    if not urls and not flags.targets:
        raise ArgumentsInvalid("There is no server to validate.", "Give names of MCPServers, URLs, or --targets FILE.")
    target = Target(transport=flags.transport, host_header=flags.host_header)
    listed = [ListedTarget(url, dataclasses.replace(target, url=url), options) for url in urls]
    listed += [one for path in flags.targets for one in read_targets(path, (target, options), environment)]
    for number, one in enumerate(listed, 1):
        try:
            check_target(one.target, one.options)
        except InvalidTarget as exc:
            if len(listed) > 1 or one.position:
                exc.add_position(one.position or f"URL number {number}")
            raise
    return listed


def given_option(flags: argparse.Namespace) -> str:
    """Return an option that only matters to servers by URL, as it is on the command line; empty if none is given."""
    if flags.bearer_token:
        return "--bearer-token-env"
    name = next((name for name in _UNLESS_URLS if getattr(flags, name)), "")
    return f"--{name.replace('_', '-')}" if name else ""


def connection_options(flags: argparse.Namespace, environment: t.Mapping[str, str], options: Options) -> Options:
    """Return options with what the command line says about connections and credentials.

    :raises ArgumentsInvalid: a variable is not set, or options contradict each other.
    """
    return dataclasses.replace(
        options,
        headers={name: secret("--header", variable, environment) for name, variable in flags.header},
        bearer_token=flags.bearer_token and secret("--bearer-token-env", flags.bearer_token, environment),
        client_credentials=_client_credentials(flags, environment),
        validate_certs=not flags.no_verify,
        ca_cert=flags.ca_cert,
        client_cert=flags.client_cert,
        client_key=flags.client_key,
    )


def _pair(text: str) -> tuple[str, str]:
    name, equals, variable = text.partition("=")
    if not equals or not variable:
        raise argparse.ArgumentTypeError("not of the form NAME=VARIABLE")
    return name, variable


def _client_credentials(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> ClientCredentials | None:
    if flags.client_id is None:
        for name in ("client_secret", "token_url", "issuer", "scope", "resource"):
            if getattr(flags, name):
                raise ArgumentsInvalid(f"--{name.replace('_', '-')} is given without --client-id.")
        return None
    if flags.client_secret is None:
        raise ArgumentsInvalid("--client-id is given without --client-secret.")
    return ClientCredentials(
        client_id=flags.client_id,
        client_secret=secret("--client-secret", flags.client_secret, environment),
        token_url=flags.token_url,
        issuer=flags.issuer,
        scopes=tuple(flags.scope),
        resource=flags.resource,
        authentication=flags.client_authentication,
    )
