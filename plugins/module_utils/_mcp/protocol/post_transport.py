# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Send JSON-RPC messages by HTTP POST (Streamable HTTP); the response is JSON or in an event stream."""

from __future__ import annotations

import contextlib
import functools
import time
import typing as t

from ..errors import HttpError, LimitExceeded, McpError, ProtocolError, TransportError
from ..issues.issue_log import Note
from ..transport.http_client import MAX_BODY_BYTES, HttpRequest
from ..transport.sse import SseParser
from . import event_stream, jsonrpc, revisions
from .bodies import ERROR_BYTES, match_body, read_beginning
from .decoding import Decoding
from .reply import SSE, Decode, Reply, ResponseMatcher, session_header
from .sent_request import SentRequest
from .server_requests import response_to

if t.TYPE_CHECKING:
    from ..options import Options
    from ..transport.deadline import Deadline
    from ..transport.http_client import Exchange, HttpClient
    from ..transport.urls import Endpoint
    from .server_requests import ServerRequest
    from .side_stream import SideStream


_POST: t.Final = {"Content-Type": "application/json", "Accept": revisions.ACCEPT}
_RESPOND_TIMEOUT: t.Final = 2.0  # seconds for the response to one request of the server
_MAX_RESUMPTIONS: t.Final = 50  # of the event stream of one response


class PostTransport:
    """Sends messages. Each request has its own time limit within the deadline of the validation."""

    def __init__(self, client: HttpClient, options: Options, host_header: str | None, deadline: Deadline) -> None:
        self.client = client
        self.options = options
        self.request_timeout = options.request_timeout  # seconds
        self.deadline = deadline
        self.host_header = host_header
        self._decoding = Decoding()
        self.last_id = -1  # of the last request: clients begin with 0, which some servers take for none
        self.side_stream: SideStream | None = None  # of the session

    @contextlib.contextmanager
    def limited(self, seconds: float) -> t.Iterator[None]:
        """Limit each request in the block to at most ``seconds``."""
        before = self.request_timeout
        self.request_timeout = min(before, seconds)
        try:
            yield
        finally:
            self.request_timeout = before

    def encode_request(self, method: str, params: t.Mapping[str, t.Any] | None) -> tuple[int, bytes]:
        """Return the id and the JSON text of a new request."""
        self.last_id += 1
        value = {
            "jsonrpc": "2.0",
            "id": self.last_id,
            "method": method,
            **({} if params is None else {"params": params}),
        }
        return self.last_id, jsonrpc.encode(value)

    def request(
        self, endpoint: Endpoint, method: str, params: t.Mapping[str, t.Any] | None, headers: t.Mapping[str, str]
    ) -> Reply:
        """Send a request and return the reply; protocol errors are in ``Reply.problem``.

        :raises TransportError: if the server sends no complete HTTP response.
        """
        self.free_memory()
        request_id, body = self.encode_request(method, params)
        limit = self.deadline.within(self.request_timeout)
        exchange, reply = self._send_following_redirects(HttpRequest("POST", endpoint, headers, body), limit, method)
        try:
            self._read_response(exchange, reply, request_id, limit, method, headers)
        except BaseException:
            exchange.close()
            raise
        exchange.finish()
        reply.note_deviations(exchange.deviations)
        reply.report_list_change(self.options)
        return reply

    def notify(self, endpoint: Endpoint, method: str, headers: t.Mapping[str, str]) -> Reply:
        """Send a notification and return the reply, which has no response. The body of a success is not read."""
        body = jsonrpc.encode({"jsonrpc": "2.0", "method": method})
        return self.send(HttpRequest("POST", endpoint, headers, body), waiting_for=method, reads_success=False)

    def respond(
        self, endpoint: Endpoint, headers: t.Mapping[str, str], limit: Deadline, request: ServerRequest
    ) -> None:
        """Respond to a request of the server, whatever the server says to that."""
        message = HttpRequest("POST", endpoint, headers, response_to(request))
        with contextlib.suppress(McpError):
            self.send(message, seconds=min(_RESPOND_TIMEOUT, limit.left), reads_success=False)

    def send(
        self,
        request: HttpRequest,
        *,
        seconds: float | None = None,
        waiting_for: str = "",
        reads_success: bool = True,
        begun: Exchange | None = None,
    ) -> Reply:
        """Send any HTTP request and return status and the beginning of the body; do not read event streams.

        :param seconds: the time limit in place of ``request_timeout``.
        :param waiting_for: the name of the request in messages; the HTTP method if empty.
        :param reads_success: read the body of a response with the status 2xx.
        :param begun: the request if it was sent before.
        """
        self.free_memory()
        limit = self.deadline.within(self.request_timeout if seconds is None else seconds)
        what = waiting_for or request.method
        exchange, reply = self._send_following_redirects(request, limit, what, begun)
        try:
            if reply.headers.media_type == "text/event-stream":
                exchange.close()
                return reply
            if reads_success or not reply.ok:
                reply.body = read_beginning(exchange, limit, what)
        except BaseException:
            exchange.close()
            raise
        exchange.finish()
        reply.unfinished = not exchange.complete
        return reply

    def open_stream(self, endpoint: Endpoint, headers: t.Mapping[str, str], limit: Deadline) -> tuple[Exchange, Reply]:
        """Send a GET for an event stream and return the open stream."""
        self.free_memory()
        fields = {"Accept": "text/event-stream", "Cache-Control": "no-cache", **headers}
        exchange, reply = self._send_following_redirects(HttpRequest("GET", endpoint, fields), limit, "an event stream")
        if reply.headers.media_type != "text/event-stream":
            try:
                reply.body = read_beginning(exchange, limit, "GET")
            except TransportError as exc:
                reply.problem = Note(exc.code, exc.seen)
        return exchange, reply

    def decoder(self, limit: Deadline) -> Decode:
        """Return a function that decodes JSON. What it returns may be used until :meth:`free_memory`."""
        return lambda body: self._decoding.decode(body, limit)

    def free_memory(self) -> None:
        """Let other validations use the memory of the last response; each request does so."""
        self._decoding.free()

    def begin(self, request: HttpRequest, limit: Deadline, begun: Exchange | None = None) -> SentRequest:
        """Send a request, unless it was begun, and return without waiting for the response."""
        if request.method == "POST":
            request = request._replace(headers={**_POST, **request.headers})
        return SentRequest(self.client, request, limit, self.host_header, begun)

    def _send_following_redirects(
        self, request: HttpRequest, limit: Deadline, waiting_for: str, begun: Exchange | None = None
    ) -> tuple[Exchange, Reply]:
        """Send a request, unless it was begun, and wait for the response head, following redirects in the origin."""
        sent = self.begin(request, limit, begun)
        try:
            if sent.exchange.head is None:
                self._attend(sent.exchange, limit)
            head = sent.exchange.wait_head(limit, f"the response to {waiting_for}")
            while sent.follow():
                head = sent.exchange.wait_head(limit, f"the response to {waiting_for}")
        except BaseException:
            sent.close()
            raise
        reply = Reply(head.status, head.headers, sent.request.endpoint, notes=sent.notes)
        reply.note_interim(head.interim)
        return sent.exchange, reply

    def _attend(self, exchange: Exchange, limit: Deadline) -> None:
        """Respond to what the server asks on the side stream, until the exchange has received something."""
        side, self.side_stream = self.side_stream, None  # what is sent meanwhile waits for nothing else
        if side is not None:
            side.attend(exchange, limit)
        self.side_stream = side

    def _read_response(
        self,
        exchange: Exchange,
        reply: Reply,
        request_id: int,
        limit: Deadline,
        method: str,
        headers: t.Mapping[str, str],
    ) -> None:
        headers = {**session_header(reply), **headers}
        # At 2026-07-28, servers send no requests and clients no responses.
        asks = not revisions.is_stateless(headers)
        respond = functools.partial(self.respond, reply.endpoint, headers, limit) if asks else None
        matcher = ResponseMatcher(request_id, reply, self.decoder(limit), respond=respond)
        try:
            if reply.headers.media_type == "text/event-stream":
                reply.mode = SSE
                if not (reply.headers.get("content-type") or "").startswith("text/event-stream"):
                    reply.add_note("CONTENT_TYPE_INEXACT", "The type of the event stream is not in lower case.")
                reply.response = self._read_stream(exchange, reply, matcher, limit, method, headers)
            elif reply.ok:
                body = exchange.read(limit, f"the body of the response to {method}", MAX_BODY_BYTES)
                reply.body = bytes(body[:ERROR_BYTES])
                match_body(reply, body, matcher, truncated=exchange.truncated)
            else:
                reply.body = read_beginning(exchange, limit, method)
                reply.response = matcher.match_body(reply.body)
        except (ProtocolError, LimitExceeded, HttpError) as exc:
            reply.problem = Note(exc.code, exc.seen)

    def _read_stream(
        self,
        exchange: Exchange,
        reply: Reply,
        matcher: ResponseMatcher,
        limit: Deadline,
        method: str,
        headers: t.Mapping[str, str],
    ) -> jsonrpc.Response:
        parser = SseParser()
        response = self._search_stream(exchange, parser, matcher, limit, method, reply)
        left = 0 if revisions.is_stateless(headers) else _MAX_RESUMPTIONS
        while response is None and parser.last_event_id and left:
            # 2025-11-25: the server may end a stream after an event id, and the client resumes it.
            left -= 1
            time.sleep(min((parser.retry or 0) / 1000, limit.remaining("the retry time of the event stream")))
            resumed, again = self.open_stream(reply.endpoint, {**headers, "Last-Event-ID": parser.last_event_id}, limit)
            try:
                if again.headers.media_type != "text/event-stream":
                    break
                parser = SseParser(last_event_id=parser.last_event_id)
                response = self._search_stream(resumed, parser, matcher, limit, method, reply)
            finally:
                resumed.close()
        response = response or matcher.conclude()
        if response is None:
            raise ProtocolError(f"The event stream ended without the response to {method}.", code="NO_RESPONSE")
        return response

    def _search_stream(
        self,
        exchange: Exchange,
        parser: SseParser,
        matcher: ResponseMatcher,
        limit: Deadline,
        method: str,
        reply: Reply,
    ) -> jsonrpc.Response | None:
        """Read events up to the response; many streams stay open after it."""
        while True:
            for piece in exchange.take_body():
                exchange.reserve(parser.size + len(piece), limit)
                response = event_stream.match_piece(piece, parser, matcher, reply)
                if response is not None:
                    return response
            self.free_memory()
            matcher.respond()
            if exchange.complete:
                break
            self._attend(exchange, matcher.deadline(limit))
            response = event_stream.read_more(exchange, matcher, limit, f"the response to {method} in the event stream")
            if response is not None:
                return response
        cut_off = parser.end()
        response = None
        if cut_off is not None:
            try:
                response = matcher.match_event(cut_off)
            except (ProtocolError, LimitExceeded):
                return None
            reply.add_note("SSE_UNTERMINATED_EVENT", "The stream ended in the middle of an event.")
        return response
