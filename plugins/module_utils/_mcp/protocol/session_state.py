# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What a validation finds out, while it does: facts and issues. :mod:`.validate` makes the report of it."""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import typing as t

from ..._util import MESSAGE, clean
from ..issues.catalogue import KINDS
from ..report.report import ERROR, WARNING, Auth, Call, Issue, Listing

if t.TYPE_CHECKING:
    from ..errors import McpError
    from .reply import Note, Reply

_PER_CODE = 5  # a server with ten thousand broken tools needs to be told five times
_IN_ALL = 100


class IssueLog:
    """Collects issues; the same one is kept once."""

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self._issues: dict[tuple[str, str], Issue] = {}
        self._counts: collections.Counter[str] = collections.Counter()
        self._about = ""

    def add(self, code: str, seen: str) -> None:
        """Add an issue of the catalogue."""
        kind = KINDS[code]
        if self._counts[code] >= _PER_CODE or len(self._issues) >= _IN_ALL:
            return
        level = ERROR if self._strict and kind.level == WARNING else kind.level
        message = clean(f"{self._about}{seen}", MESSAGE)
        if (code, message) not in self._issues:
            self._counts[code] += 1
            self._issues[code, message] = Issue(code, level, message, kind.spec, kind.action)

    @contextlib.contextmanager
    def about(self, what: str) -> t.Iterator[None]:
        """Say of the issues that are added within what they are about."""
        self._about = f"{what}: "
        try:
            yield
        finally:
            self._about = ""

    def add_error(self, error: McpError | Note) -> None:
        """Add an error as the issue of its code."""
        self.add(error.code, error.seen)

    def add_notes(self, notes: t.Iterable[Note], *, stateless: bool = False) -> None:
        """Add what was remarked about an answer that counts; requests of servers are legal in the older revisions."""
        for code, seen in notes:
            if code != "SERVER_REQUEST":
                self.add(code, seen)
            elif stateless:
                self.add("MODERN_SERVER_REQUEST", seen)

    @property
    def has_errors(self) -> bool:
        """Tell whether one of the issues makes the server non-compliant."""
        return any(issue.level == ERROR for issue in self._issues.values())

    def codes(self) -> set[str]:
        """Return the codes that were raised."""
        return {code for code, _message in self._issues}

    def all(self) -> tuple[Issue, ...]:
        """Return the issues: errors first, else in the order of their discovery."""
        rank = {ERROR: 0, WARNING: 1}
        return tuple(sorted(self._issues.values(), key=lambda issue: rank.get(issue.level, 2)))


@dataclasses.dataclass
class Facts:
    """What is known so far."""

    issues: IssueLog
    auth: Auth | None = None
    requires_auth: bool = False
    transport: str | None = None
    protocol_version: str | None = None
    supported_versions: list[str] = dataclasses.field(default_factory=list)
    endpoint: str | None = None
    path: str | None = None
    server_info: dict[str, str] | None = None
    instructions: bool = False
    capabilities: tuple[str, ...] = ()
    listings: dict[str, Listing] = dataclasses.field(default_factory=dict)
    called_tool: t.Mapping[str, t.Any] | None = None  # the definition of the tool to call, once it was listed
    tool_call: Call | None = None
    session: bool = False
    response_mode: str | None = None

    def note(self, reply: Reply, *, stateless: bool = False) -> None:
        """Take over what was remarked about an answer."""
        self.issues.add_notes(reply.notes, stateless=stateless)
        self.response_mode = self.response_mode or reply.mode
