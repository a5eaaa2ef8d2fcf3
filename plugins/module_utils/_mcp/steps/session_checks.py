# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Run the checks that need an open session: lists, the tool call, and with ``deep`` requests that must be rejected."""

from __future__ import annotations

import typing as t

from ..checks import deprecated_features
from ..protocol.session import StatelessSession
from . import enumeration, negative_checks, stateless_checks, tool_call

if t.TYPE_CHECKING:
    from ..protocol.post_transport import PostTransport
    from ..protocol.session import Session
    from ..protocol.session_state import SessionState


def run(session: Session, http: PostTransport, state: SessionState) -> None:
    """Run the checks of the options."""
    options = http.options
    deprecated_features.check_declared(state)
    if state.protocol_version is None or state.requires_auth or options.light:
        return
    enumeration.list_all(session, http, state)
    if state.silent and not state.listings:
        state.issues.add("GET_BLOCKS_REQUESTS", "Since a GET of the endpoint, no request got a response.")
    if options.tool_call is not None and session.alive and not state.requires_auth:
        tool_call.call_tool(session, http, state, options.tool_call)
    if options.deep and session.alive:
        negative_checks.check_open_session(session, http, state)
        if isinstance(session, StatelessSession):
            stateless_checks.check(session, http, state)
