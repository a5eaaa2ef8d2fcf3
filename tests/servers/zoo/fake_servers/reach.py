# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers that cannot be reached, or not by HTTP/1.1."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from ..fake_server import FakeServer, FakeServers, RawHandler
from ..http import Out, Request
from ..servers import Streamable

_FOUND: dict[str, Any] = {"transport": "streamable-http", "version": "2025-11-25"}


def says(data: bytes, *, drip: float = 0.0, hold: bool = False) -> RawHandler:
    """Answer anything with these bytes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, closing: asyncio.Event) -> None:
        await reader.read(100)
        if drip:
            for number in range(len(data)):
                writer.write(data[number : number + 1])
                await writer.drain()
                await asyncio.sleep(drip)
        writer.write(b"" if drip else data)
        await writer.drain()
        if hold:
            await closing.wait()

    return serve


def unreached(name: str, raw: RawHandler, *issues: str, **more: Any) -> FakeServer:
    return FakeServer(name, raw=raw, issues=issues, **more)


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, closing: asyncio.Event) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not closing.is_set():
        writer.write(b"X-Filler: " + b"x" * 8000 + b"\r\n")
        await writer.drain()


class FirstBreaks(Streamable):
    """Breaks the first connections, as servers do that are starting."""

    breaks = 2

    async def __call__(self, request: Request, out: Out) -> None:
        if request.connection <= self.breaks:
            out.hang_up()
        else:
            await super().__call__(request, out)


class Starting(Streamable):
    """Is behind a proxy that answers 503 at first."""

    refusals = 2

    async def __call__(self, request: Request, out: Out) -> None:
        self.refusals -= 1
        if self.refusals >= 0:
            await out.send(503, "starting", "text/plain")
        else:
            await super().__call__(request, out)


class BridgeStarting(Streamable):
    """Is a stdio bridge that responds 503 with a JSON-RPC error until its server has started."""

    refusals = 2

    async def __call__(self, request: Request, out: Out) -> None:
        self.refusals -= 1
        if self.refusals >= 0:
            error = {"code": -32000, "message": "The server is starting"}
            number = request.json["id"] if request.json else None
            await out.json(503, {"jsonrpc": "2.0", "id": number, "error": error})
        else:
            await super().__call__(request, out)


class Stale(Streamable):
    """Closes each connection right after an answer, without having said so."""

    async def __call__(self, request: Request, out: Out) -> None:
        await super().__call__(request, out)
        out.hang_up()


_TLS = {"scheme": "https"}
_PATIENT = {"start_timeout": 5.0}
_ALERT = b"\x15\x03\x03\x00\x02\x02"

FAKE_SERVERS: FakeServers = [
    FakeServer("nobody-listens", listens=False, issues=("CONNECT_FAILED",)),
    FakeServer(
        "nobody-listens-retried",
        listens=False,
        issues=("CONNECT_FAILED", "RETRIES_EXHAUSTED"),
        options={"start_timeout": 0.2},
    ),
    # A label of more than 63 characters is refused without asking a name server.
    FakeServer("no-such-name", listens=False, issues=("DNS_FAILED",), target={"host": "x" * 64 + ".invalid"}),
    unreached("closes-at-once", says(b""), "CONNECTION_LOST"),
    unreached("never-answers", says(b"", hold=True), "TIMEOUT"),
    unreached("drips-header-bytes", says(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000, drip=0.05), "TIMEOUT"),
    unreached(
        "drips-body-bytes", says(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"y" * 5000, drip=0.02), "TIMEOUT"
    ),
    unreached("ssh", says(b"SSH-2.0-OpenSSH_9.2\r\n"), "NOT_HTTP"),
    unreached("http-0.9", says(b"<html>hello</html>"), "NOT_HTTP"),
    unreached("status-999", says(b"HTTP/1.1 999 Odd\r\n\r\n"), "NOT_HTTP"),
    unreached("garbage-header", says(b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"), "NOT_HTTP"),
    unreached("two-lengths", says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), "NOT_HTTP"),
    unreached("negative-length", says(b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}"), "NOT_HTTP"),
    unreached("switches-protocols", says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), "NOT_HTTP"),
    unreached("half-a-header", says(b"HTTP/1.1 200 OK\r\nContent-"), "NOT_HTTP"),
    unreached("http-2-only", says(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + b"\x00" * 18), "HTTP2_ONLY"),
    unreached("http-2-only-tls", says(_ALERT + b"\x78"), "HTTP2_ONLY", target=_TLS),
    unreached("tls-without-asking", says(_ALERT + b"\x46"), "TLS_EXPECTED"),
    *[
        unreached(
            f"tls-expected-{name}",
            says(b"HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)),
            "TLS_EXPECTED",
            "TRANSPORT_DETECTION_FAILED",
        )
        for name, body in (
            ("nginx", b"<html><h1>400 Bad Request</h1>The plain HTTP request was sent to HTTPS port</html>"),
            ("go", b"Client sent an HTTP request to an HTTPS server.\n"),
            ("apache", b"Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />"),
        )
    ],
    unreached(
        "bad-chunk-size",
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        "INVALID_FRAMING",
        "TRANSPORT_DETECTION_FAILED",
    ),
    unreached(
        "bad-chunk-end",
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n"),
        "INVALID_FRAMING",
        "TRANSPORT_DETECTION_FAILED",
    ),
    unreached(
        "unknown-transfer-coding", says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"), "NOT_HTTP"
    ),
    unreached("endless-headers", endless, "HEADERS_TOO_LARGE"),
    unreached(
        "endless-chunk-extension",
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * 10_000),
        "HEADERS_TOO_LARGE",
        "TRANSPORT_DETECTION_FAILED",
    ),
    unreached(
        "endless-trailer",
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 9000),
        "HEADERS_TOO_LARGE",
        "TRANSPORT_DETECTION_FAILED",
    ),
    unreached(
        "tls-not-spoken", says(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), "TLS_NOT_SPOKEN", target=_TLS
    ),
    unreached("tls-handshake-refused", says(_ALERT + b"\x28"), "TLS_FAILED", target=_TLS),
    unreached("tls-never-answers", says(b"", hold=True), "TIMEOUT", target=_TLS),
    FakeServer("tls-self-signed", Streamable, tls="self-signed", issues=("TLS_VERIFY_FAILED",), target=_TLS),
    FakeServer("tls-expired", Streamable, tls="expired", issues=("TLS_VERIFY_FAILED",), target=_TLS),
    FakeServer("tls-misnamed", Streamable, tls="misnamed", issues=("TLS_VERIFY_FAILED",), target=_TLS),
    unreached("tls-client-certificate", says(_ALERT + b"\x74"), "TLS_CLIENT_CERT_REQUIRED", target=_TLS),
    FakeServer("broken-while-starting", FirstBreaks, compliant=True, options={"start_timeout": 1.0}, **_FOUND),
    FakeServer("unavailable-while-starting", Starting, compliant=True, options={"start_timeout": 1.0}, **_FOUND),
    FakeServer("bridge-starting", partial(BridgeStarting, refusals=20), compliant=True, options=_PATIENT, **_FOUND),
    FakeServer("closes-kept-connections", Stale, compliant=True, **_FOUND),
    FakeServer("unavailable", partial(Starting, refusals=99), issues=("SERVER_ERROR", "TRANSPORT_DETECTION_FAILED")),
]
