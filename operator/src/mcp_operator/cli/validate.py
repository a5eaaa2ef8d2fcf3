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

from .._vendor._mcp.api import MAX_CONCURRENCY
from .._vendor._mcp.formats.formats import ServerReport, exit_code
from .._vendor._mcp.options import Options, ToolCall
from .._vendor._workload.report_encoding import encode_reports
from ..errors import ArgumentsInvalid
from . import named_servers, outputs, target_flags
from .cluster_flags import OF_A_NAME, add_connection_flags
from .name_completion import completes_names
from .progress import Progress
from .validation_workers import ValidationWorkers

if t.TYPE_CHECKING:
    from .._vendor._mcp.api import TargetOptions

_DEFAULTS: t.Final = Options()
_CONCURRENCY: t.Final = 16
_EPILOG: t.Final = """\
examples:
  mcp-operator validate http://localhost:8080/mcp
  mcp-operator validate weather -n team-a
  mcp-operator validate --targets mcp-targets.yml -o junit --output-file mcp.xml

exit codes:
  0  every server complies with MCP
  1  one of them does not
  2  the command line or a file of --targets is invalid; no request was sent (or an output cannot be written, or an
     MCPServer does not exist or has no Pod)
  3  one of them requires credentials, so its compliance is unknown; the others comply

Secrets come from environment variables, which no process list shows.
docs/validation-issues.md explains the issues."""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all options to a parser."""
    parser.epilog = _EPILOG
    servers = parser.add_argument(
        "urls",
        metavar="URL | NAME",
        nargs="*",
        help="a server by its URL; without a path, the usual paths are tried. Or an MCPServer by NAME or "
        "NAMESPACE/NAME, validated as its spec says through a port-forward to one of its Pods",
    )
    completes_names(servers)
    target_flags.add_targets(parser)
    _add_checks(parser.add_argument_group("checks"))
    _add_times(parser.add_argument_group("timeouts"))
    target_flags.add_connection(parser.add_argument_group("connection"))
    target_flags.add_credentials(parser.add_argument_group("credentials"))
    add_connection_flags(parser.add_argument_group("MCPServers"), OF_A_NAME)
    output = parser.add_argument_group("output")
    outputs.add_flags(output)
    output.add_argument(
        "--summary", metavar="FILE", type=Path, help="also write a summary to this file, as JSON of at most 3 KiB"
    )


def _add_checks(group: argparse._ArgumentGroup) -> None:
    target_flags.add_transport(group)
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


def _object(text: str) -> dict[str, t.Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError("no JSON object")
    return value


def validate(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> int:
    """Validate the servers and return the exit code of the process.

    :raises McpKubernetesError: the arguments are invalid, or the output cannot be written.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends the process at once: there is nothing to clean up
    wanted = outputs.outputs(flags)
    results = _reports(flags, environment)
    if flags.summary is not None:
        outputs.write_text(encode_reports([result.report.to_dict() for result in results]), flags.summary)
    outputs.write(results, wanted)
    return exit_code(results)


def _reports(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> list[ServerReport]:
    """Validate the servers and return their reports in the order of the command line."""
    if named_servers.check_flags(flags):
        # A validation by URL starts in half the time without the client of the API server.
        from . import served  # noqa: PLC0415

        with Progress(sys.stderr, len(flags.urls)) as progress:
            return served.reports(flags, environment, progress.advance)
    listed = target_flags.listed_targets(flags.urls, flags, _options(flags, environment), environment)
    jobs: list[TargetOptions] = [(one.target, one.options) for one in listed]
    # Progress has a thread, so it begins after the forks.
    with ValidationWorkers(jobs, flags.concurrency) as workers, Progress(sys.stderr, len(jobs)) as progress:
        reports = workers.reports(progress.advance)
    return [ServerReport(one.url, report, one.label, one.location) for one, report in zip(listed, reports, strict=True)]


def _options(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> Options:
    if flags.tool_arguments is not None and flags.call_tool is None:
        raise ArgumentsInvalid("--tool-arguments is given without --call-tool.")
    options = dataclasses.replace(
        _DEFAULTS,
        timeout=flags.timeout,
        request_timeout=flags.request_timeout,
        start_timeout=flags.start_timeout,
        required_capabilities=tuple(flags.require),
        strict=flags.strict,
        deep=flags.deep,
        tool_call=ToolCall(flags.call_tool, flags.tool_arguments or {}) if flags.call_tool is not None else None,
        expect=tuple(flags.expect),
    )
    return target_flags.connection_options(flags, environment, options)
