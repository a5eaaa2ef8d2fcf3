# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""A kind of issue."""

from __future__ import annotations

import typing as t

from ..report.report import ERROR, INFO, WARNING


class IssueKind(t.NamedTuple):
    """A kind of issue: its stable code, its level, what the specification says, and what to do."""

    code: str
    level: str
    spec: str
    action: str


def error(code: str, spec: str, action: str) -> IssueKind:
    """Return a kind that makes a server non-compliant."""
    return IssueKind(code, ERROR, spec, action)


def warning(code: str, spec: str, action: str) -> IssueKind:
    """Return a kind that makes a server non-compliant only when strictness is asked for."""
    return IssueKind(code, WARNING, spec, action)


def info(code: str, spec: str, action: str) -> IssueKind:
    """Return a kind that is worth knowing and no defect."""
    return IssueKind(code, INFO, spec, action)
