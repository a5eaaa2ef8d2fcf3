# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Validates the server of one Pod, at the Pod's address or over any other way to it."""

from __future__ import annotations

import json
import typing as t

from .._mcp.api import validate
from .._mcp.errors import InvalidTarget, MissingLibrary
from .._mcp.options import Options, Target, ToolCall
from .._mcp.report.report import ERROR, Issue, Report

if t.TYPE_CHECKING:
    import socket

    from .._workload.probe_spec import ProbeSpec
    from .._workload.timeouts import Timeouts

# Issue codes of failures that may pass without any change.
_TRANSIENT = frozenset(
    {
        "CONNECT_FAILED",
        "CONNECTION_LOST",
        "TIMEOUT",
        "SERVER_ERROR",
        "DNS_FAILED",
        "INCOMPLETE_BODY",
        "NO_RESPONSE",
        "TOO_MANY_REQUESTS",
        "VALIDATOR_BUSY",
    }
)

# Codes of answers that a proxy or a policy between the operator and the server may have sent, or of none.
_SENT_BETWEEN = frozenset({"FORBIDDEN", "SSE_CONNECTION_FAILED", "TLS_EXPECTED"})

# Codes of errors that follow from others: nothing is as expected of a server that does not answer.
_CONSEQUENCES = frozenset({"EXPECTATION_FAILED"})

Dial = t.Callable[[str, int, float], "socket.socket"]


def probe_pod(
    host: str, spec: ProbeSpec, timeouts: Timeouts, *, light: bool = False, dial: t.Optional[Dial] = None
) -> dict[str, t.Any]:
    """Validate a server and return ``Report.to_dict()``. No answer of the server makes this raise.

    :raises MissingLibrary: the spec has expectations, and jmespath is not installed.
    :param host: the Pod's address; where `dial` opens the connection, a name for messages.
    :param light: only find the server and shake hands.
    :param dial: opens the connection.
    """
    target = Target(host=host, port=spec.port, path=spec.path, transport=spec.transport, host_header=spec.authority)
    if light:
        # A server that passed before is up: one that needs longer than this to shake hands fails.
        options = Options(timeout=timeouts.light, request_timeout=timeouts.light, light=True)
    else:
        options = Options(
            timeout=timeouts.whole,
            request_timeout=timeouts.request,
            start_timeout=timeouts.start,
            required_capabilities=spec.capabilities,
            tool_call=ToolCall(spec.tool_call.name, json.loads(spec.tool_call.arguments)) if spec.tool_call else None,
            expect=spec.expect,
        )
    try:
        return validate(target, options, dial=dial).to_dict()
    except MissingLibrary:
        raise
    except InvalidTarget as exc:
        issue = Issue(exc.code, ERROR, exc.seen, "", exc.action)
        return Report(compliant=False, issues=(issue,)).to_dict()


def is_transient(report: t.Mapping[str, t.Any]) -> bool:
    """Tell whether the server may pass the next time although nothing was changed."""
    errors = _errors(report)
    return bool(errors) and errors <= _TRANSIENT


def is_inconclusive(report: t.Mapping[str, t.Any]) -> bool:
    """Tell whether what is between the operator and the server may be the cause of a failure, or the operator itself.

    There was no answer, or one that a proxy or a policy may have sent. An answer that violates MCP is evidence.
    """
    errors = _errors(report)
    return bool(errors) and errors <= _TRANSIENT | _SENT_BETWEEN


def _errors(report: t.Mapping[str, t.Any]) -> set[str]:
    """Return the codes of the errors, without the expectations that do not hold because of other errors."""
    found = {issue["code"] for issue in report["issues"] if issue["level"] == ERROR}
    return found - _CONSEQUENCES or found
