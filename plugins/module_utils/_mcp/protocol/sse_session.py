# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The session of HTTP+SSE (2024-11-05).

All responses arrive on one event stream. Its first event has the URL to which the client posts messages.
"""

from __future__ import annotations

import collections
import functools
import json
import typing as t

from ..._util import clean, excerpt
from ..errors import DeadlineExceeded, McpError, ProtocolError, TransportError
from ..issues.issue_log import Note
from ..transport import connection, urls
from ..transport.http_client import HttpRequest
from ..transport.sse import SseEvent, SseParser
from .reply import JSON, SSE, Reply, ResponseMatcher
from .session import LEGACY_SSE, NO_HEADERS

if t.TYPE_CHECKING:
    from ..transport.deadline import Deadline
    from ..transport.http_client import Exchange
    from ..transport.urls import Endpoint
    from . import jsonrpc
    from .post_transport import PostTransport
    from .sent_request import SentRequest

_MAX_EVENTS_BEFORE_ENDPOINT = 1000
_END_OF_POST = 5.0  # seconds for the end of the reply to a POST, once the response is there
_DROPPED_IN_URLS = {ord(char): None for char in "\t\r\n"}  # by all clients
_ERROR_BYTES = 64 * 1024
_STREAM_BYTES = 16 * 1024 * 1024


class SseSession:
    """A session on an open stream; it ends with the stream.

    :param url: the URL of the stream before redirects, against which clients resolve that of the endpoint event.
    """

    transport = LEGACY_SSE
    stateless = False

    def __init__(self, http: PostTransport, url: Endpoint, stream: Exchange, opened_by: Reply) -> None:
        self.url = url
        self.endpoint = opened_by.endpoint
        self.notes: list[Note] = list(opened_by.notes)
        self._http = http
        self._stream = stream
        stream.body_limit = _STREAM_BYTES  # all responses arrive on this stream
        self._opened_by = opened_by
        self._parser = SseParser()
        self._events: collections.deque[SseEvent] = collections.deque()
        self._post = opened_by.endpoint
        self._posts_hang = False  # a reply to a POST did not end

    @property
    def alive(self) -> bool:
        """Whether the stream is open."""
        return not self._stream.complete

    def wait_endpoint(self, limit: Deadline) -> bool:
        """Wait for the endpoint event and return whether it came.

        :raises ProtocolError: if its URL is invalid or of another origin.
        """
        for _number in range(_MAX_EVENTS_BEFORE_ENDPOINT):
            event = self._next_event(limit, "the endpoint event")
            if self._parser.has_bom and not self.notes:
                self.notes.append(Note("SSE_BOM", "The event stream begins with a byte order mark."))
            if event is None:
                return False
            if event.name == "message":
                seen = "The event stream begins with a message, and the endpoint event comes later."
                self.notes.append(Note("SSE_ENDPOINT_LATE", seen))
            if event.name == "endpoint":
                url = self._encode(self._unquote(event.data.strip()).translate(_DROPPED_IN_URLS))
                self._post = urls.resolve(self.url, url, "SSE_ENDPOINT", self._http.host_header)
                return True
        return False

    def _encode(self, url: str) -> str:
        """Return a URL as clients use it, which encode spaces and characters beyond ASCII."""
        if " " in url:
            self.notes.append(Note("SSE_ENDPOINT_SPACE", f"The endpoint event has {clean(url)!r}, a URL with a space."))
        return urls.percent_encoded(url)

    def _unquote(self, data: str) -> str:
        if not data.startswith('"'):
            return data
        try:
            value = json.loads(data)
        except ValueError:
            return data
        self.notes.append(
            Note("SSE_ENDPOINT_QUOTED", f"The endpoint event has {clean(data)}, a JSON string instead of a plain URL.")
        )
        return str(value)

    def request(self, method: str, params: t.Mapping[str, t.Any], headers: t.Mapping[str, str] = NO_HEADERS) -> Reply:
        """Post a request and return the response from the stream."""
        self._http.free_memory()
        request_id, body = self._http.encode_request(method, params or None)
        reply = Reply(self._opened_by.status, self._opened_by.headers, self.endpoint, SSE, shared=True)
        limit = self._http.deadline.within(self._http.request_timeout)
        respond = functools.partial(self._http.respond, self._post, headers, limit)
        matcher = ResponseMatcher(request_id, reply, self._http.decoder(limit), shared=True, respond=respond)
        sent = self._http.begin(HttpRequest("POST", self._post, headers, body), limit)
        try:
            reply.response = self._await_response(sent, matcher, reply, limit, method)
            reply.notes += sent.notes
            if not self._posts_hang:
                self._await_end(sent, reply, method)
        except ProtocolError as exc:
            reply.problem = Note(exc.code, exc.seen)
        except BaseException:
            sent.close()
            raise
        sent.exchange.finish()
        if self._parser.has_lone_cr:
            reply.add_note_once("SSE_LINE_END", "The event stream ends lines with CR only.")
        reply.report_list_change(self._http.options)
        return reply

    def notify(self, method: str) -> Reply:
        """Post a notification and return the reply to the POST."""
        return self._http.notify(self._post, method, {})

    def renew(self) -> None:
        """Prepare a session that was kept open for further requests."""
        self._stream.renew_limit()

    def disconnect(self) -> None:
        """Close the stream, which ends the session."""
        self._stream.close()

    def close(self) -> list[Note]:
        """Close the stream, which ends the session."""
        self.disconnect()
        return []

    def _await_response(
        self, sent: SentRequest, matcher: ResponseMatcher, reply: Reply, limit: Deadline, method: str
    ) -> jsonrpc.Response:
        """Read both connections: the reply to the POST may come before or after the response, or not at all."""
        posted = False
        doing = f"the response to {method} on the event stream"
        while True:
            while self._events:
                response = self._match_event(self._events.popleft(), matcher, reply)
                if response is not None:
                    return response
            self._http.free_memory()
            matcher.respond()
            if not posted and sent.has_response():
                posted = True
                response = _match_post_reply(sent.exchange, matcher, reply, limit, method)
                if response is not None:
                    return response
            ended = self._stream.complete or matcher.deadline(limit).passed
            concluded = matcher.conclude() if ended else None
            if concluded is not None:
                return concluded
            if self._stream.complete:
                raise ProtocolError(
                    f"The event stream ended without the response to {method}.", code="SSE_CONNECTION_FAILED"
                )
            waiting = [self._stream.connection] if posted else [self._stream.connection, sent.exchange.connection]
            left = min(matcher.deadline(limit).left, limit.remaining(doing))
            ready = connection.wait_readable(waiting, left)
            if sent.exchange.connection in ready and not posted:
                sent.exchange.read_available()
            if self._stream.connection in ready:
                self._stream.read_available()
                self._feed(limit)

    def _await_end(self, sent: SentRequest, reply: Reply, method: str) -> None:
        """Wait for the end of the reply to the POST, as most clients do before they send the next message."""
        limit = self._http.deadline.within(min(_END_OF_POST, self._http.request_timeout))
        try:
            sent.exchange.wait_head(limit, "the reply to the POST")
            while sent.follow():
                sent.exchange.wait_head(limit, "the reply to the POST")
            sent.exchange.read(limit, "the end of the reply to the POST", _ERROR_BYTES)
        except DeadlineExceeded:
            self._posts_hang = True
            if not self._http.deadline.passed:
                seen = f"The reply to the POST of {method} does not end, although its response is on the stream."
                reply.add_note_once("SSE_CONNECTION_FAILED", seen)
        except McpError:
            return

    def _match_event(self, event: SseEvent, matcher: ResponseMatcher, reply: Reply) -> jsonrpc.Response | None:
        if event.name == "endpoint":
            self._note_endpoint(event, reply)
        return matcher.match_event(event)

    def _note_endpoint(self, event: SseEvent, reply: Reply) -> None:
        """Note a second endpoint event: it is never followed, and clients reject one that leads to another origin."""
        try:
            urls.resolve(self.url, urls.percent_encoded(event.data.strip()), "SSE_ENDPOINT", self._http.host_header)
        except ProtocolError as exc:
            reply.add_note(exc.code, f"The server sent a second endpoint event. {exc.seen}")
        else:
            reply.add_note("SSE_ENDPOINT_REPEATED", "The server sent a second endpoint event, which was ignored.")

    def _next_event(self, limit: Deadline, waiting_for: str) -> SseEvent | None:
        while not self._events:
            if self._stream.complete:
                return None
            self._pump(limit, waiting_for)
        return self._events.popleft()

    def _pump(self, limit: Deadline, waiting_for: str) -> None:
        self._feed(limit)
        if not self._events and not self._stream.complete:
            self._stream.read_more(limit, waiting_for)
            self._feed(limit)

    def _feed(self, limit: Deadline) -> None:
        for piece in self._stream.take_body():
            self._stream.reserve(self._parser.size + len(piece), limit)
            self._events.extend(self._parser.feed(piece))


def _match_post_reply(
    exchange: Exchange, matcher: ResponseMatcher, reply: Reply, limit: Deadline, method: str
) -> jsonrpc.Response | None:
    """Check the reply to the POST. It usually has no content, but some servers send the response in it."""
    head = exchange.wait_head(limit, f"the reply to the POST of {method}")
    reply.note_interim(head.interim)
    try:
        body = bytes(exchange.read(limit, f"the reply to the POST of {method}", _ERROR_BYTES))
    except TransportError:
        body = b""
    if head.status >= 300:
        seen = f"The POST of {method} returned HTTP {head.status} and {excerpt(body)}."
        raise ProtocolError(seen, code="SSE_CONNECTION_FAILED")
    try:
        response = matcher.match_body(body) if body.lstrip().startswith(b"{") else None
    except McpError:
        return None
    if response is not None:
        reply.mode = JSON
        reply.add_note(
            "SSE_RESPONSE_IN_POST", f"The response to {method} is in the reply to the POST, not on the stream."
        )
    return response
