# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers that a lenient parser understands, and on which official clients fail."""

# ruff: noqa: ARG002  # what a server overrides, it need not use

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import Any

from ..fake_server import FakeServers, broken, remarked
from ..http import Out, Request
from ..servers import TOOLS, Fault, Streamable
from .answers import Altered, Enveloped, Moved
from .correct import Interim

MCP = {"path": "/mcp"}
_BOM = b"\xef\xbb\xbf"


class InitializeStatus(Streamable):
    """Sends the response to initialize with another status than 200."""

    status = 202

    async def deliver(self, out: Out, method: str, response: Any, headers: Any) -> None:
        await out.json(self.status if method == "initialize" else 200, response, headers)


class MovedOften(Streamable):
    """Redirects from path to path."""

    path = "/mcp/5"

    async def __call__(self, request: Request, out: Out) -> None:
        if request.path == self.path:
            await super().__call__(request, out)
        else:
            number = int(request.path.rpartition("/")[2]) if request.path != "/mcp" else 0
            await out.send(307, headers={"Location": f"/mcp/{number + 1}"})


class TwoSessions(Streamable):
    """Sends two Mcp-Session-Id headers."""

    same = False

    async def deliver(self, out: Out, method: str, response: Any, headers: Any) -> None:
        if method != "initialize":
            await super().deliver(out, method, response, headers)
            return
        given = headers["Mcp-Session-Id"]
        await super().deliver(
            out, method, response, {**headers, "mcp-session-id": given if self.same else f"{given}-b"}
        )


class Sticky(Streamable):
    """Is behind a proxy that chooses the replica by a cookie, and only one replica knows the session."""

    cookie = "replica=1; Path=/; HttpOnly"

    async def answer(self, request: Request, out: Out) -> None:
        anywhere = request.rpc_method in ("initialize", "server/discover")
        if not anywhere and "replica=1" not in request.headers.get("cookie", ""):
            raise Fault(404, -32000, "Session not found")
        await super().answer(request, out)

    async def deliver(self, out: Out, method: str, response: Any, headers: Any) -> None:
        await super().deliver(out, method, response, {**headers, "Set-Cookie": self.cookie})


class OneThread(Streamable):
    """Handles one request at a time, and a GET as long as its client waits."""

    def __init__(self, **changes: Any) -> None:
        super().__init__(**changes)
        self.lock = asyncio.Lock()

    async def answer(self, request: Request, out: Out) -> None:
        async with self.lock:
            if request.method == "GET":
                await out.open_stream()
                await out.closed_by_client()
                out.hang_up()
            else:
                await super().answer(request, out)


class OneConnection(Streamable):
    """Handles the requests of the first connection only."""

    async def __call__(self, request: Request, out: Out) -> None:
        if request.connection > 1:
            await out.hang()
        if request.method == "GET":
            await out.open_stream()
            await out.hang()
        await super().__call__(request, out)


class StreamBom(Streamable):
    """Begins its event streams with a byte order mark."""

    async def deliver(self, out: Out, method: str, response: Any, headers: Any) -> None:
        await out.open_stream(headers)
        await out.chunk(_BOM + f"data: {json.dumps(response)}\n\n".encode())
        await out.end_stream()


def _add(response: Any, **members: Any) -> Any:
    return {**response, **members}


FAKE_SERVERS: FakeServers = [
    broken("initialize-202", InitializeStatus, "ACCEPTED_WITH_BODY"),
    *[remarked(f"initialize-{status}", partial(InitializeStatus, status=status)) for status in (201, 203, 206)],
    broken("session-twice", TwoSessions, "SESSION_ID_REPEATED"),
    broken("session-twice-the-same", partial(TwoSessions, same=True), "SESSION_ID_REPEATED"),
    broken(
        "cursor-empty-without-end",
        partial(Streamable, results={"tools/list": {"tools": TOOLS, "nextCursor": ""}}),
        "TOOLS_LIST_FAILED",
    ),
    *[
        broken(f"redirected-{status}", partial(Moved, status=status), "REDIRECT_METHOD_CHANGE", target=MCP)
        for status in (301, 302, 303)
    ],
    remarked("cookie-required", Sticky, "COOKIE_REQUIRED"),
    *[
        remarked(f"redirected-to-{name}", partial(Moved, path=path, location=to), "REDIRECTED", target=MCP)
        for name, path, to in (
            ("space", "/a%20b", "/a b"),
            ("query-with-space", "/a", "/a?b=c d"),
        )
    ],
    remarked("redirected-five-times", MovedOften, "REDIRECTED", target=MCP),
    remarked("redirected-308", partial(Moved, status=308), "REDIRECTED", target=MCP),
    remarked("interim-continue", partial(Interim, interim=b"HTTP/1.1 100 Continue\r\n\r\n"), "UNEXPECTED_CONTINUE"),
    broken(
        "get-blocks-requests",
        OneThread,
        "GET_BLOCKS_REQUESTS",
        "PING_FAILED",
        options={"request_timeout": 0.5},
    ),
    broken(
        "one-connection",
        OneConnection,
        "GET_BLOCKS_REQUESTS",
        "DELETE_REJECTED",
        "PING_FAILED",
        "TOOLS_LIST_FAILED",
        "RESOURCES_LIST_FAILED",
        "RESOURCE_TEMPLATES_LIST_FAILED",
        "PROMPTS_LIST_FAILED",
        options={"request_timeout": 0.3},
    ),
    remarked(
        "id-string", partial(Enveloped, change=lambda response: {**response, "id": str(response["id"])}), "ID_TYPE"
    ),
    *[
        remarked(f"response-with-{name}", partial(Enveloped, change=partial(_add, **member)), "JSONRPC_EXTRA_MEMBER")
        for name, member in (
            ("error-null", {"error": None}),
            ("error-empty", {"error": {}}),
            ("method-null", {"method": None}),
            ("time", {"timestamp": 1}),
        )
    ],
    broken(
        "response-with-error",
        partial(Enveloped, change=partial(_add, error={"code": -1, "message": "no"}), only="tools/list"),
        "INVALID_JSONRPC",
        "TOOLS_LIST_FAILED",
    ),
    remarked("stream-bom", StreamBom, "SSE_BOM"),
    remarked("json-bom", partial(Altered, alter=lambda data: _BOM + data), "JSON_BOM"),
]
