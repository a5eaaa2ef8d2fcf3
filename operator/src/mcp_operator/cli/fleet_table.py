# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""MCPServers as a person wants to see them: how each is, what is wrong with it, what to do next."""

from __future__ import annotations

import datetime as dt
import typing as t

from .._vendor._mcp.issues.catalogue import KINDS
from .._vendor._util import clean
from .._vendor._workload.table import age

_STATES = ("Validated", "AuthRequired", "Disabled")
_TOO_MUCH: t.Final = 300

Entry = dict[str, t.Any]


def overview(cluster: str, server: t.Mapping[str, t.Any], now: dt.datetime) -> Entry:
    """Return what is said of one MCPServer. Texts of servers are cleaned: they must not paint a terminal."""
    meta = server["metadata"]
    status = _mapping(server.get("status"))
    validation = _mapping(status.get("validation"))
    found: Entry = {
        "cluster": cluster,
        "namespace": clean(meta.get("namespace")),
        "name": clean(meta.get("name")),
        "phase": clean(status.get("phase")) or "Unknown",
        "message": clean(status.get("message"), _TOO_MUCH),
        "ready": bool(_ready(status)),
        "replicas": int(status.get("replicas") or 0),
        "readyReplicas": int(status.get("readyReplicas") or 0),
        "validation": clean(validation.get("state")) or "Pending",
        "protocol": clean(validation.get("protocol")),
        "protocolVersion": clean(validation.get("protocolVersion")),
        "capabilities": [clean(name, 40) for name in validation.get("capabilities") or []],
        "age": age(meta.get("creationTimestamp"), now),
        "issues": [_issue(issue) for issue in validation.get("issues") or []],
    }
    found["healthy"] = found["ready"] and found["validation"] in _STATES
    found["next"] = [] if found["healthy"] else _next(found)
    return found


def _issue(issue: t.Mapping[str, t.Any]) -> Entry:
    code = clean(issue.get("code"))
    kind = KINDS.get(code)
    return {
        "level": clean(issue.get("level")),
        "code": code,
        "message": clean(issue.get("message"), _TOO_MUCH),
        "action": kind.action if kind else "",
    }


def _next(found: Entry) -> list[str]:
    """Return what to do, the most telling first, nothing twice."""
    errors = [issue for issue in found["issues"] if issue["level"] == "error"]
    advice = [f"{issue['code']}: {issue['action']}" for issue in errors if issue["action"]]
    where = f"kubectl -n {found['namespace']} describe mcpserver {found['name']}"
    return [*dict.fromkeys(advice), f"See {where}"]


def _ready(status: t.Mapping[str, t.Any]) -> bool:
    conditions = status.get("conditions") or []
    return any(entry.get("type") == "Ready" and entry.get("status") == "True" for entry in conditions)


def _mapping(value: t.Any) -> t.Mapping[str, t.Any]:
    return value if isinstance(value, dict) else {}
