# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""All fake servers."""

from __future__ import annotations

from ..fake_server import FakeServers
from . import (
    answers,
    asks,
    auth,
    calls,
    client_limits,
    correct,
    discover,
    framing,
    handshake,
    lists,
    migration,
    newer,
    reach,
    refusals,
    shapes,
    sse,
    stateless,
    streams,
    texts,
    tokens,
    wire,
)

FAKE_SERVERS: FakeServers = [
    fake_server
    for room in (
        correct,
        reach,
        answers,
        client_limits,
        framing,
        wire,
        streams,
        asks,
        handshake,
        discover,
        lists,
        shapes,
        sse,
        stateless,
        auth,
        tokens,
        calls,
        refusals,
        texts,
        migration,
        newer,
    )
    for fake_server in room.FAKE_SERVERS
]
