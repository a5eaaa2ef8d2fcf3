# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Collect what was found in texts: some places for each code, and the number of the others."""

from __future__ import annotations

import typing as t

from ..._util import clean

if t.TYPE_CHECKING:
    from .issue_log import IssueLog

_OF_SERVER: t.Final = ("serverInfo", "instructions")  # begin the places in the result of the handshake
_MAX_PLACES: t.Final = 3  # for each code
_MAX_COUNTED: t.Final = 10_000
_MAX_CHARACTERS: t.Final = 1024 * 1024  # ten times what 100 tools of a large server have
_MAX_LOOKS: t.Final = 5_000  # 100 tools of a large server need fewer than 100
_LONGEST: t.Final = 420  # characters of a message, so that the number of other places fits into the issue


class TextFindings:
    """Findings in the texts of one server, and how much of them may still be checked."""

    def __init__(self) -> None:
        self.server_names: tuple[str, ...] = ()
        self.shapes: dict[str, str] = {}  # what a name looks like -> the name
        self._characters, self._looks = _MAX_CHARACTERS, _MAX_LOOKS
        self._messages: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}
        self._seen: set[int] = set()
        self._of_server: list[tuple[str, str, str]] = []  # not of its items

    def anew(self) -> TextFindings:
        """Return the findings of the handshake, to list the items of the same server again."""
        other = TextFindings()
        other.server_names = self.server_names
        for finding in self._of_server:
            other.add(*finding)
        return other

    def add(self, code: str, where: str, what: str) -> None:
        """Add a finding, unless it is known.

        :param where: the item and the field.
        :param what: a predicate.
        """
        identity = hash((code, where))
        if identity in self._seen or len(self._seen) >= _MAX_COUNTED:
            return
        self._seen.add(identity)
        if where.startswith(_OF_SERVER):
            self._of_server.append((code, where, what))
        self._counts[code] = self._counts.get(code, 0) + 1
        messages = self._messages.setdefault(code, [])
        if len(messages) < _MAX_PLACES:
            messages.append(clean(f"{where} {what}", _LONGEST))

    def may_check(self, characters: int) -> bool:
        """Return whether so many more characters may be checked."""
        self._characters -= characters
        if self._characters < 0:
            self._add_limit(f"more than {_MAX_CHARACTERS} characters")
        return self._characters >= 0

    def may_look(self) -> bool:
        """Return whether one more suspicious place may be looked at."""
        self._looks -= 1
        if self._looks < 0:
            self._add_limit(f"more than {_MAX_LOOKS} suspicious places")
        return self._looks >= 0

    @property
    def looked_everywhere(self) -> bool:
        """Whether all suspicious places were looked at so far."""
        return self._looks >= 0

    def _add_limit(self, what: str) -> None:
        self.add("TEXT_LIMIT", "The texts of the server", f"have {what}; the rest was not checked.")

    def report(self, issues: IssueLog) -> None:
        """Add issues for the findings since the last call."""
        for code, messages in self._messages.items():
            others = self._counts[code] - len(messages)
            for number, message in enumerate(messages, 1):
                last = number == len(messages)
                issues.add(code, f"{message} {others} other places have the same." if others and last else message)
        self._messages, self._counts = {}, {}
