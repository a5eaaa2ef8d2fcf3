# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator status``: the fleet at a glance, of one or several clusters."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import typing as t

from .._vendor._kube.client import Client
from .._vendor._kube.errors import KubeError
from .._vendor._workload import names
from ..errors import ArgumentsInvalid
from .fleet_table import Entry, overview

WELL, NEEDS_SOMEBODY, NOT_KNOWN = 0, 1, 2
_CURRENT: t.Final = "current"
_UNFOLDED: t.Final = 400
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
  0  every MCPServer is ready, and none has failed its validation
  1  one of them needs somebody
  2  the command line cannot be used, or a cluster does not answer"""

Troubles = dict[str, str]


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Let a parser know every option."""
    parser.epilog = _EPILOG
    parser.add_argument("--kubeconfig", metavar="FILE", help="how to reach the API servers (K8S_AUTH_KUBECONFIG)")
    parser.add_argument(
        "--context",
        metavar="NAME",
        action="append",
        default=[],
        help="a cluster, by its context in the kubeconfig; repeatable (default: the current one)",
    )
    parser.add_argument("--namespace", "-n", metavar="NAME", help="only this namespace (default: all of them)")
    parser.add_argument("--output", choices=("table", "json"), default="table", help="for people or for programs")


def status(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> int:
    """Show the MCPServers; the process's exit code."""
    if len(set(flags.context)) != len(flags.context):
        raise ArgumentsInvalid("A --context is given twice.", "Name each cluster once.")
    kubeconfig = flags.kubeconfig or environment.get("K8S_AUTH_KUBECONFIG")
    found: list[Entry] = []
    troubles: Troubles = {}
    for context in flags.context or [environment.get("K8S_AUTH_CONTEXT") or None]:
        try:
            found += _read(kubeconfig, context, flags.namespace)
        except KubeError as exc:
            troubles[context or _CURRENT] = str(exc)
    write = _as_json if flags.output == "json" else _as_table
    write(found, troubles)
    if troubles:
        return NOT_KNOWN
    return WELL if all(entry["healthy"] for entry in found) else NEEDS_SOMEBODY


def _read(kubeconfig: str | None, context: str | None, namespace: str | None) -> list[Entry]:
    client = Client({"kubeconfig": kubeconfig, "context": context})
    now = dt.datetime.now(dt.UTC)
    servers = client.list(names.API_VERSION, names.KIND, namespace)
    entries = [overview(context or _CURRENT, server, now) for server in servers]
    return sorted(entries, key=lambda entry: (entry["namespace"], entry["name"]))


def _as_json(found: list[Entry], troubles: Troubles) -> None:
    json.dump({"servers": found, "unreachable": troubles}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def _as_table(found: list[Entry], troubles: Troubles) -> None:
    # Who validates or runs the operator does not need it.
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    # What goes into a file or a pipe is not folded at the width of a terminal that nobody looks at.
    wide = None if sys.stdout.isatty() else _UNFOLDED
    console = Console(highlight=False, emoji=False, markup=False, width=wide, soft_wrap=True)
    places = [name for name in ("cluster", "namespace") if len({entry[name] for entry in found}) > 1]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in (*places, *_COLUMNS):
        table.add_column(column.upper(), overflow="fold", no_wrap=column != "capabilities")
    for entry in found:
        cells = {
            **entry,
            "ready": f"{entry['readyReplicas']}/{entry['replicas']}",
            "version": entry["protocolVersion"],
            "capabilities": " ".join(entry["capabilities"]),
        }
        table.add_row(*(Text(cells[name], _COLOURS.get(cells[name], "")) for name in (*places, *_COLUMNS)))
    if found:
        console.print(table, soft_wrap=False)
    for entry in [entry for entry in found if not entry["healthy"]]:
        console.print(Text(f"\n{entry['namespace']}/{entry['name']}: {entry['message']}", "bold"))
        for issue in entry["issues"]:
            console.print(Text(f"  {issue['level']} {issue['code']}: {issue['message']}"))
        for advice in entry["next"]:
            console.print(Text(f"  -> {advice}"))
    well = sum(entry["healthy"] for entry in found)
    console.print(Text(f"\n{well} of {len(found)} MCPServers are well." if found else "There are no MCPServers."))
    for cluster, trouble in troubles.items():
        sys.stderr.write(f"mcp-operator: cluster {cluster}: {trouble}\n")
