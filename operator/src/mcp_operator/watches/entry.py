# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A map of ``watches.yaml`` whose values are taken out by key and checked, and that knows what nobody asked for."""

from __future__ import annotations

import typing as t

from .._vendor._util import parse_duration


class EntryInvalid(ValueError):
    """A key has a value that means nothing; the parser says in which entry."""


class Entry:
    """One map.

    :raises EntryInvalid: it is not a map, or two keys differ by case only.
    """

    def __init__(self, content: t.Any) -> None:
        if not isinstance(content, dict):
            raise EntryInvalid(f"a map was expected, not {type(content).__name__}")
        # Go's JSON decoder, which reads the file for ansible-operator, takes keys in any case.
        self._values: dict[str, tuple[str, t.Any]] = {}
        for key, value in content.items():
            name = str(key)
            if name.lower() in self._values:
                raise EntryInvalid(f"{name} is given twice")
            self._values[name.lower()] = (name, value)

    def unread(self) -> list[str]:
        """Return the keys that nobody has asked for."""
        return [name for name, _value in self._values.values()]

    def text(self, key: str) -> str:
        """Return a string; empty if it is not there."""
        return self._take(key, str, "a string") or ""

    def boolean(self, key: str, *, default: bool) -> bool:
        """Return a boolean."""
        value = self._take(key, bool, "true or false")
        return default if value is None else value

    def whole_number(self, key: str) -> int:
        """Return a number that is not negative; 0 if it is not there."""
        value = self._take(key, int, "a whole number")
        if isinstance(value, bool) or (value or 0) < 0:
            raise EntryInvalid(f"{key} must be a whole number from 0 on")
        return value or 0

    def duration(self, key: str) -> float:
        """Return seconds; 0 if it is not there."""
        text = self._take(key, str, 'a string such as "30s"')
        try:
            return parse_duration(text) if text else 0.0
        except ValueError as exc:
            raise EntryInvalid(f"{key}: {exc}") from None

    def map(self, key: str) -> dict[str, t.Any]:
        """Return a map as it is; empty if it is not there."""
        value: dict[str, t.Any] = self._take(key, dict, "a map") or {}
        return value

    def entry(self, key: str) -> Entry | None:
        """Return a map as an entry, or None."""
        value = self._take(key, dict, "a map")
        return None if value is None else Entry(value)

    def entries(self, key: str) -> list[Entry]:
        """Return a list of maps as entries; empty if it is not there."""
        return [Entry(item) for item in self._take(key, list, "a list of maps") or []]

    def _take(self, key: str, kind: type[t.Any], what: str) -> t.Any:
        _name, value = self._values.pop(key.lower(), (key, None))
        if value is not None and not isinstance(value, kind):
            raise EntryInvalid(f"{key} must be {what}, not {value!r:.80}")
        return value
