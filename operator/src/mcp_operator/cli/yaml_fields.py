# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Read YAML field by field, with the line of each mapping for messages and reports."""

from __future__ import annotations

import typing as t

import yaml

from .._vendor._util import clean
from ..errors import ArgumentsInvalid


class _Loader(yaml.SafeLoader):
    """YAML without aliases, of which a few lines can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: t.Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not supported", mark)
        return super().compose_node(parent, index)


class Fields:
    """The fields of one mapping. Each is read once, and :meth:`end` checks that no other is there.

    :param where: the file, for messages.
    """

    def __init__(self, where: str, node: yaml.Node, loader: yaml.SafeLoader) -> None:
        self.line = node.start_mark.line + 1
        self.where = f"{where}, line {self.line}"
        self._file = where
        self._loader = loader
        if not isinstance(node, yaml.MappingNode):
            raise self.error("this is not a mapping")
        self._nodes: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if not name or name in self._nodes:
                raise self.error(f"the key {clean(name, 60)!r} is invalid or occurs twice")
            self._nodes[name] = value

    def error(self, problem: str) -> ArgumentsInvalid:
        """Return an error that says where."""
        return ArgumentsInvalid(f"{self.where}: {problem}.")

    def take(self, name: str, kind: type | tuple[type, ...], what: str) -> t.Any:
        """Return the value of a field; None if it is not there or null.

        :param what: the type, for the message.
        :raises ArgumentsInvalid: the field has another type.
        """
        node = self._nodes.pop(name, None)
        try:
            value = None if node is None else self._loader.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError, TypeError):
            value = object()
        if value is not None and (not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)):
            raise self.error(f"{name} is not {what}")
        return value

    def text(self, name: str) -> str | None:
        """Return a string."""
        return t.cast("str | None", self.take(name, str, "a string"))

    def number(self, name: str) -> float | None:
        """Return a number."""
        return t.cast("float | None", self.take(name, (int, float), "a number"))

    def flag(self, name: str) -> bool | None:
        """Return a boolean."""
        return t.cast("bool | None", self.take(name, bool, "true or false"))

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Return a list of strings."""
        value = self.take(name, list, "a list of strings")
        if value is not None and not all(isinstance(item, str) for item in value):
            raise self.error(f"{name} is not a list of strings")
        return None if value is None else tuple(value)

    def text_map(self, name: str) -> dict[str, str]:
        """Return a mapping of strings."""
        value = self.take(name, dict, "a mapping of strings") or {}
        if not all(isinstance(item, str) for pair in value.items() for item in pair):
            raise self.error(f"{name} is not a mapping of strings")
        return t.cast("dict[str, str]", value)

    def fields(self, name: str) -> Fields | None:
        """Return the fields of a mapping."""
        node = self._nodes.pop(name, None)
        return None if node is None else Fields(self._file, node, self._loader)

    def items(self, name: str) -> list[Fields]:
        """Return the fields of each mapping of a list."""
        node = self._nodes.pop(name, None)
        if not isinstance(node, yaml.SequenceNode):
            raise self.error(f"{name} is not a list")
        return [Fields(self._file, item, self._loader) for item in node.value]

    def end(self) -> None:
        """Check that all fields were read.

        :raises ArgumentsInvalid: there is an unknown one.
        """
        if self._nodes:
            raise self.error(f"the field {clean(next(iter(self._nodes)), 60)!r} is unknown")


def read_fields(where: str, text: str) -> Fields:
    """Return the fields of a YAML document.

    :param where: the file, for messages.
    :raises ArgumentsInvalid: the text is not one YAML mapping.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
    except (yaml.YAMLError, RecursionError, ValueError) as exc:
        mark = getattr(exc, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark is not None else ""
        raise ArgumentsInvalid(
            f"{where}{line}: {clean(getattr(exc, 'problem', None) or 'this is not YAML')}."
        ) from None
    if node is None:
        raise ArgumentsInvalid(f"{where} is empty.")
    return Fields(where, node, loader)
