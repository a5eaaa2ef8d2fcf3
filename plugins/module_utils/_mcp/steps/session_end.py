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

if t.TYPE_CHECKING:
    from ..protocol.post_transport import PostTransport
    from ..protocol.session_state import SessionState
    from ..transport.urls import Endpoint

_CODE: t.Final = "ENDS_WITH_SESSION"
_TIMEOUT: t.Final = 2.0  # seconds for one connection
_PAUSES: t.Final = (0.0, 0.5)  # seconds before each connection; a process needs a moment to end


def check_still_serves(http: PostTransport, state: SessionState) -> bool:
    """Connect again after the end of a session, and return whether the server accepts connections."""
    for pause in _PAUSES:
        time.sleep(min(pause, http.deadline.left))
        try:
            http.client.connect(http.deadline.within(_TIMEOUT))
        except McpError as exc:
            if http.deadline.passed:
                state.record_not_checked(_CODE)
            return not record_refusal(exc, state)
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


def record_refusal(error: McpError, state: SessionState) -> bool:
    """Add the issue if a server that had sessions refuses a connection after one; return whether it does."""
    refused = state.session and isinstance(error, ConnectError) and error.refused
    if refused:
        state.issues.add(_CODE, f"The server served a session. After its end: {error.seen}")
    return refused
