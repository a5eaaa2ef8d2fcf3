# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""All kinds of issues, by code. The codes are stable: scripts depend on them."""

from __future__ import annotations

import typing as t

from .feature_issues import CALLS, LISTS, REFUSALS
from .session_issues import HANDSHAKE
from .transport_issues import CONNECTION, MESSAGES

if t.TYPE_CHECKING:
    from .issue_kind import IssueKind

# The sections of the page of issues, in its order.
SECTIONS: t.Final[t.Mapping[str, tuple[IssueKind, ...]]] = {
    "Reaching the server": CONNECTION,
    "Answers and messages": MESSAGES,
    "Handshake, sessions and credentials": HANDSHAKE,
    "What is listed": LISTS,
    "What is asked for besides (`tool_call`, `expect`)": CALLS,
    "What must be refused (`deep`)": REFUSALS,
}
ISSUE_KINDS: t.Final[t.Mapping[str, IssueKind]] = {kind.code: kind for kinds in SECTIONS.values() for kind in kinds}
