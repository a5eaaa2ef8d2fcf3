# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Values that look like secrets, kept out of diffs and messages."""

from __future__ import annotations

import re
import typing as t

MASK = "********"
_SECRET = re.compile(r"passw|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|auth", re.IGNORECASE)


def masked(value: t.Any) -> t.Any:
    """Return a copy in which the values of environment variables and keys with secret-looking names are masked."""
    if isinstance(value, t.Mapping):
        hide = "value" in value and isinstance(value.get("name"), str) and bool(_SECRET.search(value["name"]))
        return {
            key: MASK
            if (hide and key == "value") or (isinstance(item, str) and _SECRET.search(str(key)) and key not in _NAMES)
            else masked(item)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [masked(item) for item in value]
    return value


# Keys of the Kubernetes API that only name a Secret or an account.
_NAMES = frozenset({"secretName", "secretKeyRef", "secretRef", "automountServiceAccountToken"})
