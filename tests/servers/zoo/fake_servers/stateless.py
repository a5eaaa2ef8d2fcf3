# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers of 2026-07-28 with defects of their own."""

# ruff: noqa: ARG002  # what a server overrides, it need not use

from __future__ import annotations

from functools import partial
from typing import Any

from ..fake_server import FakeServers, broken, remarked, unfound
from ..http import Out, Request
from ..servers import MODERN, Fault, Stateless

KNOWN: dict[str, Any] = {"version": MODERN}


class Asks(Stateless):
    """Sends a request of its own before the response."""

    mode = "sse"

    async def events_before(self, out: Out) -> None:
        await out.event({"jsonrpc": "2.0", "id": "s1", "method": "sampling/createMessage", "params": {}})


class OtherVersion(Stateless):
    """Supports only a revision that is not known yet."""

    def check_session(self, request: Any) -> None:
        raise Fault(400, -32022, "Unsupported protocol version", {"supported": ["2030-01-01"], "requested": MODERN})


class PlainRefusal(Stateless):
    """Does not know initialize, and says so without JSON-RPC."""

    status = 404

    async def answer(self, request: Request, out: Out) -> None:
        if request.rpc_method == "initialize":
            await out.send(self.status, "no", "text/plain")
        else:
            await super().answer(request, out)


class HeadersLost(Stateless):
    """Is behind a proxy that drops the headers that this revision wants."""

    def check_session(self, request: Any) -> None:
        raise Fault(400, -32020, "Header mismatch: Mcp-Method is missing")


def hints(**fields: Any) -> Any:
    whole = {"resultType": "complete", "ttlMs": 0, "cacheScope": "private", **fields}
    return partial(Stateless, hints={key: value for key, value in whole.items() if value is not None})


FAKE_SERVERS: FakeServers = [
    broken("result-type-missing", hints(resultType=None), "MODERN_RESULT_TYPE", **KNOWN),
    remarked("result-type-input-required", hints(resultType="input_required"), "MODERN_RESULT_INCOMPLETE", **KNOWN),
    broken("cache-hints-missing", hints(ttlMs=None, cacheScope=None), "MODERN_CACHE_HINTS", **KNOWN),
    remarked("cache-ttl-negative", hints(ttlMs=-1), "MODERN_CACHE_TTL", **KNOWN),
    broken("cache-ttl-nan", hints(ttlMs=float("nan")), "MODERN_CACHE_HINTS", "JSON_NOT_A_NUMBER", **KNOWN),
    broken("cache-ttl-fraction", hints(ttlMs=1.5), "MODERN_CACHE_HINTS", **KNOWN),
    remarked("cache-ttl-huge", hints(ttlMs=2**53), "MODERN_CACHE_TTL", **KNOWN),
    remarked("cache-ttl-string", hints(ttlMs="0"), "MODERN_CACHE_TTL", **KNOWN),
    remarked("cache-ttl-true", hints(ttlMs=True), "MODERN_CACHE_TTL", **KNOWN),
    broken("cache-scope-unknown", hints(cacheScope="shared"), "MODERN_CACHE_HINTS", **KNOWN),
    broken("discover-versions-string", partial(Stateless, versions=MODERN), "MODERN_DISCOVER_INVALID", **KNOWN),
    broken("discover-versions-empty", partial(Stateless, versions=[]), "MODERN_DISCOVER_INVALID", **KNOWN),
    broken("discover-versions-other", partial(Stateless, versions=["2030-01-01"]), "MODERN_DISCOVER_INVALID", **KNOWN),
    remarked("discover-nameless", partial(Stateless, introduction=None), "MODERN_SERVER_INFO_MISSING", **KNOWN),
    remarked(
        "discover-name-number",
        partial(Stateless, introduction={"name": 1, "version": "1"}),
        "MODERN_SERVER_INFO_INVALID",
        **KNOWN,
    ),
    *[
        remarked(
            f"initialize-unknown-with-{status}", partial(PlainRefusal, status=status), target={"path": "/mcp"}, **KNOWN
        )
        for status in (404, 405, 500, 501)
    ],
    remarked("stateless-asks", Asks, "MODERN_SERVER_REQUEST", "DEPRECATED_SAMPLING", **KNOWN),
    broken(
        "stateless-tools-unknown",
        partial(Stateless, results={"tools/list": Fault(404, -32601, "no")}),
        "TOOLS_LIST_FAILED",
        **KNOWN,
    ),
    unfound("version-unsupported", OtherVersion, "UNSUPPORTED_VERSION"),
    unfound("headers-lost", HeadersLost, "MODERN_HEADERS_LOST"),
]
