# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# what a server overrides, it need not use

"""Servers that do not refuse what they must; found only by the deep checks."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any

from ..fake_server import FakeServers, correct, remarked
from ..http import Out, Request
from ..servers import LEGACY, MODERN, Dual, Fault, LegacySse, Stateless, Streamable

DEEP: dict[str, Any] = {"options": {"deep": True}}


class Friendly(Streamable):
    """Answers methods that do not exist."""

    def result(self, method: str, params: Any) -> Any:
        return {} if "/no-such" in method else super().result(method, params)


class FriendlySse(LegacySse, Friendly):
    """The same over HTTP+SSE."""

    one_client = False


class FriendlyStateless(Stateless):
    """Refuses methods that do not exist with the status of success."""

    def result(self, method: str, params: Any) -> Any:
        try:
            return super().result(method, params)
        except Exception as fault:
            fault.status = 200  # type: ignore[attr-defined]
            raise


class AnyVersion(Streamable):
    """Does not look at the version header."""

    async def __call__(self, request: Request, out: Out) -> None:
        if "mcp-protocol-version" in request.headers:
            request = dataclasses.replace(request, headers={**request.headers, "mcp-protocol-version": self.revision})
        await super().__call__(request, out)


class AnyOrigin(Streamable):
    """Does not look at Origin."""

    async def __call__(self, request: Request, out: Out) -> None:
        headers = {name: value for name, value in request.headers.items() if name != "origin"}
        await super().__call__(dataclasses.replace(request, headers=headers), out)


class AnyOriginStateless(AnyOrigin, Stateless):
    """The same at 2026-07-28."""


class OddGet(Streamable):
    """Answers GET with a page."""

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "GET":
            await out.send(200, "<html>", "text/html")
        else:
            await super().answer(request, out)


class StreamingGet(Streamable):
    """Answers GET with a stream, as 2025-11-25 allows and 2026-07-28 does not."""

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "GET":
            await out.open_stream()
            await out.hang()
        else:
            await super().answer(request, out)


class StreamingGetStateless(StreamingGet, Stateless):
    """The same at 2026-07-28."""


class Undying(Streamable):
    """Says that it ended a session, and goes on with it."""

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "DELETE":
            await out.send(200)
        else:
            await super().answer(request, out)


class Forgetful(Streamable):
    """Refuses a session that ended, but not with the status that tells clients to begin a new one."""

    async def answer(self, request: Request, out: Out) -> None:
        given = request.headers.get("mcp-session-id")
        if given is not None and given not in self.sessions:
            await out.json(400, {"jsonrpc": "2.0", "id": None, "error": {"code": -32000, "message": "No session"}})
        else:
            await super().answer(request, out)


class EndsWithSession(Streamable):
    """Exits when a session is deleted."""

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "DELETE":
            out.hang_up()
            await out.restart()
        await super().answer(request, out)


class FailsAfterSession(Streamable):
    """Fails all requests once a session was deleted, as servers with mcp 1.8.1 for Python do."""

    ended = False

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "DELETE":
            self.ended = True
        if self.ended:
            await out.send(500, "Internal Server Error", "text/plain")
        else:
            await super().answer(request, out)


class EndsWithSse(LegacySse):
    """Exits when the client closes its stream, as server-everything 2025.3.19 does."""

    one_client = False

    async def open(self, out: Out) -> None:
        self.stream = out
        await out.open_stream()
        await self.name_endpoint(out)
        await out.closed_by_client()
        out.hang_up()
        await out.restart()


class EndsWithSecondClient(LegacySse):
    """Exits when a second client connects, as supergateway 3.4.3 does."""

    async def open(self, out: Out) -> None:
        if self.stream is None:
            await super().open(out)
        else:
            out.hang_up()
            await out.restart()


class SilentGet(Streamable):
    """Never answers GET."""

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "GET":
            await out.hang()
        else:
            await super().answer(request, out)


class SilentAfterwards(Streamable):
    """Ends a session when it is deleted, and never answers its requests afterwards."""

    async def answer(self, request: Request, out: Out) -> None:
        given = request.headers.get("mcp-session-id")
        if given is not None and given not in self.sessions:
            await out.hang()
        else:
            await super().answer(request, out)


class SilentToOrigins(Streamable):
    """Never answers a request with an Origin."""

    async def answer(self, request: Request, out: Out) -> None:
        if "origin" in request.headers:
            await out.hang()
        else:
            await super().answer(request, out)


class Trusting(Stateless):
    """Checks neither headers nor _meta."""

    def check_session(self, request: Request) -> None:
        if request.rpc_method == "initialize":
            super().check_session(request)


STATELESS: dict[str, Any] = {"version": MODERN, **DEEP}

FAKE_SERVERS: FakeServers = [
    correct("deep-correct", Streamable, LEGACY[3], **DEEP),
    correct("deep-correct-sse", partial(LegacySse, one_client=False), LEGACY[0], "sse", **DEEP),
    remarked("deep-one-client", LegacySse, "SECOND_CLIENT_FAILS", transport="sse", version=LEGACY[0], **DEEP),
    remarked(
        "deep-ends-with-second-client",
        EndsWithSecondClient,
        "ENDS_WITH_SESSION",
        transport="sse",
        version=LEGACY[0],
        **DEEP,
    ),
    correct("deep-correct-stateless", Stateless, MODERN, **DEEP),
    correct("deep-correct-dual-era", Dual, LEGACY[3], **DEEP),
    *[
        remarked(f"{prefix}dual-era-{name}", partial(Dual, **changes), *codes, **options)
        for prefix, options in (("", {}), ("deep-", DEEP))
        for name, changes, codes in (
            ("without-tools", {"results": {"tools/list": Fault(404, -32601, "no")}}, ("TOOLS_LIST_FAILED",)),
            ("without-hints", {"hints": {}}, ("MODERN_RESULT_TYPE", "MODERN_CACHE_HINTS")),
        )
    ],
    correct("deep-correct-2025-03-26", partial(Streamable, revision=LEGACY[1]), LEGACY[1], **DEEP),
    correct("deep-correct-get-stream", StreamingGet, LEGACY[3], **DEEP),
    remarked("deep-unknown-method", Friendly, "UNKNOWN_METHOD", **DEEP),
    remarked("deep-unknown-method-sse", FriendlySse, "UNKNOWN_METHOD", transport="sse", version=LEGACY[0], **DEEP),
    remarked("deep-unknown-method-200", FriendlyStateless, "UNKNOWN_METHOD", **STATELESS),
    remarked("deep-any-version", AnyVersion, "VERSION_HEADER_IGNORED", **DEEP),
    remarked("deep-any-origin", AnyOrigin, "ORIGIN_NOT_VALIDATED", **DEEP),
    remarked("deep-any-origin-stateless", AnyOriginStateless, "ORIGIN_NOT_VALIDATED", **STATELESS),
    remarked("deep-odd-get", OddGet, "GET_UNEXPECTED", **DEEP),
    remarked("deep-silent-get", SilentGet, "GET_UNEXPECTED", **DEEP),
    remarked("deep-silent-session", SilentAfterwards, "SESSION_NOT_TERMINATED", **DEEP),
    correct("deep-silent-to-origins", SilentToOrigins, LEGACY[3], **DEEP),
    remarked("deep-get-stream-stateless", StreamingGetStateless, "GET_UNEXPECTED", **STATELESS),
    remarked("deep-ends-with-session", EndsWithSession, "ENDS_WITH_SESSION", **DEEP),
    remarked("deep-ends-with-sse", EndsWithSse, "ENDS_WITH_SESSION", transport="sse", version=LEGACY[0], **DEEP),
    remarked("ends-with-session", EndsWithSession, "ENDS_WITH_SESSION"),
    remarked("fails-after-session", FailsAfterSession, "ENDS_WITH_SESSION", "DELETE_REJECTED"),
    correct("ends-with-sse", EndsWithSse, LEGACY[0], "sse"),
    remarked("deep-undying-session", Undying, "SESSION_NOT_TERMINATED", **DEEP),
    remarked("deep-forgotten-session", Forgetful, "SESSION_NOT_TERMINATED", **DEEP),
    remarked(
        "deep-trusting",
        Trusting,
        "MODERN_META_IGNORED",
        "MODERN_HEADERS_IGNORED",
        "VERSION_HEADER_IGNORED",
        **STATELESS,
    ),
    remarked("shallow-any-origin", AnyOrigin),
]
