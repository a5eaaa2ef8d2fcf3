# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Collect the issues of a validation."""

from __future__ import annotations

import collections
import contextlib
import typing as t

from ..._util import MESSAGE, clean
from ..report.report import ERROR, WARNING, Issue
from .catalogue import ADVICE, ISSUE_KINDS
from .failing_clients import describe_failing_clients

if t.TYPE_CHECKING:
    from ..errors import McpError


class Note(t.NamedTuple):
    """An observation that becomes an issue if the reply it belongs to is used.

    Not an exception: those keep their frames alive, and with them megabytes of a body.
    """

    code: str
    seen: str


_MAX_PER_CODE: t.Final = 5  # a server with ten thousand invalid tools is reported five times
_MAX_ISSUES: t.Final = 100


class IssueLog:
    """Collects the issues of one validation, without duplicates and within bounds."""

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self._issues: dict[tuple[str, str], Issue] = {}
        self._counts: collections.Counter[str] = collections.Counter()
        self._other = ""  # a revision other than the negotiated one

    def copy(self) -> IssueLog:
        """Return another log with the same issues."""
        other = IssueLog(strict=self._strict)
        other._issues, other._counts = dict(self._issues), self._counts.copy()
        return other

    def add(self, code: str, seen: str) -> None:
        """Add an issue.

        :param code: a code of the catalogue.
        :param seen: what was observed, one sentence.
        """
        kind = ISSUE_KINDS[code]
        if self._counts[code] >= _MAX_PER_CODE or len(self._issues) >= _MAX_ISSUES:
            return
        warned = kind.level == WARNING or (kind.level == ERROR and bool(self._other))
        level = (ERROR if self._strict and code not in ADVICE else WARNING) if warned else kind.level
        message = clean(f"{self._other}: {seen}" if self._other else seen, MESSAGE)
        if not {(code, message), (code, clean(seen, MESSAGE))} & self._issues.keys():
            self._counts[code] += 1
            action = kind.action
            if warned:
                action = f"{action} {describe_failing_clients(code, stateless=bool(self._other))}".rstrip()
            self._issues[code, message] = Issue(code, level, message, kind.spec, action)

    @contextlib.contextmanager
    def other_revision(self, version: str) -> t.Iterator[None]:
        """Add the issues in the block as those of a revision that was not negotiated.

        They begin with its version. They are warnings at most, as the server works at the negotiated revision, and
        those that it has at both are added once.
        """
        self._other = version
        try:
            yield
        finally:
            self._other = ""

    def add_error(self, error: McpError | Note) -> None:
        """Add an error or a note as an issue."""
        self.add(error.code, error.seen)

    def add_notes(self, notes: t.Iterable[Note], *, stateless: bool = False) -> None:
        """Add the notes of a reply. Requests from the server are an issue only in the stateless revision."""
        for code, seen in notes:
            if code != "SERVER_REQUEST":
                self.add(code, seen)
            elif stateless:
                self.add("MODERN_SERVER_REQUEST", seen)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all issues."""
        return frozenset(self._counts)

    @property
    def has_errors(self) -> bool:
        """Whether an issue makes the server non-compliant."""
        return any(issue.level == ERROR for issue in self._issues.values())

    def sorted(self) -> tuple[Issue, ...]:
        """Return the issues: errors, then warnings, then the rest, each in the order of discovery."""
        rank = {ERROR: 0, WARNING: 1}
        return tuple(sorted(self._issues.values(), key=lambda issue: rank.get(issue.level, 2)))
