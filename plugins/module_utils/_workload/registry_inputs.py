# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The inputs of a ``server.json``: values, defaults and variables in braces.

Source: the definitions Input, InputWithVariables, PositionalArgument and NamedArgument of
https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json
"""

from __future__ import annotations

import re
import typing as t

from .._util import clean

Object = t.Mapping[str, t.Any]

_MAX: t.Final = 100  # inputs of one list
_MAX_VALUE: t.Final = 4096  # characters
_REFERENCE: t.Final = re.compile(r"\{([A-Za-z0-9_.-]{1,100})\}")


def as_object(value: t.Any) -> Object:
    """Return a value if it is an object, otherwise an empty one."""
    return value if isinstance(value, t.Mapping) else {}


class Inputs:
    """Reads inputs, and collects what is missing or left out."""

    def __init__(self) -> None:
        self.missing: list[str] = []
        self.notes: list[str] = []

    def objects(self, found: t.Any) -> list[Object]:
        """Return the objects of a list; others are left out."""
        items = found if isinstance(found, list) else []
        if len(items) > _MAX:
            self.notes.append(f"Of {len(items)} inputs, only the first {_MAX} were read.")
        return [item for item in items[:_MAX] if isinstance(item, t.Mapping)]

    def value(self, given: Object) -> str | None:
        """Return the value or the default of an input, with its variables; None if it has neither."""
        variables = as_object(given.get("variables"))
        for key in ("value", "default"):
            text = given.get(key)
            if isinstance(text, str):
                break
        else:
            return None
        unknown: list[str] = []

        def replaced(found: re.Match[str]) -> str:
            variable = as_object(variables.get(found[1]))
            value = variable.get("value", variable.get("default"))
            if isinstance(value, str):
                return value
            unknown.append(found[1])
            return found[0]

        text = _REFERENCE.sub(replaced, text)
        if unknown:
            self.missing.append(f"A value for {{{clean(unknown[0], 60)}}} in {clean(text, 100)!r}.")
        # A NUL ends an argument, and no manifest needs more than these characters.
        return text.replace("\0", "")[:_MAX_VALUE]

    def arguments(self, given: t.Any) -> list[str]:
        """Return arguments in the form of Kubernetes, where ``$(NAME)`` would be expanded."""
        arguments: list[str] = []
        for argument in self.objects(given):
            value = self.value(argument)
            name = argument.get("name")
            if argument.get("type") == "named" and isinstance(name, str) and name:
                if value is not None:
                    arguments += [name, value]
                elif argument.get("isRequired") is True:
                    self.missing.append(f"The argument {clean(name, 60)} in spec.args{self.about(argument)}.")
                else:
                    self.notes.append(f"The argument {clean(name, 60)} can be set{self.about(argument)}.")
            elif value is not None:
                arguments.append(value)
            else:
                hint = clean(argument.get("valueHint") or "without a name", 60)
                self.missing.append(f"The argument {hint} in spec.args{self.about(argument)}.")
        return [argument.replace("$(", "$$(") for argument in arguments]

    @staticmethod
    def about(given: Object) -> str:
        """Return what an input is for, to be added to a sentence."""
        text = given.get("description")
        return f": {clean(text, 200).rstrip('.')}" if isinstance(text, str) and text else ""
