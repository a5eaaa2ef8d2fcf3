# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The state of an MCPServer for people: its status, its issues and what to do about them."""

from __future__ import annotations

import datetime as dt
import typing as t

from .._vendor._deprecations import known_features
from .._vendor._mcp.issues.catalogue import ISSUE_KINDS
from .._vendor._util import as_mapping, clean
from .._vendor._workload.certificate_condition import CONDITION as CERTIFICATE_READY
from .._vendor._workload.table import advice_on_reach, age, is_healthy, is_ready

_MAX_MESSAGE: t.Final = 300
_MAX_CAPABILITY: t.Final = 40

Summary = dict[str, t.Any]


def summarize(cluster: str, server: t.Mapping[str, t.Any], now: dt.datetime) -> Summary:
    """Return the summary of one MCPServer, without control characters: a server's texts must not control a terminal.

    :param cluster: the name of its cluster.
    :param server: the MCPServer as the API server returns it.
    :param now: the time from which its age counts.
    """
    meta = server["metadata"]
    status = as_mapping(server.get("status"))
    validation = as_mapping(status.get("validation"))
    used = validation.get("deprecatedFeatures")
    summary: Summary = {
        "cluster": cluster,
        "namespace": clean(meta.get("namespace")),
        "name": clean(meta.get("name")),
        "phase": clean(status.get("phase")) or "Unknown",
        "message": f"{clean(status.get('message'), _MAX_MESSAGE)} {advice_on_reach(server)}".strip(),
        "ready": is_ready(status),
        "replicas": int(status.get("replicas") or 0),
        "readyReplicas": int(status.get("readyReplicas") or 0),
        "validation": clean(validation.get("state")) or "Pending",
        "protocol": clean(validation.get("protocol")),
        "protocolVersion": clean(validation.get("protocolVersion")),
        "capabilities": [clean(name, _MAX_CAPABILITY) for name in validation.get("capabilities") or []],
        "deprecatedFeatures": known_features(used) if isinstance(used, list) else None,
        "age": age(meta.get("creationTimestamp"), now),
        "issues": [_issue(issue) for issue in validation.get("issues") or []],
        "healthy": is_healthy(server),
    }
    summary["next"] = [] if summary["healthy"] else _next(summary, status)
    return summary


def _issue(issue: t.Mapping[str, t.Any]) -> dict[str, str]:
    code = clean(issue.get("code"))
    kind = ISSUE_KINDS.get(code)
    return {
        "level": clean(issue.get("level")),
        "code": code,
        "message": clean(issue.get("message"), _MAX_MESSAGE),
        "action": kind.action if kind else "",
    }


def _next(summary: Summary, status: t.Mapping[str, t.Any]) -> list[str]:
    """Return what to do: the action of each error once, then the command that shows the details."""
    certificate = _certificate_problem(status)
    # Its action is about the options of the validator.
    own = {"TLS_VERIFY_FAILED"} if certificate else set()
    errors = [issue for issue in summary["issues"] if issue["level"] == "error" and issue["code"] not in own]
    advice = [certificate] if certificate else []
    advice += [f"{issue['code']}: {issue['action']}" for issue in errors if issue["action"]]
    return [*dict.fromkeys(advice), f"See kubectl -n {summary['namespace']} describe mcpserver {summary['name']}"]


def _certificate_problem(status: t.Mapping[str, t.Any]) -> str:
    """Return what is wrong with the certificate of the server; empty if nothing is."""
    for condition in status.get("conditions") or []:
        if condition.get("type") == CERTIFICATE_READY and condition.get("status") == "False":
            return f"{CERTIFICATE_READY}: {clean(condition.get('message'), 2 * _MAX_MESSAGE)}"
    return ""
