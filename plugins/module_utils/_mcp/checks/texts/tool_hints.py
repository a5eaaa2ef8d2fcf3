# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check that the annotations of a tool do not contradict each other or its name."""

from __future__ import annotations

import re
import typing as t

_CHANGES = re.compile(
    r"(?:.*[_.-])?(?:delete|remove|drop|destroy|purge|erase|wipe|truncate|uninstall)(?:[_.-]|[A-Z]|$)"
)


def hints_defect(item: t.Mapping[str, t.Any]) -> str | None:
    """Return the contradiction, as the predicate of a sentence; None if there is none.

    ``readOnlyHint`` true with ``idempotentHint`` false is none: the Go SDK sends false for a hint that is not set.
    """
    hints = item.get("annotations")
    if not isinstance(hints, dict) or hints.get("readOnlyHint") is not True:
        return None
    if hints.get("destructiveHint") is True:
        return "have readOnlyHint true and destructiveHint true."
    name = item.get("name")
    if isinstance(name, str) and _CHANGES.match(name[:128]):
        return "have readOnlyHint true, but the name says that the tool removes something."
    return None
