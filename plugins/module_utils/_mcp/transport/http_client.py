# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""An HTTP/1.1 client for one origin, without redirects, proxies and cookies.

Connections are reused, because a ``Dialer`` may be slow, for example a port-forward through the API server.
"""

from __future__ import annotations

import typing as t

from ..errors import ConnectError, HttpError, LimitExceeded, TransportError
from . import connection, tls
from .content_coding import ACCEPTED, Decoder
from .http1 import Head, ResponseParser
from .memory import Receiving

if t.TYPE_CHECKING:
    from ..options import Dialer, Options
    from .deadline import Deadline
    from .urls import Endpoint, Origin

MAX_BODY_BYTES = 4 * 1024 * 1024
_MAX_IDLE = 2  # connections
_MAX_DRAIN_BYTES = 64 * 1024


class HttpRequest(t.NamedTuple):
    """A request to the origin of the client.

    :param anonymous: send no credentials.
    """

    method: str
    endpoint: Endpoint
    headers: t.Mapping[str, str]
    body: bytes | None = None
    anonymous: bool = False


class HttpClient:
    """Sends requests to one origin.

    :param server_name: the name that the certificate must have; None for that of the Host header.
    """

    def __init__(
        self,
        origin: Origin,
        options: Options,
        dial: Dialer | None,
        host_header: str | None,
        server_name: str | None = None,
    ) -> None:
        self.reached = False  # the server sent a response head
        # Seconds to wait for the end of a response after its content, so that its connection can be reused.
        self.drain_timeout = 0.05
        self._origin = origin
        self._authority = host_header or origin.authority
        self._server_name = server_name or _without_port(self._authority)
        self.dialing = connection.Dialing(dial)
        self._context = tls.context_for(options) if origin.scheme == "https" else None
        self._credentials = dict(options.headers)
        if options.bearer_token is not None:
            self.authorize(options.bearer_token)
        self._agent = f"{options.client_name}/{options.client_version}"
        self._idle: list[connection.Connection] = []

    def authorize(self, token: str) -> None:
        """Send a bearer token with all further requests."""
        self._credentials["Authorization"] = f"Bearer {token}"

    def send(self, request: HttpRequest, deadline: Deadline) -> Exchange:
        """Send a request and return without waiting for the response."""
        return Exchange(self, request.method, self._encode(request), deadline)

    def _encode(self, request: HttpRequest) -> bytes:
        body, given = request.body, ({} if request.anonymous else self._credentials)
        fields = {"Host": self._authority, "Accept-Encoding": ACCEPTED}
        # Clients write these names in lower case, and some servers do not know them otherwise.
        fields.update((name if name in fields else name.lower(), value) for name, value in request.headers.items())
        fields = {name: fields[name] for name in fields if name.lower() not in map(str.lower, given)} | given
        if "user-agent" not in map(str.lower, fields):
            fields["User-Agent"] = self._agent
        if body is not None:
            fields["Content-Length"] = str(len(body))
        lines = [
            f"{request.method} {request.endpoint.target} HTTP/1.1",
            *(f"{name}: {value}" for name, value in fields.items()),
            "",
            "",
        ]
        return "\r\n".join(lines).encode("latin-1") + (body or b"")

    def acquire_connection(self, deadline: Deadline, *, fresh: bool = False) -> connection.Connection:
        """Return an idle connection if there is one, else a new one.

        :param fresh: always open a new one.
        """
        while self._idle and not fresh:
            kept = self._idle.pop()
            if kept.idle:
                return kept
            kept.close()  # the server closed it, or sent unexpected data
        return connection.connect(self._origin, self._server_name, self._context, self.dialing, deadline)

    def release_connection(self, conn: connection.Connection) -> None:
        """Keep a connection for reuse; its response is complete."""
        if len(self._idle) < _MAX_IDLE:
            conn.used = True
            self._idle.append(conn)
        else:
            conn.close()

    def connect(self, deadline: Deadline) -> None:
        """Open a connection and close it.

        :raises McpError: if that fails.
        """
        self.acquire_connection(deadline, fresh=True).close()

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop().close()


def _without_port(authority: str) -> str:
    host, _colon, port = authority.rpartition(":")
    return (host if port.isdigit() else authority).strip("[]")


class Exchange:
    """A request, and its response while it is received."""

    def __init__(self, client: HttpClient, method: str, request: bytes, deadline: Deadline) -> None:
        self._client = client
        self._method = method
        self._request = request
        self._deadline = deadline
        self._parser = ResponseParser(method)
        self._conn = client.acquire_connection(deadline)
        self._decoder: Decoder | None = None
        self.body_limit = MAX_BODY_BYTES
        self._failure: TransportError | None = None
        self._receiving = Receiving()
        try:
            self._send()
        except BaseException:
            self.close()
            raise

    def _send(self) -> None:
        try:
            self._conn.send(self._request, self._deadline)
        except ConnectError:
            # A reused connection may have been closed. A new one may have received an early error response before it
            # failed, so read it first.
            if self._conn.used:
                self._resend()

    def _resend(self) -> None:
        """Send the request again on a new connection: the reused one ended before the first byte of a response."""
        self._conn.close()
        self._conn = self._client.acquire_connection(self._deadline, fresh=True)
        self._conn.send(self._request, self._deadline)

    @property
    def connection(self) -> connection.Connection:
        """The connection, for :func:`connection.wait_readable`."""
        return self._conn

    @property
    def head(self) -> Head | None:
        """Status and header fields; None until they are received."""
        return self._parser.head

    @property
    def complete(self) -> bool:
        """Whether the response is complete."""
        return self._parser.complete

    @property
    def truncated(self) -> bool:
        """Whether the connection ended before the response."""
        return self._parser.truncated

    @property
    def deviations(self) -> t.Sequence[str]:
        """What some clients reject in the form of the response, as sentences."""
        return self._parser.deviations

    def read_more(self, deadline: Deadline, waiting_for: str) -> None:
        """Wait for the next bytes and parse them."""
        if self._failure is not None:
            raise self._failure
        try:
            data = self._conn.receive(deadline, waiting_for)
        except ConnectError:
            if self._parser.head is None and not (self._conn.used and not self._parser.started):
                raise
            data = b""  # the end of a response that had begun, or of a reused connection
        self._feed(data)

    def read_available(self) -> None:
        """Parse the available bytes without waiting."""
        data = self._conn.receive_available()
        if data is not None:
            self._feed(data)

    def _feed(self, data: bytes) -> None:
        if data:
            self._parser.feed(data)
        elif self._parser.started:
            self._parser.eof()
        elif self._conn.used:
            self._resend()
        else:
            raise ConnectError("The server closed the connection without a response.", code="CONNECTION_LOST")
        self._client.reached = self._client.reached or self._parser.head is not None

    def wait_head(self, deadline: Deadline, waiting_for: str) -> Head:
        """Wait for status and header fields."""
        head = self._parser.head
        while head is None:
            try:
                self.read_more(deadline, waiting_for)
            except (HttpError, LimitExceeded) as exc:
                if self._parser.head is None:
                    raise
                self._failure = exc  # an error of the body, received together with the head
            head = self._parser.head
        return head

    def take_body(self) -> t.Iterator[bytes]:
        """Yield the decoded bytes of the body since the last call, in pieces of limited size."""
        if self._decoder is None and self._parser.head is not None:
            self._decoder = Decoder(self._parser.head.headers, self.body_limit, self._parser.deviations)
        if self._decoder is not None:
            yield from self._decoder.decode(self._parser.take_body())

    def renew_limit(self) -> None:
        """Limit what follows of the body, not the whole of it: for a stream that stays open."""
        if self._decoder is not None:
            self._decoder.renew_limit()

    def read(self, deadline: Deadline, waiting_for: str, limit: int = MAX_BODY_BYTES) -> bytearray:
        """Return the whole body. It may be used until the exchange is finished or closed.

        :raises LimitExceeded: if it has more than ``limit`` bytes.
        """
        body = bytearray()
        while True:
            for piece in self.take_body():
                self.reserve(len(body) + len(piece), deadline)
                body += piece
                if len(body) > limit:
                    raise LimitExceeded(f"The body is larger than {limit} bytes.")
            if self.complete:
                return body
            self.read_more(deadline, waiting_for)

    def reserve(self, size: int, deadline: Deadline) -> None:
        """Reserve memory for a part of the response.

        :param size: the bytes of the response that are in memory.
        :raises ValidatorBusy: if there is no memory before the deadline.
        """
        self._receiving.reserve(size, deadline)

    def finish(self) -> None:
        """Release the connection if the response ends within the drain timeout of the client; else close it."""
        self._receiving.free()
        parser, drained = self._parser, 0
        try:
            drain_deadline = self._deadline.within(self._client.drain_timeout)
            while self._client.drain_timeout > 0 and not parser.complete and drained <= _MAX_DRAIN_BYTES:
                if parser.head is not None and not parser.head.keep_alive:
                    break
                self.read_more(drain_deadline, "the end of the response")
                drained += len(parser.take_body())
        except TransportError:
            self._client.drain_timeout = 0.0  # the server leaves its streams open, so do not wait again
        head = parser.head
        if parser.surplus and head is not None and head.keep_alive:
            parser.deviations.append("Other bytes follow the response.")
        whole = parser.complete and not parser.surplus and not parser.truncated
        # Some servers do not read the body of a POST that they refuse, and take it for the next request.
        if whole and head is not None and head.keep_alive and not (self._method == "POST" and head.status >= 400):
            self._client.release_connection(self._conn)
        else:
            self.close()

    def close(self) -> None:
        """Close the connection."""
        self._receiving.free()
        self._conn.close()
