# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Asks one Pod, by its address."""

from __future__ import annotations

import typing as t

from .._vendor._mcp.api import validate
from .._vendor._mcp.errors import InvalidTarget
from .._vendor._mcp.options import Options, Target
from .._vendor._mcp.report.report import ERROR, Issue, Report
from ..workloads.container_ref import ProbeRequest

# What another try may well answer otherwise, without anybody changing anything.
_TRANSIENT = frozenset(
    {"CONNECT_FAILED", "CONNECTION_LOST", "TIMEOUT", "SERVER_ERROR", "DNS_FAILED", "INCOMPLETE_BODY", "NO_RESPONSE"}
)

Answer = dict[str, t.Any]


def ask(request: ProbeRequest) -> Answer:
    """Validate the server and return ``Report.to_dict()``; whatever the server does, this never raises."""
    spec = request.spec
    target = Target(
        host=request.address,
        port=spec.port,
        path=spec.path,
        transport=spec.transport,
        host_header=spec.authority,
    )
    wait = request.timeouts
    if request.light:
        # A server that passed is up; one that takes longer than this to shake hands fails.
        options = Options(timeout=wait.light, request_timeout=wait.light, light=True)
    else:
        options = Options(
            timeout=wait.whole,
            request_timeout=wait.request,
            start_timeout=wait.start,
            required_capabilities=spec.capabilities,
        )
    try:
        return validate(target, options).to_dict()
    except InvalidTarget as exc:
        issue = Issue(exc.code, ERROR, exc.seen, "", exc.action)
        return Report(compliant=False, issues=(issue,)).to_dict()


def is_transient(answer: Answer) -> bool:
    """Tell whether the server may pass the next time although nothing was changed."""
    errors = {issue["code"] for issue in answer["issues"] if issue["level"] == ERROR}
    return bool(errors) and errors <= _TRANSIENT
