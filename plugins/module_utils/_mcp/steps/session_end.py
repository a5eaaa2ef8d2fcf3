# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check whether the server still serves after a session has ended.

Some servers exit when a session ends: the evidence is a refused connection, since the server had accepted one just
before. Others run on and fail each request: the evidence is a failed initialize, since one had succeeded.
"""

from __future__ import annotations

import time
import typing as t

from ..errors import ConnectError, McpError
from ..protocol import revisions
from ..protocol.session import StreamableSession
from ..protocol.sse_session import SseSession

if t.TYPE_CHECKING:
    from ..protocol.post_transport import PostTransport
    from ..protocol.session import Session
    from ..protocol.session_state import SessionState
    from ..transport.urls import Endpoint

_CODE: t.Final = "ENDS_WITH_SESSION"
_SECOND: t.Final = "SECOND_CLIENT_FAILS"
_TIMEOUT: t.Final = 2.0  # seconds for one connection
_PAUSES: t.Final = (0.0, 0.5)  # seconds before each connection; a process needs a moment to end


def check_still_serves(session: Session, http: PostTransport, state: SessionState) -> bool:
    """Connect again after the end of a session, and return whether the server accepts connections."""
    if not accepts_connections(http, state):
        return False
    defect = _second_client_defect(session, http) if isinstance(session, SseSession) else None
    if defect is None:
        return True
    if not accepts_connections(http, state, "After another client connected"):
        return False
    if http.deadline.passed:
        state.record_not_checked(_SECOND)
    else:
        state.issues.add(_SECOND, f"After the end of the session, another client cannot connect: {defect}")
    return True


def _second_client_defect(session: SseSession, http: PostTransport) -> str | None:
    """Open another event stream as the next client does; return what is wrong with it."""
    limit = http.deadline.within(_TIMEOUT)
    try:
        exchange, reply = http.open_stream(session.url, {}, limit)
        try:
            if reply.headers.media_type != "text/event-stream":
                return f"GET returned {reply.describe()}."
            found = SseSession(http, session.url, exchange, reply).wait_endpoint(limit)
        finally:
            exchange.close()
    except McpError as exc:
        return exc.seen
    return None if found else "The event stream has no endpoint event."


def accepts_connections(http: PostTransport, state: SessionState, when: str = "After its end") -> bool:
    """Connect once or twice, and return whether the server accepts that."""
    for pause in _PAUSES:
        time.sleep(min(pause, http.deadline.left))
        try:
            http.client.connect(http.deadline.within(_TIMEOUT))
        except McpError as exc:
            if http.deadline.passed:
                state.record_not_checked(_CODE)
            return not record_refusal(exc, state, when)
    return True


def check_new_session(endpoint: Endpoint, http: PostTransport, state: SessionState) -> None:
    """Begin another session, and end it. Only for a server that failed a request after the end of its session."""
    if not state.session:
        return
    try:
        with http.limited(_TIMEOUT):
            reply = http.request(endpoint, "initialize", revisions.initialize_params(http.options), {})
    except McpError as exc:
        record_refusal(exc, state)
        return
    if reply.status >= 500:
        state.issues.add(_CODE, f"The server served a session. After its end, initialize returned {reply.describe()}.")
    elif reply.result is not None:
        StreamableSession(http, reply).close()


def record_refusal(error: McpError, state: SessionState, when: str = "After its end") -> bool:
    """Add the issue if a server that had sessions refuses a connection after one; return whether it does."""
    refused = state.session and isinstance(error, ConnectError) and error.refused
    if refused:
        state.issues.add(_CODE, f"The server served a session. {when}: {error.seen}")
    return refused
