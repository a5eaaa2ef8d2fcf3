# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers whose answers to initialize are something else, or wrong in their form."""

# ruff: noqa: ARG002  # what a server overrides, it need not use

from __future__ import annotations

import gzip
import json
import zlib
from functools import partial
from types import MappingProxyType
from typing import Any

from ..fake_server import FakeServers, broken, remarked, unfound
from ..http import Handler, Out, Request
from ..servers import LegacySse, Streamable

MCP = {"path": "/mcp"}
ANSWER = {
    "jsonrpc": "2.0",
    "id": 0,
    "result": {
        "protocolVersion": "2025-11-25",
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "zoo", "version": "1"},
    },
}


def always(status: int, body: bytes | str = b"", media_type: str | None = None, **headers: str) -> Any:
    """Answer every request in the same way."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(request: Request, out: Out) -> None:
        await out.send(status, body, media_type, fields)

    return lambda: answer


def says(value: Any) -> Any:
    """Answer everything with this JSON."""
    return always(200, json.dumps(value), "application/json")


def writes(data: bytes, *, hang: bool = False) -> Any:
    """Answer everything with these bytes, and close."""

    async def answer(request: Request, out: Out) -> None:
        out.hang_up()
        await out.raw(data)
        if hang:
            await out.hang()

    return lambda: answer


class Altered(Streamable):
    """Changes the bytes, the status or the media type of its responses."""

    alter: Any = None
    status = 200
    media_type: str | None = "application/json"
    extra: Any = MappingProxyType({})

    async def deliver(self, out: Out, method: str, response: Any, headers: Any) -> None:
        data = json.dumps(response).encode()
        data = self.alter(data) if self.alter else data
        await out.send(self.status, data, self.media_type, {**headers, **self.extra})


class Moved(Streamable):
    """Sends those who ask for one path to another."""

    moved_from = "/mcp"
    path = "/mcp/"
    status = 307
    location: str | None = None

    async def __call__(self, request: Request, out: Out) -> None:
        if request.path == self.moved_from:
            to = self.location or f"http://{request.headers['host']}{self.path}"
            await out.send(self.status, headers={"Location": to})
        else:
            await super().__call__(request, out)


class Enveloped(Streamable):
    """Changes its responses, all of them or one method's."""

    change: Any = None
    only: str | None = None

    def envelope(self, method: str, identity: Any, result: Any) -> Any:
        response = super().envelope(method, identity, result)
        return self.change(response) if self.only in (None, method) else response


class Padded(Streamable):
    """Declares a longer body than it sends."""

    async def deliver(self, out: Out, method: str, response: Any, headers: Any) -> None:
        data = json.dumps(response)
        fields = {"Content-Type": "application/json", "Content-Length": str(len(data) + 10), **headers}
        out.hang_up()
        await out.head(200, fields)
        await out.raw(data.encode())


class CutStream(Streamable):
    """Does not end its events."""

    mode = "sse"

    async def deliver(self, out: Out, method: str, response: Any, headers: Any) -> None:
        await out.open_stream(headers)
        await out.chunk(f"data: {json.dumps(response)}\n")
        await out.end_stream()


def refuses(status: int) -> Any:
    return always(status, "no", "text/plain")


def fails(status: int) -> Any:
    """Answer everything with a JSON-RPC error, as SDKs do."""
    error = {"jsonrpc": "2.0", "id": None, "error": {"code": -32000, "message": "no"}}
    return always(status, json.dumps(error), "application/json")


def streams(text: str, *, ends: bool = True, times: int = 1) -> Any:
    """Answer a POST with this stream."""

    async def answer(request: Request, out: Out) -> None:
        if request.method != "POST":
            await out.send(405)
            return
        await out.open_stream()
        for _number in range(times):
            await out.chunk(text)
        if not ends:
            await out.hang()
        await out.end_stream()

    return lambda: answer


def circle(request: Request, out: Out) -> Any:
    return out.send(307, headers={"Location": "/mcp?again"})


def chunk_bomb() -> Handler:
    async def answer(request: Request, out: Out) -> None:
        await out.head(200, {"Content-Type": "application/json", "Transfer-Encoding": "chunked"})
        for _number in range(200):
            await out.chunk(b" " * 65536)
        await out.end_stream()

    return answer


def gzip_bomb() -> Any:
    packed = gzip.compress(b" " * (64 << 20))
    return always(200, packed, "application/json", Content_Encoding="gzip")


DEEP = "[" * 100_000
WIDE = "[" + "1," * 300_000 + "1]"

FAKE_SERVERS: FakeServers = [
    unfound("html", always(200, "<html><body>Welcome to nginx!</body></html>", "text/html"), "NOT_MCP"),
    unfound("html-at-a-path", always(200, "<html></html>", "text/html"), "NOT_MCP", target=MCP),
    unfound("html-400", always(400, "<html>Bad Request</html>", "text/html"), "NOT_MCP"),
    unfound("html-500", always(500, "<html>oops</html>", "text/html"), "SERVER_ERROR"),
    unfound("json-health", says({"status": "ok"}), "INVALID_JSONRPC"),
    unfound("json-array", says([]), "INVALID_JSONRPC"),
    unfound("json-string", says("hello"), "INVALID_JSONRPC"),
    unfound("not-found", refuses(404), "ENDPOINT_NOT_FOUND"),
    unfound("method-not-allowed", refuses(405), "ENDPOINT_NOT_FOUND", target=MCP),
    unfound("not-acceptable", refuses(406), "NOT_ACCEPTABLE"),
    unfound("not-acceptable-by-jsonrpc", fails(406), "NOT_ACCEPTABLE"),
    unfound("unsupported-media-type-by-jsonrpc", fails(415), "UNSUPPORTED_MEDIA_TYPE"),
    unfound("unsupported-media-type", refuses(415), "UNSUPPORTED_MEDIA_TYPE"),
    unfound("accepts-requests-silently", always(202), "NO_RESPONSE"),
    unfound("no-content", always(204), "NO_RESPONSE"),
    unfound("too-many-requests", refuses(429), "TOO_MANY_REQUESTS"),
    unfound(
        "refused-for-streamable",
        refuses(404),
        "ENDPOINT_NOT_FOUND",
        "TRANSPORT_CREATION_FAILED",
        target={"transport": "streamable-http"},
    ),
    unfound("not-json", always(200, "{jsonrpc: 2.0}", "application/json"), "INVALID_JSON"),
    unfound("json-nan", always(200, '{"jsonrpc": "2.0", "id": NaN}', "application/json"), "INVALID_JSONRPC"),
    unfound("json-huge-number", always(200, '{"id": ' + "9" * 5000 + "}", "application/json"), "INVALID_JSON"),
    unfound("utf-16", always(200, json.dumps(ANSWER).encode("utf-16"), "application/json"), "INVALID_UTF8"),
    unfound(
        "latin-1", always(200, '{"jsonrpc": "2.0", "x": "é"}'.encode("latin-1"), "application/json"), "INVALID_JSONRPC"
    ),
    unfound("json-too-deep", always(200, DEEP, "application/json"), "JSON_LIMIT"),
    unfound("json-too-wide", always(200, WIDE, "application/json"), "JSON_LIMIT"),
    unfound("jsonrpc-1.0", says({**ANSWER, "jsonrpc": "1.0"}), "INVALID_JSONRPC"),
    unfound("jsonrpc-number", says({**ANSWER, "jsonrpc": 2.0}), "INVALID_JSONRPC"),
    unfound("jsonrpc-missing", says({"id": 0, "result": ANSWER["result"]}), "INVALID_JSONRPC"),
    unfound("result-and-error", says({**ANSWER, "error": {"code": 1, "message": ""}}), "INVALID_JSONRPC"),
    unfound("result-no-object", says({**ANSWER, "result": [1]}), "INVALID_JSONRPC"),
    unfound("result-without-id", says({"jsonrpc": "2.0", "result": ANSWER["result"]}), "INVALID_JSONRPC"),
    unfound("error-no-object", says({"jsonrpc": "2.0", "id": 0, "error": "bad"}), "INVALID_JSONRPC"),
    unfound(
        "error-code-string",
        says({"jsonrpc": "2.0", "id": 0, "error": {"code": "-32601", "message": ""}}),
        "INVALID_JSONRPC",
    ),
    unfound("error-without-message", says({"jsonrpc": "2.0", "id": 0, "error": {"code": 1}}), "INVALID_JSONRPC"),
    unfound("only-a-notification", says({"jsonrpc": "2.0", "method": "notifications/message"}), "NO_RESPONSE"),
    unfound("id-word", says({**ANSWER, "id": "one"}), "ID_MISMATCH"),
    unfound("id-null", says({**ANSWER, "id": None}), "ID_MISMATCH"),
    unfound("id-false", says({**ANSWER, "id": False}), "ID_MISMATCH"),
    unfound("id-other", says({**ANSWER, "id": 77}), "ID_MISMATCH"),
    unfound(
        "length-lies",
        writes(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"json'),
        "INCOMPLETE_BODY",
    ),
    unfound("huge-body", always(200, b" " * (5 << 20), "application/json"), "BODY_TOO_LARGE"),
    unfound("chunk-bomb", chunk_bomb, "BODY_TOO_LARGE"),
    unfound("gzip-bomb", gzip_bomb(), "BODY_TOO_LARGE"),
    unfound(
        "brotli",
        always(200, b"\x0b\x02\x80{}\x03", "application/json", Content_Encoding="br"),
        "UNSUPPORTED_CONTENT_ENCODING",
    ),
    unfound("not-gzip", always(200, "{}", "application/json", Content_Encoding="gzip"), "UNSUPPORTED_CONTENT_ENCODING"),
    unfound("stream-without-response", streams(": hello\n\n"), "NO_RESPONSE", target=MCP),
    unfound("stream-of-garbage", streams("data: <html>\n\n"), "INVALID_JSON", target=MCP),
    unfound(
        "event-flood",
        streams('data: {"jsonrpc": "2.0", "method": "x"}\n\n' * 100, times=20),
        "STREAM_LIMIT",
        target=MCP,
    ),
    unfound("comment-flood", streams(":" + "x" * 65530 + "\n", times=100), "STREAM_LIMIT", target=MCP),
    unfound("endless-event", streams("data: " + "x" * 65530 + "\n", times=100), "STREAM_LIMIT", target=MCP),
    unfound("stream-not-utf-8", lambda: _latin1_stream, "INVALID_UTF8", target=MCP),
    unfound("redirect-elsewhere", always(302, Location="https://login.example.com/"), "REDIRECT_CROSS_ORIGIN"),
    unfound("redirect-to-another-port", always(307, Location="http://127.0.0.1:1/mcp"), "REDIRECT_CROSS_ORIGIN"),
    unfound("redirect-to-javascript", always(307, Location="javascript:alert(1)"), "REDIRECT_INVALID"),
    unfound("redirect-in-a-circle", lambda: circle, "REDIRECT_LOOP", target=MCP),
    remarked("redirected", Moved, "REDIRECTED", target=MCP),
    remarked("gzip", partial(Altered, alter=gzip.compress, extra={"Content-Encoding": "gzip"})),
    remarked("deflate", partial(Altered, alter=zlib.compress, extra={"Content-Encoding": "deflate"})),
    remarked("json-with-charset", partial(Altered, media_type="Application/JSON; charset=utf-8")),
    broken("text-plain", partial(Altered, media_type="text/plain"), "BAD_CONTENT_TYPE"),
    broken("no-content-type", partial(Altered, media_type=None), "BAD_CONTENT_TYPE"),
    broken("longer-than-sent", Padded, "CONTENT_LENGTH_MISMATCH"),
    remarked(
        "id-float", partial(Enveloped, change=lambda response: {**response, "id": float(response["id"])}), "ID_TYPE"
    ),
    remarked("batch", partial(Enveloped, change=lambda response: [response]), "UNEXPECTED_BATCH"),
    remarked(
        "strict-batch",
        partial(Enveloped, change=lambda response: [response]),
        "UNEXPECTED_BATCH",
        compliant=False,
        options={"strict": True},
    ),
    broken("unterminated-event", CutStream, "SSE_UNTERMINATED_EVENT"),
    broken("mismatch-streamable", Streamable, "PROTOCOL_MISMATCH", target={"transport": "sse", **MCP}),
    broken(
        "mismatch-sse",
        LegacySse,
        "PROTOCOL_MISMATCH",
        target={"transport": "streamable-http"},
        transport="sse",
        version="2024-11-05",
    ),
]


async def _latin1_stream(request: Request, out: Out) -> None:
    await out.open_stream()
    await out.chunk("data: é\n\n".encode("latin-1"))
    await out.end_stream()
