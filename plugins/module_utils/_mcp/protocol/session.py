# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The sessions of Streamable HTTP, with and without a handshake, behind one interface."""

from __future__ import annotations

import contextlib
import functools
import re
import types
import typing as t

from ..errors import DeadlineExceeded, McpError
from ..issues.issue_log import Note
from ..transport.http_client import HttpRequest
from . import revisions
from .cookies import cookie_header
from .reply import session_header
from .side_stream import SideStream

if t.TYPE_CHECKING:
    from ..transport.http_client import Exchange
    from ..transport.urls import Endpoint
    from .post_transport import PostTransport
    from .reply import Reply

STREAMABLE: t.Final = "streamable-http"
LEGACY_SSE: t.Final = "sse"
NO_HEADERS: t.Final[t.Mapping[str, str]] = types.MappingProxyType({})
# Of any length: gateways put a signed token, or the encrypted ids of several sessions, into one id.
_SESSION_ID = re.compile(r"[\x21-\x7e]+")
_CLOSE_TIMEOUT = 2.0  # seconds
_MOMENT = 0.05  # seconds
_COOKIE: t.Final = "Cookie"
_NO_SESSION: t.Final = (400, 404)  # how a server rejects a session that it does not know


class Session(t.Protocol):
    """A session, whatever its transport and revision."""

    transport: str
    stateless: bool
    endpoint: Endpoint

    @property
    def alive(self) -> bool:
        """Whether the server can still respond."""

    def request(self, method: str, params: t.Mapping[str, t.Any], headers: t.Mapping[str, str] = NO_HEADERS) -> Reply:
        """Send a request and return the reply."""

    def notify(self, method: str) -> Reply:
        """Send a notification and return the reply."""

    def renew(self) -> None:
        """Prepare a session that was kept open for further requests."""

    def disconnect(self) -> None:
        """Close the connection of the session, if it has one, and send nothing."""

    def close(self) -> list[Note]:
        """End the session and return notes about problems."""


class StreamableSession:
    """Streamable HTTP, revisions with a handshake (2025-03-26 to 2025-11-25)."""

    transport = STREAMABLE
    stateless = False
    alive = True

    def __init__(self, http: PostTransport, opened_by: Reply) -> None:
        self.endpoint = opened_by.endpoint
        self.ids = opened_by.headers.all("mcp-session-id")
        # Clients treat an empty id as none.
        self.id = next((value for value in self.ids if value), None)
        self._http = http
        self._headers: dict[str, str] = {}
        self.get_reply: Reply | None = None
        self.deleted = False  # the server confirmed the DELETE
        self._headers.update(session_header(opened_by))
        self._cookies = cookie_header(opened_by.headers, self.endpoint)

    @property
    def valid_id(self) -> bool:
        """Whether the session id has only visible ASCII characters."""
        return self.id is None or _SESSION_ID.fullmatch(self.id) is not None

    @property
    def headers(self) -> t.Mapping[str, str]:
        """The headers of all requests of the session."""
        return self._headers

    def set_version(self, version: str) -> None:
        """Send the negotiated version with all further requests."""
        self._headers["MCP-Protocol-Version"] = version

    def request(self, method: str, params: t.Mapping[str, t.Any], headers: t.Mapping[str, str] = NO_HEADERS) -> Reply:
        """Send a request and return the reply."""
        return self._checked(
            lambda: self._http.request(self.endpoint, method, params or None, {**self._headers, **headers})
        )

    def notify(self, method: str) -> Reply:
        """Send a notification and return the reply."""
        return self._checked(lambda: self._http.notify(self.endpoint, method, self._headers))

    def _checked(self, send: t.Callable[[], Reply]) -> Reply:
        reply = send()
        if reply.status in _NO_SESSION and self._cookies is not None and _COOKIE not in self._headers:
            reply = self._with_cookies(send, reply)
        if any(value not in ("", self.id) for value in reply.headers.all("mcp-session-id")):
            reply.add_note_once("SESSION_ID_CHANGED", "A response has another Mcp-Session-Id than initialize.")
        return reply

    def _with_cookies(self, send: t.Callable[[], Reply], before: Reply) -> Reply:
        """Send a request again with the cookies of the response to initialize, and all further ones if that helps."""
        self._headers[_COOKIE] = self._cookies or ""
        reply = send()
        if reply.ok:
            seen = f"Without the cookies that initialize set, a request returned {before.describe()}."
            reply.add_note("COOKIE_REQUIRED", seen)
            return reply
        del self._headers[_COOKIE]
        return before

    def open_stream(self) -> bool:
        """Send a GET for the stream of messages beside the responses, as all clients do in a session with an id.

        Return whether it is open. A GET without a response after a moment counts as open. Another response, such as
        405, is kept as ``get_reply``, and its connection is used again.
        """
        if "Mcp-Session-Id" not in self._headers:
            return False
        request = HttpRequest("GET", self.endpoint, {"Accept": "text/event-stream", **self._headers})
        with contextlib.suppress(McpError):
            stream = self._http.begin(request, self._http.deadline.within(self._http.request_timeout)).exchange
            if self._has_other_response(stream):
                self.get_reply = self._http.send(request, seconds=_MOMENT, begun=stream)
            else:
                respond = functools.partial(self._http.respond, self.endpoint, self._headers, self._http.deadline)
                self._http.side_stream = SideStream(stream, respond)
        return self._http.side_stream is not None

    def _has_other_response(self, exchange: Exchange) -> bool:
        """Wait for a moment, and tell whether there is a response that is no event stream."""
        try:
            head = exchange.wait_head(self._http.deadline.within(_MOMENT), "the response to GET")
        except DeadlineExceeded:
            return False
        except BaseException:
            exchange.close()
            raise
        return head.headers.media_type != "text/event-stream"

    def take_stream(self) -> Exchange | None:
        """Return the GET, which the caller closes; None if there is none."""
        side, self._http.side_stream = self._http.side_stream, None
        return None if side is None else side.exchange

    def renew(self) -> None:
        """Do nothing: the session is bound to no connection."""

    def disconnect(self) -> None:
        """Close the connection of the GET."""
        stream = self.take_stream()
        if stream is not None:
            stream.close()

    def close(self) -> list[Note]:
        """Delete the session if it has an id: servers limit the number of sessions."""
        try:
            return self._delete()
        finally:
            self.disconnect()

    def _delete(self) -> list[Note]:
        if "Mcp-Session-Id" not in self._headers:
            return []
        try:
            reply = self._http.send(HttpRequest("DELETE", self.endpoint, self._headers), seconds=_CLOSE_TIMEOUT)
        except McpError as exc:
            if self._http.deadline.passed:
                return []
            return [Note("DELETE_REJECTED", f"DELETE of the session got no response: {exc.seen}")]
        self.deleted = reply.ok
        if reply.ok or reply.status in (404, 405):
            return []
        return [Note("DELETE_REJECTED", f"DELETE of the session returned {reply.describe()}.")]


class StatelessSession:
    """Streamable HTTP, revision 2026-07-28: every request is self-contained."""

    transport = STREAMABLE
    stateless = True
    alive = True

    def __init__(self, http: PostTransport, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._http = http

    def request(self, method: str, params: t.Mapping[str, t.Any], headers: t.Mapping[str, str] = NO_HEADERS) -> Reply:
        """Send a request and return the reply."""
        body = revisions.stateless_params(self._http.options, params)
        fields = {**revisions.stateless_headers(method, params), **headers}
        return self._http.request(self.endpoint, method, body, fields)

    def notify(self, method: str) -> Reply:
        """Send a notification and return the reply."""
        return self._http.notify(self.endpoint, method, revisions.stateless_headers(method))

    def renew(self) -> None:
        """Do nothing: the revision has no sessions."""

    def disconnect(self) -> None:
        """Do nothing: the revision has no sessions."""

    def close(self) -> list[Note]:
        """Do nothing: the revision has no sessions."""
        return []
