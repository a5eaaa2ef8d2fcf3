# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The type of the entries of the issue catalogue."""

from __future__ import annotations

import typing as t

from ..report.report import ERROR, INFO, WARNING


class IssueKind(t.NamedTuple):
    """A kind of issue.

    :param code: stable, ``UPPER_SNAKE_CASE``.
    :param level: ``error``, ``warning`` or ``info``.
    :param spec: the requirement and the specification it is from.
    :param action: what the user can do.
    """

    code: str
    level: str
    spec: str
    action: str


def error(code: str, spec: str, action: str) -> IssueKind:
    """Return a kind that makes a server non-compliant."""
    return IssueKind(code, ERROR, spec, action)


def warning(code: str, spec: str, action: str) -> IssueKind:
    """Return a kind that makes a server non-compliant only with ``strict``."""
    return IssueKind(code, WARNING, spec, action)


def info(code: str, spec: str, action: str) -> IssueKind:
    """Return a kind that is information, not a defect."""
    return IssueKind(code, INFO, spec, action)
