# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator status``: a table of the MCPServers of one or several clusters, and what is wrong with them."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import typing as t

from .._vendor._engine.namespaces import require_namespace
from .._vendor._engine.operator_lease import OperatorLease, is_unobserved, unmanaged
from .._vendor._kube.client import Client
from .._vendor._kube.errors import ApiNotFound, crd_missing
from .._vendor._workload import names
from .._vendor._workload.table import no_servers
from . import clusters, migration
from .cluster_flags import add_namespace
from .output_format import TABLE, add_output, as_data
from .requirements import require
from .server_summary import Summary, summarize

if t.TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

HEALTHY, UNHEALTHY, UNKNOWN = 0, 1, 2
# Timeout of one request, seconds.
_CALL_TIMEOUT: t.Final = 20.0
_PIPE_WIDTH: t.Final = 400
_COLOURS: t.Final = {
    "Validated": "green",
    "AuthRequired": "blue",
    "Failed": "red",
    "ValidationFailed": "red",
    "Running": "green",
}
_COLUMNS: t.Final = ("name", "phase", "ready", "protocol", "version", "validation", "capabilities", "age")
_EPILOG: t.Final = """\
examples:
  mcp-operator status -n team-a
  mcp-operator status --all-contexts -o json

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
    clusters.add_flags(parser)
    add_namespace(parser, "only this namespace (default: all namespaces)", everywhere=True)
    add_output(parser)
    parser.add_argument(
        "--migration",
        action="store_true",
        help="show the deprecated features of MCP that each server uses, with the date of their earliest removal",
    )


def status(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> int:
    """Show the MCPServers and return the exit code of the process.

    :raises ExtraMissing: the extra ``status`` of the wheel is not installed.
    """
    plain = flags.output == TABLE
    require("status", "kubernetes", *(["rich"] if plain and not flags.migration else []))
    wanted = clusters.places(flags, environment)
    read = clusters.read_all(wanted, lambda place: _read(place, flags), flags.timeout)
    found = [summary for summaries in read.found.values() for summary in summaries]
    if flags.migration:
        if plain:
            migration.write_text(found, read.errors, flags.namespace)
        else:
            sys.stdout.write(as_data(migration.migration_report(found, read.errors), flags.output))
        return UNKNOWN if read.errors else int(migration.uses_deprecated(found))
    if plain:
        _as_table(found, read.errors, wanted=len(wanted), namespace=flags.namespace)
    else:
        sys.stdout.write(as_data({"servers": found, "unreachable": read.errors}, flags.output))
    if read.errors:
        return UNKNOWN
    return HEALTHY if all(summary["healthy"] for summary in found) else UNHEALTHY


def _read(place: clusters.Place, flags: argparse.Namespace) -> list[Summary]:
    options = {"kubeconfig": place.kubeconfig, "context": place.context}
    client = Client(options, timeout=min(flags.timeout, _CALL_TIMEOUT))
    namespace: str | None = flags.namespace
    now = dt.datetime.now(dt.UTC)
    try:
        servers = list(client.list(names.API_VERSION, names.KIND, namespace))
    except ApiNotFound:
        raise crd_missing() from None
    if namespace and not servers:
        require_namespace(client, namespace)
    summaries = [summarize(place.name, server, now) for server in servers]
    lease = OperatorLease(client)
    for server, summary in zip(servers, summaries, strict=True):
        if is_unobserved(server) and not lease.manages(summary["namespace"]):
            message = f"{summary['message']} {unmanaged(summary['namespace'])}".strip()
            summary.update(healthy=False, message=message, next=[])
    return sorted(summaries, key=lambda summary: (summary["namespace"], summary["name"]))


def _as_table(found: list[Summary], errors: dict[str, str], *, wanted: int, namespace: str | None) -> None:
    """Write the table and what is wrong.

    :param wanted: the number of clusters.
    :param namespace: that is shown; None for all.
    """
    # An extra: the wheel is also installed for commands that do not need it.
    from rich.console import Console  # noqa: PLC0415

    # A file or a pipe has no width at which to fold lines.
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    console = Console(highlight=False, emoji=False, markup=False, width=width, soft_wrap=True)
    table = _table(found, errors, wanted)
    if table.row_count:
        console.print(table, soft_wrap=False)
    _print_unhealthy(console, found, wanted)
    if found:
        healthy = sum(summary["healthy"] for summary in found)
        of_clusters = f" {wanted - len(errors)} of {wanted} clusters were read." if wanted > 1 else ""
        console.print(f"\n{healthy} of {len(found)} MCPServers are healthy.{of_clusters}")
    elif not errors:
        console.print(no_servers(namespace))
    for cluster, error in errors.items():
        sys.stderr.write(f"mcp-operator: cluster {cluster}: {error}\n")


def _table(found: list[Summary], errors: dict[str, str], wanted: int) -> Table:
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    places = [
        *(["cluster"] if wanted > 1 else []),
        *(["namespace"] if len({summary["namespace"] for summary in found}) > 1 else []),
    ]
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
    for cluster in errors if wanted > 1 else ():
        cells = {"cluster": cluster, "name": "-", "phase": "Unreachable"}
        table.add_row(*(Text(cells.get(name, ""), "red") for name in (*places, *_COLUMNS)))
    return table


def _print_unhealthy(console: Console, found: list[Summary], wanted: int) -> None:
    from rich.text import Text  # noqa: PLC0415

    for summary in [summary for summary in found if not summary["healthy"]]:
        where = f"{summary['cluster']} " if wanted > 1 else ""
        console.print(Text(f"\n{where}{summary['namespace']}/{summary['name']}: {summary['message']}", "bold"))
        for issue in summary["issues"]:
            console.print(Text(f"  {issue['level']} {issue['code']}: {issue['message']}"))
        for advice in summary["next"]:
            console.print(Text(f"  -> {advice}"))
