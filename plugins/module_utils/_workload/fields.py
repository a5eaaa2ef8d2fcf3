# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Read the fields of a manifest, and write those of an object."""

from __future__ import annotations

import typing as t

from .errors import ManifestError


def mapping(parent: t.Mapping[str, t.Any], field: str) -> t.Mapping[str, t.Any]:
    """Return a field of type mapping; empty if it is missing.

    :raises ManifestError: the field has another type.
    """
    value = parent.get(field)
    if value is None:
        return {}
    # A dict first: the check for typing.Mapping takes thirty times as long.
    if not isinstance(value, (dict, t.Mapping)):
        raise ManifestError(f"{field} must be a mapping, not {type(value).__name__}.", "Correct the manifest.")
    return value


def omit_empty(fields: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the fields without empty ones.

    A field manager that applies an empty map owns it, so that a key which another client adds would be a conflict.
    """
    return {name: value for name, value in fields.items() if value}
