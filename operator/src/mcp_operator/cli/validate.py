# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator validate``: validate servers, write their reports, and exit with the worst result."""

from __future__ import annotations

import argparse
import dataclasses
import json
import signal
import sys
import typing as t
from pathlib import Path

from .._vendor._mcp.api import MAX_CONCURRENCY, check_target, validate_all
from .._vendor._mcp.errors import InvalidTarget
from .._vendor._mcp.formats.formats import ServerReport, exit_code
from .._vendor._mcp.options import AUTHENTICATION, TRANSPORTS, ClientCredentials, Options, Target, ToolCall
from .._vendor._workload.report_encoding import encode_reports
from ..errors import ArgumentsInvalid
from . import outputs
from .environment import secret
from .progress import Progress
from .targets_file import ListedTarget, read_targets

if t.TYPE_CHECKING:
    from .._vendor._mcp.api import TargetOptions

_DEFAULTS: t.Final = Options()
_CONCURRENCY: t.Final = 16
_EPILOG: t.Final = """\
exit codes:
  0  every server complies with MCP
  1  one of them does not
  2  the command line or a file of --targets is invalid; no request was sent (or an output cannot be written)
  3  one of them requires credentials, so its compliance is unknown; the others comply

Secrets come from environment variables, which no process list shows.
docs/validation-issues.md explains the issues."""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all options to a parser."""
    parser.epilog = _EPILOG
    parser.add_argument("urls", metavar="URL", nargs="*", help="a server; without a path, the usual paths are tried")
    parser.add_argument(
        "--targets",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="a YAML file that lists servers, with the names of variables that hold their credentials; repeatable",
    )
    _add_checks(parser.add_argument_group("checks"))
    _add_times(parser.add_argument_group("timeouts"))
    _add_connection(parser.add_argument_group("connection"))
    _add_credentials(parser.add_argument_group("credentials"))
    output = parser.add_argument_group("output")
    outputs.add_flags(output)
    output.add_argument(
        "--summary", metavar="FILE", type=Path, help="also write a summary to this file, as JSON of at most 3 KiB"
    )


def _add_checks(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--transport", choices=TRANSPORTS, default="auto", help="the transport that the servers must use (default auto)"
    )
    group.add_argument(
        "--require",
        metavar="CAPABILITY",
        action="append",
        default=[],
        help="a capability that the servers must advertise; repeatable",
    )
    group.add_argument("--strict", action="store_true", help="treat warnings as errors")
    group.add_argument("--deep", action="store_true", help="also send requests that servers must reject")
    group.add_argument(
        "--expect",
        metavar="EXPRESSION",
        action="append",
        default=[],
        help="a JMESPath expression over the report that must hold; repeatable; needs the Python library jmespath",
    )
    group.add_argument("--call-tool", metavar="NAME", help="a harmless tool to call")
    group.add_argument("--tool-arguments", metavar="JSON", type=_object, help="an object, for --call-tool")


def _add_times(group: argparse._ArgumentGroup) -> None:
    for name, default, about in (
        ("timeout", _DEFAULTS.timeout, "for one server in total"),
        ("request-timeout", _DEFAULTS.request_timeout, "for one request and its response"),
        ("start-timeout", _DEFAULTS.start_timeout, "for repeated attempts at a server that is starting"),
    ):
        described = f"seconds {about} (default {default:g})"
        group.add_argument(f"--{name}", metavar="SECONDS", type=float, default=default, help=described)
    group.add_argument(
        "--concurrency",
        metavar="NUMBER",
        type=int,
        default=_CONCURRENCY,
        help=f"servers validated at the same time, at most {MAX_CONCURRENCY} (default {_CONCURRENCY})",
    )


def _add_connection(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--host-header", metavar="HOST", help="the Host header and the TLS server name to send")
    group.add_argument(
        "--ca-cert", metavar="FILE", help="PEM file of the CA certificates to trust instead of the system's"
    )
    group.add_argument("--client-cert", metavar="FILE", help="PEM file of the client certificate")
    group.add_argument(
        "--client-key", metavar="FILE", help="PEM file of its key, unless the certificate's file holds it"
    )
    group.add_argument("--no-verify", action="store_true", help="do not verify the servers' certificates")


def _add_credentials(group: argparse._ArgumentGroup) -> None:
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


def _object(text: str) -> dict[str, t.Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError("no JSON object")
    return value


def _pair(text: str) -> tuple[str, str]:
    name, equals, variable = text.partition("=")
    if not equals or not variable:
        raise argparse.ArgumentTypeError("not of the form NAME=VARIABLE")
    return name, variable


def validate(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> int:
    """Validate the servers and return the exit code of the process.

    :raises McpKubernetesError: the arguments are invalid, or the output cannot be written.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the process at once: there is nothing to clean up
    wanted = outputs.outputs(flags)
    listed = _listed(flags, environment)
    _check(listed)
    jobs: list[TargetOptions] = [(one.target, one.options) for one in listed]
    with Progress(sys.stderr, len(jobs)) as progress:
        reports = validate_all(jobs, flags.concurrency, progress.advance)
    if flags.summary is not None:
        outputs.write_text(encode_reports([report.to_dict() for report in reports]), flags.summary)
    results = [
        ServerReport(one.url, report, one.label, one.location) for one, report in zip(listed, reports, strict=True)
    ]
    outputs.write(results, wanted)
    return exit_code(results)


def _listed(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> list[ListedTarget]:
    """Return the servers of the command line, then those of the files.

    :raises ArgumentsInvalid: there are none, or a file is invalid.
    """
    if not flags.urls and not flags.targets:
        raise ArgumentsInvalid("There is no server to validate.", "Give URLs, or --targets FILE.")
    options = _options(flags, environment)
    target = Target(transport=flags.transport, host_header=flags.host_header)
    listed = [ListedTarget(url, dataclasses.replace(target, url=url), options) for url in flags.urls]
    return listed + [one for path in flags.targets for one in read_targets(path, (target, options), environment)]


def _check(listed: t.Sequence[ListedTarget]) -> None:
    """Check all servers before anything is sent.

    :raises InvalidTarget: if one of them is invalid, with its position if there are several.
    """
    for number, one in enumerate(listed, 1):
        try:
            check_target(one.target, one.options)
        except InvalidTarget as exc:
            if len(listed) > 1 or one.position:
                exc.add_position(one.position or f"URL number {number}")
            raise


def _options(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> Options:
    if flags.tool_arguments is not None and flags.call_tool is None:
        raise ArgumentsInvalid("--tool-arguments is given without --call-tool.")
    return dataclasses.replace(
        _DEFAULTS,
        timeout=flags.timeout,
        request_timeout=flags.request_timeout,
        start_timeout=flags.start_timeout,
        required_capabilities=tuple(flags.require),
        strict=flags.strict,
        headers={name: secret("--header", variable, environment) for name, variable in flags.header},
        bearer_token=flags.bearer_token and secret("--bearer-token-env", flags.bearer_token, environment),
        client_credentials=_client_credentials(flags, environment),
        validate_certs=not flags.no_verify,
        ca_cert=flags.ca_cert,
        client_cert=flags.client_cert,
        client_key=flags.client_key,
        deep=flags.deep,
        tool_call=ToolCall(flags.call_tool, flags.tool_arguments or {}) if flags.call_tool is not None else None,
        expect=tuple(flags.expect),
    )


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
