# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""All kinds of issues, by code. The codes are stable: scripts depend on them."""

from __future__ import annotations

import typing as t

from .codes import calls, handshake, lists, messages, reach, refusals

if t.TYPE_CHECKING:
    from .codes.kind import Kind

KINDS: t.Final[t.Mapping[str, Kind]] = {
    kind.code: kind for part in (reach, messages, handshake, lists, calls, refusals) for kind in part.KINDS
}
