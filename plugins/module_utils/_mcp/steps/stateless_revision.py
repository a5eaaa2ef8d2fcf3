# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""A server that shook hands may also speak the revision without a handshake; which one counts, each client chooses."""

from __future__ import annotations

import typing as t

from ..checks import initialize_checks
from ..errors import McpError
from ..protocol import revisions
from ..protocol.session import StatelessSession
from ..protocol.session_state import SessionState
from . import enumeration, negative_checks

if t.TYPE_CHECKING:
    from ..protocol.post_transport import PostTransport
    from ..protocol.reply import Reply


def discover(http: PostTransport, reply: Reply) -> Reply | None:
    """Return the answer of a server that also speaks 2026-07-28; that it does not is no defect."""
    params = revisions.stateless_params(http.options, {})
    try:
        answer = http.request(reply.endpoint, "server/discover", params, revisions.stateless_headers("server/discover"))
    except McpError:
        return None
    return answer if revisions.supported_versions_in(answer.result) else None


def check(answer: Reply, http: PostTransport, state: SessionState) -> None:
    """Check what is said and listed without a handshake, and what is refused there."""
    if answer.result is None or revisions.LATEST_STATELESS not in revisions.supported_versions_in(answer.result):
        return
    other = SessionState(state.issues)  # the report tells of the era with a handshake, but for what is wrong
    with state.issues.prefixed(revisions.LATEST_STATELESS):
        other.record_reply(answer, stateless=True)
        initialize_checks.check_discover(answer.result, other)
        session = StatelessSession(http, answer.endpoint)
        enumeration.list_all(session, http, other)
        if not other.requires_auth:
            # GET and Origin were looked at in the era with a handshake.
            negative_checks.check_unknown_method(session, other)
            negative_checks.check_stateless(session, http, other)
