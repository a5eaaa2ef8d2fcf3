# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Read a manifest of another project: each field once, so that what no code has read is known at the end."""

from __future__ import annotations

import typing as t

from .._util import clean

_MAX_LEFT: t.Final = 50  # fields of one manifest that are named
_TYPES: t.Final = {str: "a string", int: "an integer", bool: "true or false", list: "a list", dict: "a mapping"}


class ImportReport:
    """What a person must know about an imported manifest.

    :ivar missing: what must be added before the manifest is applied.
    :ivar notes: what should be reviewed.
    :ivar dropped: fields that the manifest does not have any more, each with the reason.
    """

    def __init__(self) -> None:
        self.missing: list[str] = []
        self.notes: list[str] = []
        self.dropped: list[str] = []

    def drop(self, path: str, reason: str = "") -> None:
        """Record a field that was left out. Its value is not repeated: it may be a secret."""
        self.dropped.append(f"{clean(path, 200)}{': ' if reason else ''}{reason}")


class ForeignFields:
    """The fields of one mapping.

    :param found: the mapping; anything else is reported, and has no fields.
    :param path: where it is, for the report.
    """

    def __init__(self, found: t.Any, path: str, report: ImportReport) -> None:
        self.path = path
        self.report = report
        self._children: list[ForeignFields] = []
        if found is not None and not isinstance(found, dict):
            report.drop(path, "it is not a mapping.")
        self._left: dict[t.Any, t.Any] = dict(found) if isinstance(found, dict) else {}

    def at(self, name: str) -> str:
        """Return where a field is, for the report."""
        return f"{self.path}.{name}" if self.path else name

    def __contains__(self, name: str) -> bool:
        return self._left.get(name) is not None

    def take(self, name: str, kind: type) -> t.Any:
        """Return the value of a field; None if it is missing, null or of another type, which is reported."""
        value = self._left.pop(name, None)
        if value is None or (isinstance(value, kind) and (kind is bool or not isinstance(value, bool))):
            return value
        self.report.drop(self.at(name), f"it is not {_TYPES[kind]}.")
        return None

    def text(self, name: str) -> str:
        """Return a string; an empty one if it is missing."""
        return self.take(name, str) or ""

    def objects(self, name: str) -> list[ForeignFields]:
        """Return the mappings of a list."""
        found = [
            ForeignFields(item, f"{self.at(name)}[{index}]", self.report)
            for index, item in enumerate(self.take(name, list) or [])
        ]
        self._children += found
        return found

    def fields(self, name: str) -> ForeignFields:
        """Return the fields of a mapping; no fields if it is missing."""
        child = ForeignFields(self._left.pop(name, None), self.at(name), self.report)
        self._children.append(child)
        return child

    def drop(self, name: str, reason: str) -> None:
        """Leave out a field, if it is there, with the reason."""
        if self._left.pop(name, None) is not None:
            self.report.drop(self.at(name), reason)

    def take_any(self, name: str) -> t.Any:
        """Return the value of a field, whatever its type is."""
        return self._left.pop(name, None)

    def ignore(self, *names: str) -> None:
        """Leave out fields that say nothing."""
        for name in names:
            self._left.pop(name, None)

    def drop_all(self, reason: str) -> None:
        """Leave out the whole mapping with the reason."""
        self._left = {}
        self.report.drop(self.path, reason)

    def end(self) -> None:
        """Report all fields that were not read, as those that are unknown."""
        for child in self._children:
            child.end()
        for name in list(self._left)[:_MAX_LEFT]:
            self.report.drop(self.at(clean(name, 100)), "no field of an MCPServer is the same.")
        if len(self._left) > _MAX_LEFT:
            self.report.drop(f"{len(self._left) - _MAX_LEFT} more fields of {self.path}", "they are unknown.")
        self._left = {}
