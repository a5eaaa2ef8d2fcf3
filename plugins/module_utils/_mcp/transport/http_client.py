# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""An HTTP/1.1 client for one origin: no redirects, no proxies, no cookies, nothing that was not asked for.

Connections are kept and used again, because a caller's dialler may be slow (a port-forward through the API server).
"""

from __future__ import annotations

import typing as t

from ..errors import ConnectError, HttpError, LimitExceeded, TransportError
from . import connection, tls
from .content_coding import Decoder
from .http1 import Head, ResponseParser

if t.TYPE_CHECKING:
    from ..options import Dialer, Options
    from .deadline import Deadline
    from .urls import Endpoint, Origin

BODY_BYTES = 4 * 1024 * 1024
_IDLE = 2
_DRAIN_BYTES = 64 * 1024


class HttpClient:
    """Sends requests to one origin."""

    def __init__(self, origin: Origin, options: Options, dial: Dialer | None, host_header: str | None) -> None:
        self.reached = False  # a response came
        # How long to wait for the end of a response whose content is complete, so as to use its connection again.
        self.patience = 0.05
        self._origin = origin
        self._authority = host_header or origin.authority
        self._dial = dial
        self._context = tls.context_for(options) if origin.scheme == "https" else None
        self._credentials = dict(options.headers)
        if options.bearer_token is not None:
            self.authorize(options.bearer_token)
        self._agent = f"{options.client_name}/{options.client_version}"
        self._idle: list[connection.Connection] = []

    def authorize(self, token: str) -> None:
        """Send a bearer token from now on."""
        self._credentials["Authorization"] = f"Bearer {token}"

    def begin(
        self,
        method: str,
        endpoint: Endpoint,
        headers: t.Mapping[str, str],
        body: bytes | None,
        deadline: Deadline,
        *,
        anonymous: bool = False,
    ) -> Exchange:
        """Send a request, without credentials if anonymous, and return its exchange at once."""
        credentials = {} if anonymous else self._credentials
        return Exchange(self, method, self._encode(method, endpoint, {**headers, **credentials}, body), deadline)

    def _encode(self, method: str, endpoint: Endpoint, headers: t.Mapping[str, str], body: bytes | None) -> bytes:
        fields = {"Host": self._authority, "Accept-Encoding": "identity", **headers}
        if not any(name.lower() == "user-agent" for name in fields):
            fields["User-Agent"] = self._agent
        if body is not None:
            fields["Content-Length"] = str(len(body))
        lines = [
            f"{method} {endpoint.target} HTTP/1.1",
            *(f"{name}: {value}" for name, value in fields.items()),
            "",
            "",
        ]
        return "\r\n".join(lines).encode("latin-1") + (body or b"")

    def acquire_connection(self, deadline: Deadline, *, fresh: bool = False) -> connection.Connection:
        """Return a connection that is kept, else a new one."""
        while self._idle and not fresh:
            kept = self._idle.pop()
            if kept.idle:
                return kept
            kept.close()  # the server ended it, or sent what nobody asked for
        name = self._authority.rpartition(":")[0] if self._authority.rpartition(":")[2].isdigit() else self._authority
        return connection.connect(self._origin, name.strip("[]"), self._context, self._dial, deadline)

    def keep(self, conn: connection.Connection) -> None:
        """Take back a connection whose response is complete."""
        if len(self._idle) < _IDLE:
            conn.used = True
            self._idle.append(conn)
        else:
            conn.close()

    def close(self) -> None:
        """Close the kept connections."""
        while self._idle:
            self._idle.pop().close()


class Exchange:
    """A request that was sent, and its response while it comes in."""

    def __init__(self, client: HttpClient, method: str, request: bytes, deadline: Deadline) -> None:
        self._client = client
        self._method = method
        self._request = request
        self._deadline = deadline
        self._parser = ResponseParser(method)
        self._conn = client.acquire_connection(deadline)
        self._decoder: Decoder | None = None
        self.body_limit = BODY_BYTES
        self._failure: TransportError | None = None
        try:
            self._send()
        except BaseException:
            self.close()
            raise

    def _send(self) -> None:
        try:
            self._conn.send(self._request, self._deadline)
        except ConnectError:
            # A kept connection may have ended meanwhile. A new one that breaks may have brought a response first
            # (an early refusal): reading tells.
            if self._conn.used:
                self._renew()

    def _renew(self) -> None:
        """Send the request once more on a new connection: the kept one had ended before a byte of a response came."""
        self._conn.close()
        self._conn = self._client.acquire_connection(self._deadline, fresh=True)
        self._conn.send(self._request, self._deadline)

    @property
    def connection(self) -> connection.Connection:
        """Return the connection, for waiting on several exchanges."""
        return self._conn

    @property
    def head(self) -> Head | None:
        """Return status and header fields, once they came."""
        return self._parser.head

    @property
    def complete(self) -> bool:
        """Tell whether the whole response came."""
        return self._parser.complete

    @property
    def truncated(self) -> bool:
        """Tell whether the connection ended before the response did."""
        return self._parser.truncated

    def read_more(self, deadline: Deadline, waiting_for: str) -> None:
        """Wait for bytes once and parse them."""
        if self._failure is not None:
            raise self._failure
        try:
            data = self._conn.receive(deadline, waiting_for)
        except ConnectError:
            if self._parser.head is None and not (self._conn.used and not self._parser.started):
                raise
            data = b""  # it ends a response that had begun, or a connection that was kept
        self._take_in(data)

    def read_available(self) -> None:
        """Parse the bytes that are there, without waiting."""
        data = self._conn.receive_available()
        if data is not None:
            self._take_in(data)

    def _take_in(self, data: bytes) -> None:
        if data:
            self._parser.feed(data)
        elif self._parser.started:
            self._parser.eof()
        elif self._conn.used:
            self._renew()
        else:
            raise ConnectError("The server closed the connection without an answer.", code="CONNECTION_LOST")
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
                self._failure = exc  # of the body, which came together with the head
            head = self._parser.head
        return head

    def take(self) -> bytes:
        """Return the decoded bytes of the body that came since the last call."""
        if self._decoder is None:
            if self._parser.head is None:
                return b""
            self._decoder = Decoder(self._parser.head.headers, self.body_limit)
        return self._decoder.decode(self._parser.take())

    def read(self, deadline: Deadline, waiting_for: str, limit: int = BODY_BYTES) -> bytes:
        """Return the whole body; bytes beyond the limit are an error."""
        body = bytearray(self.take())
        while not self.complete and len(body) <= limit:
            self.read_more(deadline, waiting_for)
            body += self.take()
        if len(body) > limit:
            raise LimitExceeded(f"The body is larger than {limit} bytes.")
        return bytes(body)

    def finish(self) -> None:
        """Give the connection back if the response ends now or within the client's patience; else close it."""
        parser, drained = self._parser, 0
        try:
            grace = self._deadline.within(self._client.patience)
            while self._client.patience > 0 and not parser.complete and drained <= _DRAIN_BYTES:
                if parser.head is not None and not parser.head.keep_alive:
                    break
                self.read_more(grace, "the end of the response")
                drained += len(parser.take())
        except TransportError:
            self._client.patience = 0.0  # this server leaves its streams open: do not wait again
        head = parser.head
        if parser.complete and head is not None and head.keep_alive and not parser.surplus and not parser.truncated:
            self._client.keep(self._conn)
        else:
            self.close()

    def close(self) -> None:
        """Close the connection."""
        self._conn.close()
