# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Complete the handshake of the detected revision and open the session."""

from __future__ import annotations

import typing as t

from ..auth import resource_metadata
from ..checks import initialize_checks
from ..errors import DeadlineExceeded, McpError
from ..protocol import revisions
from ..protocol.session import STREAMABLE, StatelessSession, StreamableSession

if t.TYPE_CHECKING:
    from ..protocol.post_transport import PostTransport
    from ..protocol.reply import Reply
    from ..protocol.session import Session
    from ..protocol.session_state import SessionState
    from .detection import Detected

_PING_TIMEOUT: t.Final = 2.0  # seconds


def establish_session(found: Detected, http: PostTransport, state: SessionState, *, streams: bool) -> Session | None:
    """Complete the handshake and return the session; None if there is no session to check.

    :param streams: open the stream for messages of the server beside the requests, if the session has one.
    """
    state.transport = found.transport
    if found.stream is not None:
        return _begin_sse(found, http, state)
    reply = found.reply
    if reply is None or reply.result is None:
        return None
    state.record_reply(reply, stateless=found.stateless)
    _record_endpoint(state, reply)
    if found.stateless:
        initialize_checks.check_discover(reply.result, state)
        state.supported_versions = revisions.supported_versions_in(reply.result)
        reply.forget_content()
        return StatelessSession(http, reply.endpoint)
    version = initialize_checks.check_initialize(reply.result, state)
    reply.forget_content()
    return _begin_streamable(reply, version, http, state, streams=streams)


def _record_endpoint(state: SessionState, reply: Reply) -> None:
    state.endpoint, state.path = str(reply.endpoint), reply.endpoint.path


def _begin_streamable(
    reply: Reply, version: str | None, http: PostTransport, state: SessionState, *, streams: bool
) -> Session:
    session = StreamableSession(http, reply)
    state.session = session.id is not None
    if not session.valid_id:
        state.issues.add(
            "INVALID_SESSION_ID",
            "The Mcp-Session-Id has characters that are not visible ASCII.",
        )
    if len(session.ids) > 1:
        state.issues.add("SESSION_ID_REPEATED", f"initialize returned {len(session.ids)} Mcp-Session-Id headers.")
    session.set_version(version or revisions.LATEST_HANDSHAKE)
    if version is not None:
        state.supported_versions = [version]
        _finish_handshake(session, http, state, session.open_stream if streams else None)
    return session


def _begin_sse(found: Detected, http: PostTransport, state: SessionState) -> Session | None:
    session = found.stream
    if session is None:
        return None
    state.endpoint, state.path = str(session.endpoint), session.endpoint.path
    state.session = True  # the URL of the endpoint event identifies it
    state.issues.add_notes(session.notes)
    params = revisions.initialize_params(http.options)
    try:
        reply = session.request("initialize", params)
    except McpError as exc:
        state.record_no_response("SSE_CONNECTION_FAILED", "On the event stream, initialize", exc)
        return session
    state.record_reply(reply)
    if reply.result is None:
        if reply.error is not None:
            state.issues.add("INIT_FAILED", f"initialize returned the JSON-RPC error {reply.error}.")
        elif reply.problem is not None:
            state.issues.add_error(reply.problem)
        return session
    version = initialize_checks.check_initialize(reply.result, state)
    reply.forget_content()
    if version is not None:
        state.supported_versions = [version]
        _finish_handshake(session, http, state)
    return session


def _finish_handshake(
    session: Session, http: PostTransport, state: SessionState, open_stream: t.Callable[[], bool] | None = None
) -> None:
    """Send notifications/initialized and, while the stream is opened, a ping."""
    try:
        reply = session.notify("notifications/initialized")
    except McpError as exc:
        state.record_no_response("INITIALIZED_REJECTED", "notifications/initialized", exc)
        return
    if resource_metadata.record_unauthorized(reply, http, state):
        return
    state.issues.add_notes(reply.notes)
    _check_acceptance(reply, session, state)
    streams = open_stream is not None and open_stream()
    try:
        pong = session.request("ping", {})
    except McpError as exc:
        state.record_no_response("PING_FAILED", "ping", exc)
        if streams and isinstance(exc, DeadlineExceeded):
            _ping_without_stream(session, http, state)
        return
    if resource_metadata.record_unauthorized(pong, http, state):
        return
    state.record_reply(pong)
    if pong.result is None:
        state.issues.add("PING_FAILED", f"ping returned {pong.describe()}.")


def _check_acceptance(reply: Reply, session: Session, state: SessionState) -> None:
    """Check the reply to notifications/initialized."""
    if reply.status == 404 and session.transport == STREAMABLE:
        # Half of the clients take it for an acceptance.
        state.issues.add("INITIALIZED_STATUS", f"notifications/initialized returned {reply.describe()}.")
    elif not reply.ok:
        state.issues.add("INITIALIZED_REJECTED", f"notifications/initialized returned {reply.describe()}.")
    elif session.transport == STREAMABLE and reply.status != 202:
        state.issues.add(
            "INITIALIZED_STATUS", f"notifications/initialized returned HTTP {reply.status} instead of 202."
        )
    elif reply.unfinished:
        state.issues.add("INITIALIZED_STATUS", "The body of the response to notifications/initialized does not end.")


def _ping_without_stream(session: Session, http: PostTransport, state: SessionState) -> None:
    """Find out whether ping is answered once the GET is closed."""
    session.disconnect()
    try:
        with http.limited(_PING_TIMEOUT):
            session.request("ping", {})
    except McpError:
        state.silent = True
    else:
        state.issues.add("GET_BLOCKS_REQUESTS", "ping got no response until the GET of the endpoint was closed.")
