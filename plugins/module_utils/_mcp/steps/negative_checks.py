# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check that the server rejects invalid requests. Only with ``deep``: each check costs a round trip."""

from __future__ import annotations

import typing as t

from ..._util import clean
from ..errors import McpError
from ..protocol import revisions
from ..protocol.session import StatelessSession, StreamableSession
from ..transport.http_client import HttpRequest

if t.TYPE_CHECKING:
    from ..protocol.post_transport import PostTransport
    from ..protocol.reply import Reply
    from ..protocol.session import Session
    from ..protocol.session_state import SessionState

_NO_METHOD: t.Final = "mcp-validate/no-such-method"
# Newer than any revision: a server that supports both may treat an older one as a revision with a handshake.
_NO_VERSION: t.Final = "2999-01-01"
_NO_ORIGIN: t.Final = "http://mcp-validate.invalid"
_ENFORCES_VERSION: t.Final = "2025-06-18"  # the first revision that has the version header
_INVALID_PARAMS: t.Final = -32602


def check_open_session(session: Session, http: PostTransport, state: SessionState) -> None:
    """Run the checks that need an open session."""
    check_unknown_method(session, state)
    if isinstance(session, StatelessSession):
        check_stateless(session, http, state)
        _check_get(session, http, state, {})
        _check_origin_stateless(session, http, state)
    elif isinstance(session, StreamableSession):
        _check_streamable(session, http, state)


def check_closed_session(session: Session, state: SessionState) -> None:
    """Check that the server rejects the id of the closed session."""
    if not isinstance(session, StreamableSession) or not session.deleted:
        return
    reply = _try_request(lambda: session.request("ping", {}))
    if reply is not None and reply.status != 404:
        state.issues.add("SESSION_NOT_TERMINATED", f"ping with the deleted session returned {reply.describe()}.")


def _try_request(send: t.Callable[[], Reply]) -> Reply | None:
    """Return the reply; None if there is none, which other checks report."""
    try:
        return send()
    except McpError:
        return None


def check_unknown_method(session: Session, state: SessionState) -> None:
    """Check that the server rejects an unknown method."""
    reply = _try_request(lambda: session.request(_NO_METHOD, {}))
    if reply is None:
        return
    if reply.error is None:
        state.issues.add("UNKNOWN_METHOD", f"An unknown method returned {reply.describe()}.")
    elif session.stateless and (reply.status, reply.error.code) != (404, revisions.METHOD_NOT_FOUND):
        state.issues.add("UNKNOWN_METHOD", f"An unknown method returned {reply.describe()}, not 404.")


def _check_streamable(session: StreamableSession, http: PostTransport, state: SessionState) -> None:
    if (state.protocol_version or "") >= _ENFORCES_VERSION:
        headers = {**session.headers, "MCP-Protocol-Version": _NO_VERSION}
        reply = _try_request(lambda: http.request(session.endpoint, "ping", {}, headers))
        if reply is not None and reply.status != 400:
            seen = f"ping with the version {_NO_VERSION} returned {reply.describe()}, not 400."
            state.issues.add("VERSION_HEADER_IGNORED", seen)
    _check_get(session, http, state, session.headers)
    params = revisions.initialize_params(http.options)
    reply = _try_request(lambda: http.request(session.endpoint, "initialize", params, {"Origin": _NO_ORIGIN}))
    _check_origin(reply, state)
    if reply is not None and reply.result is not None:
        StreamableSession(http, reply).close()


def check_stateless(session: StatelessSession, http: PostTransport, state: SessionState) -> None:
    """Run the checks that only apply to the stateless revision."""
    method = "server/discover"
    good = revisions.stateless_headers(method)
    params = revisions.stateless_params(http.options, {})
    other = revisions.stateless_params(http.options, {}, version=_NO_VERSION)

    def expect_error(code: str, what: str, error: int, body: dict[str, t.Any], headers: dict[str, str]) -> None:
        reply = _try_request(lambda: http.request(session.endpoint, method, body, headers))
        if reply is not None and (reply.status, reply.error and reply.error.code) != (400, error):
            state.issues.add(code, f"{what} returned {reply.describe()}, not 400 and {error}.")

    expect_error("MODERN_META_IGNORED", "A request without _meta", _INVALID_PARAMS, {}, good)
    mismatch = {**good, "Mcp-Method": "tools/list"}
    expect_error("MODERN_HEADERS_IGNORED", "A wrong Mcp-Method header", revisions.HEADER_MISMATCH, params, mismatch)
    unknown = {**good, "MCP-Protocol-Version": _NO_VERSION}
    expect_error("VERSION_HEADER_IGNORED", f"The version {_NO_VERSION}", revisions.UNSUPPORTED_VERSION, other, unknown)


def _check_origin_stateless(session: StatelessSession, http: PostTransport, state: SessionState) -> None:
    method = "server/discover"
    headers = {**revisions.stateless_headers(method), "Origin": _NO_ORIGIN}
    params = revisions.stateless_params(http.options, {})
    _check_origin(_try_request(lambda: http.request(session.endpoint, method, params, headers)), state)


def _check_get(session: Session, http: PostTransport, state: SessionState, headers: t.Mapping[str, str]) -> None:
    fields = {"Accept": "text/event-stream", **headers}
    reply = _try_request(lambda: http.send(HttpRequest("GET", session.endpoint, fields)))
    streams = reply is not None and reply.ok and reply.headers.media_type == "text/event-stream"
    if reply is not None and reply.status != 405 and not (streams and not session.stateless):
        state.issues.add("GET_UNEXPECTED", f"GET of the endpoint returned {clean(reply.describe())}.")


def _check_origin(reply: Reply | None, state: SessionState) -> None:
    if reply is not None and reply.ok:
        state.issues.add(
            "ORIGIN_NOT_VALIDATED", f"A request with Origin: {_NO_ORIGIN} was accepted (HTTP {reply.status})."
        )
