# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator rollout``: show the canary of an MCPServer, and promote, pause, resume or abort it."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import typing as t

from .._vendor._engine.served_offers import find_servers
from .._vendor._kube.body import MergePatch
from .._vendor._kube.client import Client
from .._vendor._kube.resources import object_path
from .._vendor._util import clean, format_time
from .._vendor._workload import canary, names, rollout_manager
from .._vendor._workload.canary_steps import COMMANDS
from .._vendor._workload.fields import mapping
from ..errors import ArgumentsInvalid
from .cluster_flags import OF_A_NAME, add_connection_flags, client_of, namespace_of
from .name_completion import completes_names
from .output_format import TABLE, add_output, as_data
from .requirements import require

OK, ABORTED = 0, 1
_MANAGER: t.Final = "mcp-operator-cli"
_MEANINGS: t.Final = {
    "promote": "go on to the next step, or replace the stable template after the last one",
    "pause": "stay at this step until it is resumed or promoted",
    "resume": "let the pause of this step count again",
    "abort": "delete the canary; its template is not tried again until it changes",
}
_EPILOG: t.Final = """\
examples:
  mcp-operator rollout weather -n team-a
  mcp-operator rollout weather -n team-a --promote

exit codes:
  0  the state is shown, or the command is given to the operator
  1  the newest template was aborted, or failed
  2  the command line is invalid, or the MCPServer could not be read, has no canaries, or none for a command"""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add all options to a parser."""
    parser.epilog = _EPILOG
    completes_names(parser.add_argument("name", metavar="NAME", help="an MCPServer: NAME, or NAMESPACE/NAME"))
    add_connection_flags(parser, OF_A_NAME)
    add_output(parser)
    commands = parser.add_mutually_exclusive_group()
    for command in COMMANDS:
        commands.add_argument(
            f"--{command}", dest="command", action="store_const", const=command, help=_MEANINGS[command]
        )


def rollout(flags: argparse.Namespace, environment: t.Mapping[str, str]) -> int:
    """Show the canary, or give a command to the operator, and return the exit code of the process.

    :raises McpKubernetesError: the API server or the command line cannot be used.
    """
    require("status", "kubernetes")
    client = client_of(flags, environment)
    [server] = find_servers(client, [flags.name], namespace_of(flags, environment))
    manager = rollout_manager.manager(server["spec"])
    if manager and flags.command:
        title = rollout_manager.TITLES[manager]
        raise ArgumentsInvalid(
            f"{title} replaces the Pods of {names.server_key(server)}.", f"Use a command of {title}."
        )
    if not manager and not canary.wanted(server):
        raise ArgumentsInvalid(
            f"{names.server_key(server)} has no canaries.",
            "Set spec.rollout.strategy to canary, and spec.validation.strictMode to true.",
        )
    found = dict(mapping(mapping(server, "status"), canary.FIELD))
    if flags.command:
        if found.get("phase") not in canary.ONGOING:
            # The operator would take the command for one about an earlier canary.
            raise ArgumentsInvalid(
                f"{names.server_key(server)} has no canary in progress.",
                "If you have just changed the manifest, wait until the canary has begun.",
            )
        _give(client, server, flags.command)
        sys.stdout.write(f"{names.server_key(server)}: {flags.command} is requested.\n")
        return OK
    sys.stdout.write(_as_text(server, found) if flags.output == TABLE else as_data(found, flags.output))
    return ABORTED if found.get("phase") == canary.ABORTED else OK


def _give(client: Client, server: t.Mapping[str, t.Any], command: str) -> None:
    meta = server["metadata"]
    # The time makes a command that is given again a new one.
    value = f"{command} {format_time(dt.datetime.now(dt.UTC), micro=True)}"
    client.request(
        "PATCH",
        object_path(names.API_VERSION, names.KIND, meta["namespace"], meta["name"]),
        what=f"annotate MCPServer {names.server_key(server)}",
        body=MergePatch({"metadata": {"annotations": {names.ROLLOUT_ANNOTATION: value}}}),
        query={"fieldManager": _MANAGER},
    )


def _as_text(server: t.Mapping[str, t.Any], found: t.Mapping[str, t.Any]) -> str:
    managed = rollout_manager.manager(server["spec"])
    if not found and managed:
        return f"{names.server_key(server)}: {rollout_manager.TITLES[managed]} does not replace its Pods yet.\n"
    if not found:
        return f"{names.server_key(server)}: no template has passed validation yet.\n"
    steps = canary.steps(server)
    lines = [f"{names.server_key(server)}: {clean(found.get('phase'))} since {clean(found.get('since'))}"]
    if found.get("message"):
        lines.append(f"  {clean(found['message'], 500)}")
    if found.get("analysis"):
        lines.append(f"  analysis: {clean(found['analysis'])}")
    if managed:
        return "\n".join(lines) + "\n"
    lines.append(f"  stable template: {clean(found.get('stableRevision'))}")
    if found.get("canaryRevision"):
        lines.append(f"  canary template: {clean(found['canaryRevision'])}")
    if found.get("phase") in canary.ONGOING:
        current = int(found.get("step") or 1)
        for number, step in enumerate(steps, 1):
            pause = "until it is promoted" if step.pause is None else f"for {step.pause:.0f} seconds"
            sign = ">" if number == current else " "
            lines.append(f"  {sign} step {number}: weight {step.weight}, {pause}")
    return "\n".join(lines) + "\n"
