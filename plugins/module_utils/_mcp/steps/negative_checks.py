# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Check that the server rejects invalid requests. Only with ``deep``: each check costs a round trip.

Each request has a short time limit of its own, so that what is found does not depend on the time limit of the
validation. A check that the validation has no time left for is recorded as not made.
"""

from __future__ import annotations

import typing as t

from ..._util import clean
from ..errors import DeadlineExceeded, McpError
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
_TIMEOUT: t.Final = 2.0  # seconds for one request; a server rejects a request without any work
_OF_SESSION: t.Final = "SESSION_NOT_TERMINATED"


def check_open_session(session: Session, http: PostTransport, state: SessionState) -> None:
    """Run the checks that need an open session."""
    check_unknown_method(session, http, state)
    if isinstance(session, StatelessSession):
        check_stateless(session, http, state)
        _check_get(session, http, state, {})
        _check_origin_stateless(session, http, state)
    elif isinstance(session, StreamableSession):
        _check_streamable(session, http, state)


def check_closed_session(session: Session, http: PostTransport, state: SessionState) -> None:
    """Check that the server rejects the id of the closed session."""
    if not isinstance(session, StreamableSession) or not session.deleted:
        if http.deadline.passed and isinstance(session, StreamableSession) and session.id:
            state.record_not_checked(_OF_SESSION)
        return
    reply = _try_request(_OF_SESSION, "ping with the deleted session", lambda: session.request("ping", {}), http, state)
    if reply is not None and reply.status != 404:
        state.issues.add(_OF_SESSION, f"ping with the deleted session returned {reply.describe()}.")


def _try_request(
    code: str, what: str, send: t.Callable[[], Reply], http: PostTransport, state: SessionState
) -> Reply | None:
    """Return the reply; None, and an issue, if there is none.

    :param code: of the issue that the check may find.
    """
    try:
        with http.limited(_TIMEOUT):
            return send()
    except McpError as exc:
        if http.deadline.passed:
            state.record_not_checked(code)
        else:
            state.issues.add(code, f"{what} got no response: {exc.seen}")
        return None


def check_unknown_method(session: Session, http: PostTransport, state: SessionState) -> None:
    """Check that the server rejects an unknown method."""
    reply = _try_request("UNKNOWN_METHOD", "An unknown method", lambda: session.request(_NO_METHOD, {}), http, state)
    if reply is None:
        return
    if reply.error is None:
        state.issues.add("UNKNOWN_METHOD", f"An unknown method returned {reply.describe()}.")
    elif session.stateless and (reply.status, reply.error.code) != (404, revisions.METHOD_NOT_FOUND):
        state.issues.add("UNKNOWN_METHOD", f"An unknown method returned {reply.describe()}, not 404.")


def _check_streamable(session: StreamableSession, http: PostTransport, state: SessionState) -> None:
    if (state.protocol_version or "") >= _ENFORCES_VERSION:
        code, what = "VERSION_HEADER_IGNORED", f"ping with the version {_NO_VERSION}"
        headers = {**session.headers, "MCP-Protocol-Version": _NO_VERSION}
        reply = _try_request(code, what, lambda: http.request(session.endpoint, "ping", {}, headers), http, state)
        if reply is not None and reply.status != 400:
            state.issues.add(code, f"{what} returned {reply.describe()}, not 400.")
    _check_get(session, http, state, session.headers)
    params = revisions.initialize_params(http.options)
    reply = _check_origin(
        lambda: http.request(session.endpoint, "initialize", params, {"Origin": _NO_ORIGIN}), http, state
    )
    if reply is not None and reply.result is not None:
        StreamableSession(http, reply).close()


def check_stateless(session: StatelessSession, http: PostTransport, state: SessionState) -> None:
    """Run the checks that only apply to the stateless revision."""
    method = "server/discover"
    good = revisions.stateless_headers(method)
    params = revisions.stateless_params(http.options, {})
    other = revisions.stateless_params(http.options, {}, version=_NO_VERSION)

    def expect_error(code: str, what: str, error: int, body: dict[str, t.Any], headers: dict[str, str]) -> None:
        reply = _try_request(code, what, lambda: http.request(session.endpoint, method, body, headers), http, state)
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
    _check_origin(lambda: http.request(session.endpoint, method, params, headers), http, state)


def _check_get(session: Session, http: PostTransport, state: SessionState, headers: t.Mapping[str, str]) -> None:
    code, what = "GET_UNEXPECTED", "GET of the endpoint"
    fields = {"Accept": "text/event-stream", **headers}
    begun, reply = None, None
    if isinstance(session, StreamableSession):
        begun, reply = session.take_stream(), session.get_reply
    request = HttpRequest("GET", session.endpoint, fields)
    reply = reply or _try_request(code, what, lambda: http.send(request, begun=begun), http, state)
    streams = reply is not None and reply.ok and reply.headers.media_type == "text/event-stream"
    if reply is not None and reply.status != 405 and not (streams and not session.stateless):
        state.issues.add(code, f"{what} returned {clean(reply.describe())}.")


def _check_origin(send: t.Callable[[], Reply], http: PostTransport, state: SessionState) -> Reply | None:
    code = "ORIGIN_NOT_VALIDATED"
    try:
        with http.limited(_TIMEOUT):
            reply = send()
    except DeadlineExceeded:
        state.record_not_checked(code)  # the server neither rejected nor accepted the request
        return None
    except McpError:
        return None  # closing the connection rejects the request
    if reply.ok:
        seen = f"A request with Origin: {_NO_ORIGIN} was accepted (HTTP {reply.status})."
        state.issues.add(code, seen)
    return reply
