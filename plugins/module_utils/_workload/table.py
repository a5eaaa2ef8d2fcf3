# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The table that ``kubectl get mcpservers`` prints, for playbooks.

It is laid out here and not by rich: the collection installs nothing on the control node, and prints kubectl's columns.
"""

from __future__ import annotations

import json
import typing as t

from .._util import clean, format_duration, parse_time

if t.TYPE_CHECKING:
    import datetime as dt

COLUMNS = ("NAME", "PHASE", "REPLICAS", "READY", "PROTOCOL", "VALIDATION", "CAPABILITIES", "AGE")
# Spaces between two columns, as kubectl prints them.
_GAP = 3
_MAX_MESSAGE = 1000
# The states of a validation that need no action.
_GOOD_STATES = ("Validated", "AuthRequired", "Disabled")
# The reason of Ready if the server failed validation and serves all the same.
_SERVES_UNVALIDATED = "ReadyUnvalidated"


def no_servers(namespace: str | None) -> str:
    """Return what is shown in place of an empty table.

    :param namespace: None for all.
    """
    return f"There are no MCPServers{f' in the namespace {clean(namespace, 63)}' if namespace else ''}."


def row(server: t.Mapping[str, t.Any], now: dt.datetime) -> list[str]:
    """Return the cells of one MCPServer."""
    meta = server["metadata"]
    status = server.get("status") or {}
    validation = status.get("validation") or {}
    capabilities = validation.get("capabilities")
    cells = [
        meta.get("name"),
        status.get("phase"),
        status.get("replicas", 0),
        status.get("readyReplicas", 0),
        validation.get("protocol"),
        validation.get("state"),
        json.dumps(capabilities, separators=(",", ":")) if capabilities else "",
        age(meta.get("creationTimestamp"), now),
    ]
    return [clean(cell, 253) for cell in cells]


def table(servers: t.Iterable[t.Mapping[str, t.Any]], now: dt.datetime) -> str:
    """Return the table.

    It has a column NAMESPACE if the servers are in several namespaces, and a column CLUSTER if they have several values
    of the key ``cluster``, which the filter ``mcpserver_objects`` adds.
    """
    found = sorted(servers, key=lambda server: (*_place(server), server["metadata"]["name"]))
    rows, titles = [row(server, now) for server in found], list(COLUMNS)
    for index, title in ((1, "NAMESPACE"), (0, "CLUSTER")):
        places = [_place(server)[index] for server in found]
        if len(set(places)) > 1:
            rows, titles = [[clean(place, 253), *cells] for place, cells in zip(places, rows)], [title, *titles]
    return "\n".join(lines(rows, titles))


def lines(rows: t.Iterable[t.Sequence[str]], titles: t.Sequence[str]) -> list[str]:
    """Return the lines of a table with these titles, in columns as wide as their longest cell."""
    cells = [titles, *rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(titles))]
    gap = " " * _GAP
    return [gap.join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in cells]


def is_ready(status: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the condition Ready of an MCPServer's status is True."""
    conditions = status.get("conditions") or []
    return any(condition.get("type") == "Ready" and condition.get("status") == "True" for condition in conditions)


def is_healthy(server: t.Mapping[str, t.Any]) -> bool:
    """Tell whether an MCPServer is ready and its validation has passed, needs credentials, or is disabled."""
    status = server.get("status") or {}
    return is_ready(status) and (status.get("validation") or {}).get("state") in _GOOD_STATES


def advice_on_reach(server: t.Mapping[str, t.Any]) -> str:
    """Return that clients reach a server which failed validation; empty if they do not, or it did not fail."""
    conditions = (server.get("status") or {}).get("conditions") or []
    ready: t.Mapping[str, t.Any] = next((entry for entry in conditions if entry.get("type") == "Ready"), {})
    if (ready.get("status"), ready.get("reason")) != ("True", _SERVES_UNVALIDATED):
        return ""
    if ((server.get("spec") or {}).get("validation") or {}).get("strictMode"):
        return "Clients still reach it."
    return "Clients still reach it: spec.validation.strictMode is not true."


def unhealthy(
    servers: t.Iterable[t.Mapping[str, t.Any]], problem: t.Callable[[t.Mapping[str, t.Any]], str] = lambda _server: ""
) -> list[dict[str, str]]:
    """Return ``cluster``, ``namespace``, ``name`` and ``message`` of each MCPServer that is not healthy.

    :param problem: returns what else is wrong with an MCPServer, or an empty string.
    """
    found = []
    for server in servers:
        other = problem(server)
        if other or not is_healthy(server):
            status = server.get("status") or {}
            own = clean(status.get("message"), _MAX_MESSAGE) or ("" if other else "It has no status yet.")
            message = " ".join(filter(None, (own, advice_on_reach(server), other)))
            cluster, namespace = _place(server)
            found.append(
                {"cluster": cluster, "namespace": namespace, "name": server["metadata"]["name"], "message": message}
            )
    return found


def _place(server: t.Mapping[str, t.Any]) -> tuple[str, str]:
    return str(server.get("cluster", "")), str(server["metadata"].get("namespace", ""))


def age(created: str | None, now: dt.datetime) -> str:
    """Return the time since an RFC 3339 time the way kubectl prints it: 12s, 5m, 3h, 4d."""
    then = parse_time(created)
    return "" if then is None else format_duration((now - then).total_seconds())
