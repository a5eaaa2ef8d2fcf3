# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check whether a server that completed a handshake also supports the stateless revision, 2026-07-28."""

from __future__ import annotations

import typing as t

from ..checks import deprecated_features, initialize_checks
from ..errors import ConnectError, McpError
from ..protocol import revisions
from ..protocol.session import StatelessSession
from ..protocol.session_state import SessionState
from . import enumeration, negative_checks, session_end, stateless_checks

if t.TYPE_CHECKING:
    from ..protocol.post_transport import PostTransport
    from ..protocol.reply import Reply


_NOT_REFUSED: t.Final = "DISCOVER_NOT_REFUSED"
# Notes on a JSON-RPC error that clients then do not take for the response.
_BESIDE_THE_ERROR: t.Final = ("ACCEPTED_WITH_BODY", "ERROR_ID_NOT_ECHOED")


def discover(http: PostTransport, reply: Reply, state: SessionState) -> Reply | None:
    """Return the reply to server/discover; None if there is none. It is no defect if the server does not support it."""
    params = revisions.stateless_params(http.options, {})
    try:
        return http.request(reply.endpoint, "server/discover", params, revisions.stateless_headers("server/discover"))
    except McpError as exc:
        ended = session_end.record_refusal(exc, state) or (
            isinstance(exc, ConnectError) and not session_end.accepts_connections(http, state)
        )
        if http.deadline.passed:
            state.record_not_checked("MODERN_DISCOVER_INVALID")
            state.record_not_checked(_NOT_REFUSED)
        elif not ended and not state.silent:
            state.record_no_response(_NOT_REFUSED, "server/discover", exc)
        return None


def check_refusal(answer: Reply, state: SessionState) -> None:
    """Check that a server without the stateless revision refuses server/discover so that clients go on.

    Which replies they take for a refusal was measured. A server that fails since its session ended has its own issue.
    """
    if answer.result is not None or "ENDS_WITH_SESSION" in state.issues.codes:
        return
    noted = {note.code for note in answer.notes}
    other = answer.ok and (answer.response is None or not noted.isdisjoint(_BESIDE_THE_ERROR))
    if other or answer.status in (401, 403) or answer.status >= 500:
        state.issues.add(_NOT_REFUSED, f"server/discover returned {answer.describe()}.")


def check(reply_to_discover: Reply, http: PostTransport, state: SessionState) -> None:
    """Check what the server says and lists at the stateless revision; with ``deep``, also what it must reject."""
    if reply_to_discover.result is None or revisions.LATEST_STATELESS not in revisions.supported_versions_in(
        reply_to_discover.result
    ):
        return
    state.texts.report(state.issues)  # what is found from here on is only in this revision
    other = SessionState(state.issues, state.texts, not_checked=state.not_checked, secondary=True)
    with state.issues.other_revision(revisions.LATEST_STATELESS):
        other.record_reply(reply_to_discover, stateless=True)
        initialize_checks.check_discover(reply_to_discover.result, other)
        deprecated_features.check_declared(other)
        reply_to_discover.forget_content()
        session = StatelessSession(http, reply_to_discover.endpoint)
        enumeration.list_all(session, http, other)
        other.texts.report(state.issues)
        if http.options.deep and not other.requires_auth:
            # GET and Origin have been checked in the session with a handshake.
            negative_checks.check_unknown_method(session, http, other)
            negative_checks.check_stateless(session, http, other)
            stateless_checks.check(session, http, other)
    state.other_revisions += other.revisions
