# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Issues of servers that use deprecated features. They are information: a server that uses one complies."""

from __future__ import annotations

import typing as t

from ..._deprecations import DEPRECATIONS
from .issue_kind import info

MIGRATION: t.Final = tuple(
    info(
        one.code,
        f"{one.page}: deprecated since {one.since}; a revision of {one.earliest_removal} or later may remove it.",
        one.migration,
    )
    for one in DEPRECATIONS.values()
)
