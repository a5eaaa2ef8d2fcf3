# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Reading a manifest's fields and writing those of an object."""

from __future__ import annotations

import typing as t

from .errors import ManifestError


def mapping(parent: t.Mapping[str, t.Any], field: str) -> t.Mapping[str, t.Any]:
    """Return a field that must be a mapping, empty when it is missing.

    :raises ManifestError: it is something else.
    """
    value = parent.get(field)
    if value is None:
        return {}
    if not isinstance(value, t.Mapping):
        raise ManifestError(f"{field} must be a mapping, not {type(value).__name__}.", "Correct the manifest.")
    return value


def given(fields: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the fields that hold something.

    An empty map that is applied makes us its owner, and every key that somebody adds to it a change of ours.
    """
    return {name: value for name, value in fields.items() if value}
