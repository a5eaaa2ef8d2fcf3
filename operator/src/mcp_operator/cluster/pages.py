# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Decode a page of a list object by object, so that only the parts to keep of its objects are in memory at once."""

from __future__ import annotations

import json
import re
import typing as t

_DECODER = json.JSONDecoder()
_NOT_SPACE = re.compile(r"[^ \t\n\r]")


class Page:
    """A page of a list. Its metadata is known when its items have been read.

    :param text: JSON.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.metadata: t.Any = None

    def items(self) -> t.Iterator[t.Any]:
        """Yield the decoded items.

        :raises ValueError: the text is not the JSON of an object.
        """
        self._expect("{")
        more = not self._skips("}")
        while more:
            name = self._value()
            self._expect(":")
            if name == "items" and self._skips("["):
                yield from self._elements()
            elif name == "metadata":
                self.metadata = self._value()
            else:
                self._value()
            more = self._skips(",")
            if not more:
                self._expect("}")
        if self._next() != len(self._text):
            raise ValueError("data after the end of the page")

    def _elements(self) -> t.Iterator[t.Any]:
        more = not self._skips("]")
        while more:
            yield self._value()
            more = self._skips(",")
            if not more:
                self._expect("]")

    def _value(self) -> t.Any:
        value, self._at = _DECODER.raw_decode(self._text, self._next())
        return value

    def _expect(self, character: str) -> None:
        if not self._skips(character):
            raise ValueError(f"{character} is expected at {self._at}")

    def _skips(self, character: str) -> bool:
        """Skip white space and a character, if it follows."""
        at = self._next()
        found = self._text.startswith(character, at)
        if found:
            self._at = at + 1
        return found

    def _next(self) -> int:
        """Return where the next character is that is not white space."""
        found = _NOT_SPACE.search(self._text, self._at)
        return len(self._text) if found is None else found.start()
