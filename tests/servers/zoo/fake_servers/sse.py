# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers of the oldest transport, HTTP+SSE, with defects of their own."""

# ruff: noqa: ARG002  # what a server overrides, it need not use

from __future__ import annotations

import json
from functools import partial
from typing import Any

from ..fake_server import FakeServers, broken, remarked, unfound
from ..http import Out, Request
from ..servers import Fault, LegacySse

SSE = {"path": "/sse"}
KNOWN: dict[str, Any] = {"transport": "sse", "version": "2024-11-05"}
UNKNOWN: dict[str, Any] = {"transport": "sse", "version": None}


class Named(LegacySse):
    """Names an endpoint that is not to be followed."""

    async def name_endpoint(self, out: Out) -> None:
        await out.event(str(self.endpoint), "endpoint")


class HeartbeatsFirst(LegacySse):
    """Sends other events before its endpoint."""

    async def name_endpoint(self, out: Out) -> None:
        await out.chunk("event: ping\ndata: 1\n\n" * 25)
        await super().name_endpoint(out)


class Posts(LegacySse):
    """Answers POSTs in its own way."""

    status = 202
    in_post = False
    last = "tools/list"  # after this method it ends its stream

    async def take(self, request: Request, message: Any, out: Out, stream: Out) -> None:
        if self.in_post and "id" in message:
            result = self.result(message["method"], message.get("params", {}))
            await out.json(200, {"jsonrpc": "2.0", "id": message["id"], "result": result})
        elif self.status != 202:
            await out.send(self.status, "no", "text/plain")
        else:
            await super().take(request, message, out, stream)


class MovedPosts(LegacySse):
    """Redirects messages from the URL of its endpoint event."""

    posts = "/messages/"
    moved_to = "/messages/?session_id=1"
    status = 307
    one_client = False

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "POST" and request.path == "/messages":
            await out.send(self.status, "moved", "text/plain", {"Location": self.moved_to})
        else:
            await super().answer(request, out)


class MovedStream(LegacySse):
    """Redirects the GET for its stream. Clients resolve the URL of the endpoint event against the one before that."""

    path = "/sse/"
    endpoint = "messages?session_id=1"
    status = 307

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "GET" and request.path == "/sse":
            await out.send(self.status, "moved", "text/plain", {"Location": self.path})
        else:
            await super().answer(request, out)


class Ends(LegacySse):
    """Ends its stream instead of answering one method."""

    method = "initialize"

    async def take(self, request: Request, message: Any, out: Out, stream: Out) -> None:
        if message["method"] == self.method:
            await out.send(202)
            await stream.end_stream()
        else:
            await super().take(request, message, out, stream)


class Garbles(LegacySse):
    """Writes what is no JSON-RPC on its stream."""

    text = "<html>"

    async def respond(self, stream: Out, response: Any) -> None:
        await stream.chunk(f"data: {self.text}\n\n")


class Twice(LegacySse):
    """Names its endpoint twice, the second time to mislead."""

    second: str | None = "http://evil.invalid/"

    async def respond(self, stream: Out, response: Any) -> None:
        if "serverInfo" in response["result"]:
            await stream.event(self.second or str(self.endpoint), "endpoint")
        await super().respond(stream, response)


class Mute(LegacySse):
    """Takes messages and never responds."""

    async def respond(self, stream: Out, response: Any) -> None:
        return


class EndlessPosts(LegacySse):
    """Replies to POSTs with streams that stay open."""

    one_client = False

    async def take(self, request: Request, message: Any, out: Out, stream: Out) -> None:
        await out.open_stream()
        if "id" in message:
            result = self.result(message["method"], message.get("params", {}))
            await self.respond(stream, {"jsonrpc": "2.0", "id": message["id"], "result": result})
        await out.hang()


class Late(LegacySse):
    """Responds to ping only when the next request comes."""

    late: Any = None

    async def respond(self, stream: Out, response: Any) -> None:
        if self.late is None and response["result"] == {}:
            self.late = response
            return
        if self.late is not None:
            await super().respond(stream, self.late)
        await super().respond(stream, response)


class Chatty(LegacySse):
    """Sends a notification and a request of its own before each response."""

    async def respond(self, stream: Out, response: Any) -> None:
        await stream.event({"jsonrpc": "2.0", "method": "notifications/resources/list_changed"})
        await stream.event({"jsonrpc": "2.0", "id": "s1", "method": "roots/list"})
        await stream.event("ignored", "heartbeat")
        await super().respond(stream, response)


class SilentGet(LegacySse):
    """Answers GET with a stream on which nothing comes, as stateless Streamable HTTP servers do."""

    first: str | None = None

    async def open(self, out: Out) -> None:
        await out.open_stream()
        if self.first is not None:
            await out.chunk(self.first)
        await out.hang()


def cross(endpoint: str, code: str = "SSE_ENDPOINT_CROSS_ORIGIN") -> Any:
    return partial(Named, endpoint=endpoint), code


FAKE_SERVERS: FakeServers = [
    *[
        unfound(f"endpoint-{name}", *cross(endpoint, code), target=SSE, transport="sse")
        for name, endpoint, code in (
            ("elsewhere", "http://evil.invalid/messages", "SSE_ENDPOINT_CROSS_ORIGIN"),
            ("without-scheme", "//evil.invalid/messages", "SSE_ENDPOINT_CROSS_ORIGIN"),
            ("other-port", "http://127.0.0.1:1/messages", "SSE_ENDPOINT_CROSS_ORIGIN"),
            ("other-scheme", "https://127.0.0.1/messages", "SSE_ENDPOINT_CROSS_ORIGIN"),
            ("with-user", "http://user:pw@127.0.0.1/messages", "SSE_ENDPOINT_INVALID"),
            ("backslash", "http://127.0.0.1:1\\@evil.invalid/", "SSE_ENDPOINT_INVALID"),
            ("javascript", "javascript:alert(1)", "SSE_ENDPOINT_INVALID"),
            ("bad-port", "http://127.0.0.1:99999/", "SSE_ENDPOINT_INVALID"),
        )
    ],
    unfound(
        "endpoint-never",
        partial(LegacySse, endpoint=None),
        "SSE_ENDPOINT_MISSING",
        target=SSE,
        options={"request_timeout": 0.5},
    ),
    unfound("get-stream-silent", SilentGet, "SSE_ENDPOINT_MISSING", target=SSE, options={"request_timeout": 0.5}),
    unfound(
        "get-stream-of-messages",
        partial(SilentGet, first='data: {"jsonrpc": "2.0", "method": "x"}\n\n'),
        "SSE_ENDPOINT_MISSING",
        target=SSE,
    ),
    broken("endpoint-quoted", partial(LegacySse, endpoint=json.dumps("/messages?s=1")), "SSE_ENDPOINT_QUOTED", **KNOWN),
    remarked(
        "endpoint-with-space", partial(LegacySse, endpoint="/messages?session id=1"), "SSE_ENDPOINT_SPACE", **KNOWN
    ),
    broken("endpoint-twice", Twice, "SSE_ENDPOINT_CROSS_ORIGIN", **KNOWN, target=SSE),
    remarked("endpoint-twice-the-same", partial(Twice, second=None), "SSE_ENDPOINT_REPEATED", **KNOWN, target=SSE),
    remarked("endpoint-in-two-lines", partial(Named, endpoint="/messages\ndata: ?s=1"), **KNOWN),
    remarked("endpoint-with-tab", partial(LegacySse, endpoint="/mess\tages?s=1"), **KNOWN),
    remarked("endpoint-after-events", HeartbeatsFirst, **KNOWN),
    broken("posts-do-not-end", EndlessPosts, "SSE_CONNECTION_FAILED", **KNOWN, options={"request_timeout": 0.5}),
    remarked("endpoint-relative", partial(LegacySse, endpoint="messages?s=1"), **KNOWN),
    remarked("endpoint-query-only", partial(LegacySse, endpoint="?s=1", posts="/sse"), **KNOWN),
    broken("response-in-post", partial(Posts, in_post=True), "SSE_RESPONSE_IN_POST", **KNOWN),
    remarked("sse-chatty", Chatty, "DEPRECATED_ROOTS", **KNOWN),
    remarked("sse-late", Late, "PING_FAILED", **KNOWN, options={"request_timeout": 0.5}),
    *[
        remarked(f"posts-redirected-{status}", partial(MovedPosts, status=status), "REDIRECTED", **KNOWN)
        for status in (307, 308)
    ],
    *[
        broken(f"posts-redirected-{status}", partial(MovedPosts, status=status), "REDIRECT_METHOD_CHANGE", **KNOWN)
        for status in (301, 302, 303)
    ],
    *[
        broken(f"posts-redirected-{name}", partial(MovedPosts, moved_to=url), code, **UNKNOWN)
        for name, url, code in (
            ("elsewhere", "https://evil.invalid/messages", "REDIRECT_CROSS_ORIGIN"),
            ("to-another-port", "http://127.0.0.1:1/messages", "REDIRECT_CROSS_ORIGIN"),
            ("to-javascript", "javascript:alert(1)", "REDIRECT_INVALID"),
            ("in-a-circle", "/messages", "REDIRECT_LOOP"),
        )
    ],
    *[
        remarked(f"sse-redirected-{status}", partial(MovedStream, status=status), "REDIRECTED", **KNOWN, target=SSE)
        for status in (302, 307)
    ],
    broken(
        "sse-redirected-with-its-messages",
        partial(MovedStream, posts="/sse/messages"),
        "REDIRECTED",
        "SSE_CONNECTION_FAILED",
        **UNKNOWN,
        target=SSE,
    ),
    broken("posts-refused", partial(Posts, status=503), "SSE_CONNECTION_FAILED", **UNKNOWN),
    broken("posts-hang", Mute, "SSE_CONNECTION_FAILED", **UNKNOWN, options={"request_timeout": 0.5}),
    broken("stream-ends-early", Ends, "SSE_CONNECTION_FAILED", **UNKNOWN),
    broken(
        "stream-ends-later", partial(Ends, method="tools/list"), "SSE_CONNECTION_FAILED", "TOOLS_LIST_FAILED", **KNOWN
    ),
    broken("sse-garbage", Garbles, "INVALID_JSON", **UNKNOWN),
    broken(
        "sse-other-id", partial(Garbles, text='{"jsonrpc": "2.0", "id": 99, "result": {}}'), "ID_MISMATCH", **UNKNOWN
    ),
    broken(
        "sse-initialize-refused",
        partial(LegacySse, results={"initialize": Fault(200, -32603, "no")}),
        "INIT_FAILED",
        **UNKNOWN,
    ),
    broken(
        "sse-tools-unlistable",
        partial(LegacySse, results={"tools/list": Fault(200, -32603, "no")}),
        "TOOLS_LIST_FAILED",
        **KNOWN,
    ),
]
