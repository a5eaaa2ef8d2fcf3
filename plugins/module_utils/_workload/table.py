# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The article's table: what ``kubectl get mcpservers`` prints, for where no kubectl is."""

from __future__ import annotations

import json
import typing as t

from .._util import clean, format_duration, parse_time

if t.TYPE_CHECKING:
    import datetime as dt

COLUMNS = ("NAME", "PHASE", "REPLICAS", "READY", "PROTOCOL", "VALIDATION", "CAPABILITIES", "AGE")
# kubectl's own distance between columns.
_GAP = 3


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
    """Return the table; with a NAMESPACE column where the servers are not all of one namespace."""
    found = sorted(servers, key=lambda item: (item["metadata"].get("namespace", ""), item["metadata"]["name"]))
    lines = [list(COLUMNS), *(row(server, now) for server in found)]
    if len({server["metadata"].get("namespace") for server in found}) > 1:
        spaces = ["NAMESPACE", *(str(server["metadata"].get("namespace")) for server in found)]
        lines = [[space, *line] for space, line in zip(spaces, lines)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    gap = " " * _GAP
    return "\n".join(gap.join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines)


def age(created: str | None, now: dt.datetime) -> str:
    """Return the time since an RFC 3339 time the way kubectl prints it: 12s, 5m, 3h, 4d."""
    then = parse_time(created)
    return "" if then is None else format_duration((now - then).total_seconds())
