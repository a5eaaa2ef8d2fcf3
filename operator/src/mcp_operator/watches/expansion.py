# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Environment variables in the text of ``watches.yaml``, replaced as Go's ``os.Expand`` does it there."""

from __future__ import annotations

import re
import typing as t

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
    """Replace ``$NAME`` and ``${NAME}``. What is not set stays, written as ``${NAME}``."""

    def value(match: re.Match[str]) -> str:
        name = match["braced"] or match["special"] or match["plain"]
        if not name:
            return ""  # empty braces and one that is never closed vanish, as they do there
        return environment.get(name, f"${{{name}}}")

    return _VARIABLE.sub(value, text)
