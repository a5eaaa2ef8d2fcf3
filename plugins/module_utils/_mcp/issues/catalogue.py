# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""All kinds of issues. The codes never change: scripts depend on them."""

from __future__ import annotations

import typing as t

from .feature_issues import CALLS, LISTS, OFFERS, REFUSALS
from .migration_issues import MIGRATION
from .newer_issues import NEWER, NEWER_DEEP
from .session_issues import HANDSHAKE
from .stream_issues import STREAMS
from .text_issues import TEXTS
from .transport_issues import CONNECTION, MESSAGES

if t.TYPE_CHECKING:
    from .issue_kind import IssueKind

# The sections of docs/validation-issues.md, in order.
SECTIONS: t.Final[t.Mapping[str, tuple[IssueKind, ...]]] = {
    "Connecting to the server": CONNECTION,
    "Responses and messages": (*MESSAGES, *STREAMS),
    "Handshake, sessions and credentials": HANDSHAKE,
    "Lists": LISTS,
    "Offers of the Pods of an MCPServer": OFFERS,
    "Tool calls and expectations (`tool_call`, `expect`)": CALLS,
    "Requests that a server must reject (`deep`)": REFUSALS,
    "Additions of 2026-07-28": NEWER,
    "Additions of 2026-07-28 (`deep`)": NEWER_DEEP,
    "Texts that attack agents": TEXTS,
    "Deprecated features": MIGRATION,
}
ISSUE_KINDS: t.Final[t.Mapping[str, IssueKind]] = {kind.code: kind for kinds in SECTIONS.values() for kind in kinds}
# Reading a text is a judgement, not a measurement: these never make a server non-compliant.
ADVICE: t.Final = frozenset(kind.code for kind in TEXTS)
