# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A map of ``watches.yaml``: typed access to its values, and the keys that were not read."""

from __future__ import annotations

import typing as t

from .._vendor._util import parse_duration


class EntryInvalid(ValueError):
    """A key has an invalid value. The parser adds the number of the entry."""


class Entry:
    """One map.

    :raises EntryInvalid: it is not a map, or two keys differ by case only.
    """

    def __init__(self, content: t.Any) -> None:
        if not isinstance(content, dict):
            raise EntryInvalid(f"a map was expected, not {type(content).__name__}")
        # ansible-operator reads the file with Go's JSON decoder, which ignores the case of keys.
        self._values: dict[str, tuple[str, t.Any]] = {}
        for key, value in content.items():
            name = str(key)
            if name.lower() in self._values:
                raise EntryInvalid(f"{name} is given twice")
            self._values[name.lower()] = (name, value)

    def unread(self) -> list[str]:
        """Return the keys that were not read."""
        return [name for name, _value in self._values.values()]

    def text(self, key: str) -> str:
        """Return a string; empty if the key is missing."""
        return self._read(key, str, "a string") or ""

    def boolean(self, key: str, *, default: bool) -> bool:
        """Return a boolean."""
        value = self._read(key, bool, "true or false")
        return default if value is None else value

    def whole_number(self, key: str) -> int:
        """Return a number of at least 0; 0 if the key is missing."""
        value = self._read(key, int, "a whole number")
        if isinstance(value, bool) or (value or 0) < 0:
            raise EntryInvalid(f"{key} must be a whole number of at least 0")
        return value or 0

    def duration(self, key: str) -> float:
        """Return a duration in seconds; 0 if the key is missing."""
        text = self._read(key, str, 'a string such as "30s"')
        try:
            return parse_duration(text) if text else 0.0
        except ValueError as exc:
            raise EntryInvalid(f"{key}: {exc}") from None

    def map(self, key: str) -> dict[str, t.Any]:
        """Return a map without checks of its content; empty if the key is missing."""
        value: dict[str, t.Any] = self._read(key, dict, "a map") or {}
        return value

    def entry(self, key: str) -> Entry | None:
        """Return a map as an entry, or None."""
        value = self._read(key, dict, "a map")
        return None if value is None else Entry(value)

    def entries(self, key: str) -> list[Entry]:
        """Return a list of maps as entries; empty if the key is missing."""
        return [Entry(item) for item in self._read(key, list, "a list of maps") or []]

    def _read(self, key: str, kind: type[t.Any], what: str) -> t.Any:
        _name, value = self._values.pop(key.lower(), (key, None))
        if value is not None and not isinstance(value, kind):
            raise EntryInvalid(f"{key} must be {what}, not {value!r:.80}")
        return value
