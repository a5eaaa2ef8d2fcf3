# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Follow JSON pointers in a schema (RFC 6901)."""

from __future__ import annotations

import re
import typing as t

# Arrays of more items than this do not occur; int() refuses more digits than 4300, and accepts digits of other scripts.
_INDEX = re.compile(r"0|[1-9][0-9]{0,6}")
NOTHING: t.Final = object()


def follow(schema: t.Any, pointer: str) -> t.Any:
    """Return what a pointer leads to; :data:`NOTHING` if it leads nowhere.

    :param pointer: without percent encoding; empty for the schema itself.
    """
    node = schema
    for part in pointer[1:].split("/") if pointer else ():
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(node, list) and _INDEX.fullmatch(name) and int(name) < len(node):
            node = node[int(name)]
        elif isinstance(node, dict) and name in node:
            node = node[name]
        else:
            return NOTHING
    return node
