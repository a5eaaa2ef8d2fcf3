# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers whose event streams have other events than the response, or forms that some clients reject."""

# ruff: noqa: ARG002  # what a server overrides, it need not use

from __future__ import annotations

import json
from functools import partial
from typing import Any

from ..fake_server import FakeServer, FakeServers, remarked, unfound
from ..http import Out
from ..servers import LegacySse, Streamable

EVENT = "event: message\ndata: {}\n\n"
SSE: dict[str, Any] = {"transport": "sse", "version": "2024-11-05"}


class Streams(Streamable):
    """Writes event streams in a form of its own."""

    before: Any = None  # an event, or what makes a message of the response
    form = EVENT
    media_type = "text/event-stream"
    hangs = False

    async def deliver(self, out: Out, method: str, response: Any, headers: Any) -> None:
        await out.open_stream({**headers, "Content-Type": self.media_type})
        if self.before is not None:
            first = self.before if isinstance(self.before, str) else _event(self.before(response))
            await out.chunk(first)
        await out.chunk(self.form.replace("{}", json.dumps(response)))
        if self.hangs:
            await out.hang()
        await out.end_stream()


class Renames(Streamable):
    """Sends another session id with each response, and accepts the first one."""

    async def deliver(self, out: Out, method: str, response: Any, headers: Any) -> None:
        other = {} if method == "initialize" else {"Mcp-Session-Id": f"other-{next(self.opened)}"}
        await super().deliver(out, method, response, {**headers, **other})


class EndlessAcceptance(Streamable):
    """Never ends the body of its responses to notifications."""

    async def accept_notification(self, out: Out) -> None:
        await out.head(202, {"Transfer-Encoding": "chunked"})
        await out.hang()


class Prefixed(LegacySse):
    """Sends events before the endpoint event, or before each response."""

    first = ""
    before = ""

    async def name_endpoint(self, out: Out) -> None:
        if self.first:
            await out.chunk(self.first)
        await super().name_endpoint(out)

    async def respond(self, stream: Out, response: Any) -> None:
        if self.before:
            await stream.chunk(self.before)
        await super().respond(stream, response)


def _event(message: Any) -> str:
    return EVENT.replace("{}", json.dumps(message))


def _of(method: str, **members: Any) -> str:
    return _event({"jsonrpc": "2.0", "method": method, **members})


def works(name: str, **more: Any) -> FakeServer:
    """Return a server that all clients can use."""
    return remarked(name, partial(Streams, **more))


def invalid(name: str, before: Any) -> FakeServer:
    """Return a server that sends an invalid message before each response."""
    return remarked(name, partial(Streams, before=before), "STREAM_MESSAGE_INVALID")


FAKE_SERVERS: FakeServers = [
    works("stream-of-pings", before="event: ping\ndata: 1\n\n" * 1500),
    works("stream-of-retries", before="retry: 1\n\n" * 2000),
    works("stream-with-null-params", before=_of("notifications/custom", params=None)),
    works("stream-with-wrong-progress", before=_of("notifications/progress", params={})),
    works("stream-of-data-first", form="data: {}\nevent: message\n\n"),
    invalid("stream-heartbeat-text", "data: ping\n\n"),
    invalid("stream-heartbeat-json", 'data: {"type": "heartbeat"}\n\n'),
    invalid("stream-done", "data: [DONE]\n\n"),
    invalid("stream-null", "data: null\n\n"),
    invalid("stream-id-of-another", lambda response: {**response, "id": 9999}),
    invalid(
        "stream-error-first", lambda _response: {"jsonrpc": "2.0", "id": None, "error": {"code": -1, "message": "late"}}
    ),
    unfound("stream-of-batches", partial(Streams, form="data: [{}]\n\n"), "INVALID_JSONRPC", target={"path": "/mcp"}),
    unfound(
        "stream-of-batches-open",
        partial(Streams, form="data: [{}]\n\n", hangs=True),
        "INVALID_JSONRPC",
        target={"path": "/mcp"},
    ),
    unfound("stream-of-responses", partial(Streams, form="event: response\ndata: {}\n\n"), "NO_RESPONSE"),
    remarked("stream-of-cr", partial(Streams, form="event: message\rdata: {}\r\r"), "SSE_LINE_END"),
    remarked("stream-type-upper", partial(Streams, media_type="Text/Event-Stream"), "CONTENT_TYPE_INEXACT"),
    unfound("stream-type-list", partial(Streams, media_type="text/event-stream, application/json"), "NOT_MCP"),
    remarked("session-renamed", Renames, "SESSION_ID_CHANGED"),
    remarked("initialized-endless", EndlessAcceptance, "INITIALIZED_STATUS"),
    remarked("endpoint-beyond-ascii", partial(LegacySse, endpoint="/messages?s=ü"), **SSE),
    remarked("endpoint-late", partial(Prefixed, first="data: hello\n\n"), "SSE_ENDPOINT_LATE", **SSE),
    remarked("sse-heartbeat-text", partial(Prefixed, before="data: ping\n\n"), "STREAM_MESSAGE_INVALID", **SSE),
]
