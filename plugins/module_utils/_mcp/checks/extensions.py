# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check the identifiers of extensions (pure).

Source: 2026-07-28, Versioning, Extension Negotiation; Base Protocol, ``_meta`` key names.
"""

from __future__ import annotations

import re
import typing as t

from ..._util import clean

if t.TYPE_CHECKING:
    from ..issues.issue_log import IssueLog

_LABEL: t.Final = r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_IDENTIFIER = re.compile(rf"{_LABEL}(?:\.{_LABEL})*/(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?", re.ASCII)
_SINCE: t.Final = "2026-07-28"  # the first revision with extensions
_MAX_EXTENSIONS: t.Final = 50
_MAX_LENGTH: t.Final = 200


def check_extensions(value: t.Any, version: str, issues: IssueLog) -> tuple[str, ...]:
    """Check the extensions that a server declares, and return their identifiers.

    :param value: the capability ``extensions``.
    """
    if not isinstance(value, dict):
        return ()
    names = list(value)[:_MAX_EXTENSIONS]
    if version >= _SINCE:
        for name in names:
            if len(name) > _MAX_LENGTH or not _IDENTIFIER.fullmatch(name):
                issues.add("EXTENSION_IDENTIFIER", f"The extension {clean(name, 80)!r} has no valid identifier.")
    return tuple(sorted(clean(name, 100) for name in names))
