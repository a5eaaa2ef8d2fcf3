# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator status``: a table of the MCPServers of one or several clusters, and what is wrong with them."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import typing as t

from .._vendor._engine.namespaces import require_namespace
from .._vendor._engine.operator_lease import OperatorLease, is_unobserved, unmanaged
from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiNotFound, KubeError, crd_missing
from .._vendor._workload import names
from ..errors import ArgumentsInvalid
from . import migration
from .requirements import require
from .server_summary import Summary, summarize

HEALTHY, UNHEALTHY, UNKNOWN = 0, 1, 2
_CURRENT: t.Final = "current"
_PIPE_WIDTH: t.Final = 400
_COLOURS: t.Final = {
    "Validated": "green",
    "AuthRequired": "yellow",
    "Failed": "red",
    "ValidationFailed": "red",
    "Running": "green",
}
_COLUMNS: t.Final = ("name", "phase", "ready", "protocol", "version", "validation", "capabilities", "age")
_EPILOG: t.Final = """\
exit codes:
  0  every MCPServer is healthy: ready, and its validation has not failed
  1  one of them is not healthy
  2  the command line is invalid, a cluster could not be read, or the namespace does not exist
with --migration:
  0  no MCPServer is known to use a deprecated feature
  1  one of them does
  2  as above"""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all options to a parser."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "--kubeconfig", metavar="FILE", help="the kubeconfig (default K8S_AUTH_KUBECONFIG or KUBECONFIG)"
    )
    parser.add_argument(
        "--context",
        metavar="NAME",
        action="append",
        default=[],
        help="a cluster by its context in the kubeconfig; repeatable (default: the current context)",
    )
    parser.add_argument("--namespace", "-n", metavar="NAME", help="only this namespace (default: all namespaces)")
    parser.add_argument("--output", "-o", choices=("table", "json"), default="table", help="the format (default table)")
    parser.add_argument(
        "--migration",
        action="store_true",
        help="show the deprecated features of MCP that each server uses, with the date of their earliest removal",
    )


def status(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> int:
    """Show the MCPServers and return the exit code of the process.

    :raises ExtraMissing: the extra ``status`` of the wheel is not installed.
    """
    require("status", "kubernetes", *(["rich"] if flags.output == "table" and not flags.migration else []))
    if len(set(flags.context)) != len(flags.context):
        raise ArgumentsInvalid("A --context is given twice.", "Name each cluster once.")
    kubeconfig = flags.kubeconfig or environment.get("K8S_AUTH_KUBECONFIG")
    found: list[Summary] = []
    errors: dict[str, str] = {}
    for context in flags.context or [environment.get("K8S_AUTH_CONTEXT") or None]:
        try:
            found += _read(kubeconfig, context, flags.namespace)
        except KubeError as exc:
            errors[context or _CURRENT] = str(exc)
    as_json = flags.output == "json"
    if flags.migration:
        (migration.write_json if as_json else migration.write_text)(found, errors)
        return UNKNOWN if errors else int(migration.uses_deprecated(found))
    (_as_json if as_json else _as_table)(found, errors)
    if errors:
        return UNKNOWN
    return HEALTHY if all(summary["healthy"] for summary in found) else UNHEALTHY


def _read(kubeconfig: str | None, context: str | None, namespace: str | None) -> list[Summary]:
    client = Client({"kubeconfig": kubeconfig, "context": context})
    now = dt.datetime.now(dt.UTC)
    try:
        servers = list(client.list(names.API_VERSION, names.KIND, namespace))
    except ApiNotFound:
        raise crd_missing() from None
    if namespace and not servers:
        require_namespace(client, namespace)
    summaries = [summarize(context or _CURRENT, server, now) for server in servers]
    lease = OperatorLease(client)
    for server, summary in zip(servers, summaries, strict=True):
        if is_unobserved(server) and not lease.manages(summary["namespace"]):
            message = f"{summary['message']} {unmanaged(summary['namespace'])}".strip()
            summary.update(healthy=False, message=message, next=[])
    return sorted(summaries, key=lambda summary: (summary["namespace"], summary["name"]))


def _as_json(found: list[Summary], errors: dict[str, str]) -> None:
    json.dump({"servers": found, "unreachable": errors}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def _as_table(found: list[Summary], errors: dict[str, str]) -> None:
    # An extra: the wheel is also installed for commands that do not need it.
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    # A file or a pipe has no width at which to fold lines.
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    console = Console(highlight=False, emoji=False, markup=False, width=width, soft_wrap=True)
    places = [name for name in ("cluster", "namespace") if len({summary[name] for summary in found}) > 1]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in (*places, *_COLUMNS):
        table.add_column(column.upper(), overflow="fold", no_wrap=column != "capabilities")
    for summary in found:
        cells = {
            **summary,
            "ready": f"{summary['readyReplicas']}/{summary['replicas']}",
            "version": summary["protocolVersion"],
            "capabilities": " ".join(summary["capabilities"]),
        }
        table.add_row(*(Text(cells[name], _COLOURS.get(cells[name], "")) for name in (*places, *_COLUMNS)))
    if found:
        console.print(table, soft_wrap=False)
    for summary in [summary for summary in found if not summary["healthy"]]:
        console.print(Text(f"\n{summary['namespace']}/{summary['name']}: {summary['message']}", "bold"))
        for issue in summary["issues"]:
            console.print(Text(f"  {issue['level']} {issue['code']}: {issue['message']}"))
        for advice in summary["next"]:
            console.print(Text(f"  -> {advice}"))
    if found:
        healthy = sum(summary["healthy"] for summary in found)
        console.print(f"\n{healthy} of {len(found)} MCPServers are healthy.")
    elif not errors:
        console.print("There are no MCPServers.")
    for cluster, error in errors.items():
        sys.stderr.write(f"mcp-operator: cluster {cluster}: {error}\n")
