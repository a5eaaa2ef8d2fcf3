# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Environment variables in the text of ``watches.yaml``, and those that configure one kind."""

from __future__ import annotations

import re
import typing as t

from .definition import GroupVersionKind

_VARIABLE = re.compile(
    r"""\$(?:
        \{(?P<braced>[^}]*)\}
      | (?P<special>[*\#$@!?0-9-])
      | (?P<plain>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<broken>\{)
    )""",
    re.VERBOSE,
)


def expand(text: str, environment: t.Mapping[str, str]) -> str:
    """Replace ``$NAME`` and ``${NAME}`` as Go's ``os.Expand``. Unset variables remain, written as ``${NAME}``."""

    def value(match: re.Match[str]) -> str:
        name = match["braced"] or match["special"] or match["plain"]
        if not name:
            return ""  # as in Go, empty and unclosed braces are removed
        return environment.get(name, f"${{{name}}}")

    return _VARIABLE.sub(value, text)


class KindVariables:
    """Variables of one kind, such as ``MAX_CONCURRENT_RECONCILES_MEMCACHED_CACHE_EXAMPLE_COM=4``.

    :param warnings: receives a sentence for each invalid value, which is ignored.
    """

    def __init__(self, environment: t.Mapping[str, str], gvk: GroupVersionKind, warnings: list[str]) -> None:
        self._environment = environment
        self._suffix = f"{gvk.kind}_{gvk.group}"
        self._warnings = warnings

    def number(self, *prefixes: str, least: int = 0, most: int | None = None) -> int | None:
        """Return the value of the first variable that is set to a valid whole number; None if there is none.

        :param prefixes: names without the suffix of the kind, in order of precedence.
        """
        for prefix in prefixes:
            name = f"{prefix}_{self._suffix}".upper().replace(".", "_").replace("-", "_")
            text = self._environment.get(name, "").strip()
            if not text:
                continue
            if text.isascii() and text.isdecimal() and least <= int(text) and (most is None or int(text) <= most):
                return int(text)
            expected = f"of at least {least}" if most is None else f"from {least} to {most}"
            self._warnings.append(f"{name} is ignored: {text!r:.40} is not a whole number {expected}")
        return None
