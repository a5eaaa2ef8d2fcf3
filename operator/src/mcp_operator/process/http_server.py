# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""An HTTP server for a few small pages that holds against slow and against many connections.

Each connection is served one GET or HEAD and is closed. One thread reads and writes all connections with asyncio, so
that a connection that waits costs no thread. A fixed number of other threads computes the responses.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import io
import logging
import socket
import ssl
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus

from ..settings.operator_settings import ListenAddress

_log = logging.getLogger(__name__)

TEXT = "text/plain; charset=utf-8"

# Connections that the kernel queues until they are accepted: so few that they are accepted within tenths of a second.
_BACKLOG = 512
# Seconds until the next attempt to accept a connection, for example after the process ran out of file descriptors.
_ACCEPT_RETRY = 0.1
_METHODS = ("GET", "HEAD")
# Responses that have no body and no length (RFC 9110 section 8.6).
_NO_LENGTH = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
# Bytes that are passed to the transport at once: its TLS layer copies the rest of a write for each TLS record.
_CHUNK = 64 * 1024


class Request(t.NamedTuple):
    """A GET request, or a HEAD request, whose response is the same without the body.

    :param path: without the query.
    :param authorization: the header field; empty if there is none.
    :param peer: the IP address of the client.
    :param if_none_match: the header field; empty if there is none.
    """

    path: str
    authorization: str
    peer: str
    query: str = ""
    if_none_match: str = ""
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class Response:
    """A response.

    :param headers: in addition to those that every response has.
    """

    status: HTTPStatus
    body: bytes
    media_type: str = TEXT
    headers: t.Mapping[str, str] = field(default_factory=dict)


# Computes the response to a request.
Page = t.Callable[[Request], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What clients may use.

    :param connections: open connections. Another one closes the oldest that has not sent its request, or the oldest.
    :param threads: threads that compute responses.
    :param head_bytes: size of a request with its header fields.
    :param head_seconds: from the connection to the end of the header fields, the TLS handshake included.
    :param response_seconds: from there to the end of the response.
    """

    connections: int = 512
    threads: int = 4
    head_bytes: int = 16 * 1024
    head_seconds: float = 5.0
    response_seconds: float = 30.0


# asyncio has a buffer of 256 KiB for each TLS connection.
TLS_LIMITS = Limits(connections=64)


class _TlsOptions(t.TypedDict, total=False):
    ssl: ssl.SSLContext
    ssl_handshake_timeout: float
    ssl_shutdown_timeout: float


class HttpServer:
    """One HTTP server, which listens from its creation to :meth:`close`.

    :param pages: by path; that of the empty path is for all others.
    :param tls: returns the TLS context of the next connection; None for plain HTTP.
    :param preflight: header fields of the responses to OPTIONS; None if it is not allowed.
    :raises OSError: it cannot listen on the address.
    """

    def __init__(
        self,
        address: ListenAddress,
        pages: t.Mapping[str, Page],
        *,
        tls: t.Callable[[], ssl.SSLContext] | None = None,
        limits: Limits | None = None,
        preflight: t.Mapping[str, str] | None = None,
    ) -> None:
        self._pages = pages
        self._preflight = preflight
        self._tls = tls
        self._limits = limits or Limits()
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        self._listener = socket.create_server((address.host, address.port), family=family, backlog=_BACKLOG)
        self._listener.setblocking(False)
        self._port: int = self._listener.getsockname()[1]
        # The connections that have not sent their request, and those that have; the oldest is the first of each.
        self._waiting: dict[asyncio.Task[None], None] = {}
        self._responding: dict[asyncio.Task[None], None] = {}
        self._pool = ThreadPoolExecutor(self._limits.threads, thread_name_prefix=f"pages-{self._port}")
        self._stop: t.Callable[[], None] = lambda: None
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), name="endpoints", daemon=True)
        self._thread.start()
        started.wait()

    @property
    def port(self) -> int:
        """The port on which the server listens."""
        return self._port

    def close(self) -> None:
        """Stop the server and close its connections."""
        self._stop()
        self._thread.join()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, started: threading.Event) -> None:
        with self._listener, contextlib.suppress(asyncio.CancelledError):
            asyncio.run(self._accept(started))

    async def _accept(self, started: threading.Event) -> None:
        loop, accepting = asyncio.get_running_loop(), _current_task()

        def stop() -> None:
            loop.call_soon_threadsafe(accepting.cancel)

        self._stop = stop
        started.set()
        while True:
            try:
                connection, peer = await loop.sock_accept(self._listener)
            except OSError as exc:
                _log.debug("A connection could not be accepted: %s", exc)
                self._close_oldest()
                await asyncio.sleep(_ACCEPT_RETRY)
                continue
            if len(self._waiting) + len(self._responding) >= self._limits.connections:
                self._close_oldest()
            task = loop.create_task(self._serve(connection, str(peer[0])))
            self._waiting[task] = None
            task.add_done_callback(self._forget)
            # Let the connections proceed, however many others are queued.
            await asyncio.sleep(0)

    def _close_oldest(self) -> None:
        for connections in (self._waiting, self._responding):
            for task in connections:
                del connections[task]
                task.cancel()
                return

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._waiting.pop(task, None)
        self._responding.pop(task, None)

    async def _serve(self, connection: socket.socket, peer: str) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=self._limits.head_bytes)
        protocol = asyncio.StreamReaderProtocol(reader)
        transport: asyncio.Transport | None = None
        tls: _TlsOptions = {}
        if self._tls is not None:
            seconds = self._limits.head_seconds
            tls = {"ssl": self._tls(), "ssl_handshake_timeout": seconds, "ssl_shutdown_timeout": seconds}
        try:
            async with asyncio.timeout(self._limits.head_seconds):
                # It closes the socket when it fails.
                transport, _ = await loop.connect_accepted_socket(lambda: protocol, connection, **tls)
                asked = await _read(reader, peer, self._preflight)
            self._waiting.pop(_current_task(), None)
            self._responding[_current_task()] = None
            async with asyncio.timeout(self._limits.response_seconds):
                response = asked if isinstance(asked, Response) else await self._respond(asked)
                writer = asyncio.StreamWriter(transport, protocol, reader, loop)
                await _write(writer, response, body=isinstance(asked, Response) or asked.method != "HEAD")
                writer.close()
                await writer.wait_closed()
        except (OSError, asyncio.IncompleteReadError) as exc:  # TimeoutError and TLS errors are OSErrors
            _log.debug("The connection of %s ended: %s", peer, str(exc) or "timeout")
        finally:
            if transport is not None:
                transport.abort()

    async def _respond(self, request: Request) -> Response:
        page = self._pages.get(request.path) or self._pages.get("")
        if page is None:
            return Response(HTTPStatus.NOT_FOUND, b"not found\n")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, page, request)
        except Exception:  # noqa: BLE001 - a page that fails must not end the server; it is logged
            _log.exception("The page %s failed", request.path)
            return Response(HTTPStatus.INTERNAL_SERVER_ERROR, b"internal error\n")


def _current_task() -> asyncio.Task[None]:
    return t.cast("asyncio.Task[None]", asyncio.current_task())


async def _read(reader: asyncio.StreamReader, peer: str, preflight: t.Mapping[str, str] | None) -> Request | Response:
    """Return the request, or the response to one that is invalid (RFC 9112 section 3, RFC 6585 section 5)."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        return Response(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, b"header fields too large\n")
    line, _, rest = head.partition(b"\r\n")
    words = line.decode("latin-1").split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return Response(HTTPStatus.BAD_REQUEST, b"not an HTTP/1.1 request\n")
    if words[0] == "OPTIONS" and preflight is not None:
        return Response(HTTPStatus.NO_CONTENT, b"", headers=preflight)
    if words[0] not in _METHODS:
        allowed = ", ".join(_METHODS if preflight is None else (*_METHODS, "OPTIONS"))
        return Response(HTTPStatus.METHOD_NOT_ALLOWED, b"method not allowed\n", headers={"Allow": allowed})
    try:
        fields = http.client.parse_headers(io.BytesIO(rest))
    except http.client.HTTPException:
        return Response(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, b"too many header fields\n")
    path, _, query = words[1].partition("?")
    return Request(path, fields.get("Authorization", ""), peer, query, fields.get("If-None-Match", ""), words[0])


async def _write(writer: asyncio.StreamWriter, response: Response, *, body: bool) -> None:
    fields = {"Content-Type": response.media_type, "Content-Length": str(len(response.body))}
    if response.status in _NO_LENGTH:
        fields = {}
    fields |= {"Connection": "close", **response.headers}
    lines = [f"HTTP/1.1 {response.status} {response.status.phrase}", *(f"{name}: {fields[name]}" for name in fields)]
    writer.write("".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1"))
    content = memoryview(response.body if body else b"")
    for start in range(0, len(content), _CHUNK):
        writer.write(content[start : start + _CHUNK])
        await writer.drain()
