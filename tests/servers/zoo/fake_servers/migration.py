# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Correct servers that use what is deprecated, and some that only seem to."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import Any

from ..fake_server import FakeServer, FakeServers, correct, remarked
from ..http import Out, Request
from ..servers import LEGACY, MODERN, Fault, Streamable
from .auth import METADATA, Guarded
from .calls import CALL, COMPLETE, modern, returns

WITH_LOGGING: dict[str, Any] = {"tools": {}, "logging": {}}
CONTENT = {"content": [{"type": "text", "text": "fed"}]}
SAMPLING: dict[str, Any] = {"messages": [], "maxTokens": 1}
# What the tool of a server of 2026-07-28 needs from the client.
ROOTS_WANTED = {"where": {"method": "roots/list", "params": {}}}
ANSWER_WANTED = {"what": {"method": "sampling/createMessage", "params": {**SAMPLING, "includeContext": "thisServer"}}}


class Says(Streamable):
    """Sends a message of its own before the response to a tool call."""

    mode = "sse"
    said: dict[str, Any]

    async def deliver(self, out: Out, method: str, response: Any, headers: Any) -> None:
        if method != "tools/call":
            await super().deliver(out, method, response, headers)
            return
        await out.open_stream(headers)
        await out.event({"jsonrpc": "2.0", **self.said})
        await out.event(response)
        await out.end_stream()


class Registers(Guarded):
    """Is its own authorization server."""

    issuer = "{base}"
    place = "/.well-known/oauth-authorization-server"
    document: Any = MappingProxyType({"registration_endpoint": "https://auth.example.com/register"})

    async def __call__(self, request: Request, out: Out) -> None:
        issuer = self.issuer.replace("{base}", f"http://{request.headers['host']}")
        if request.path == METADATA:
            await out.json(
                200, {"resource": f"http://{request.headers['host']}/mcp", "authorization_servers": [issuer]}
            )
        elif request.path == self.place and isinstance(self.document, str):
            await out.send(200, self.document, "text/html")
        elif request.path == self.place:
            await out.json(200, {"issuer": issuer, **self.document})
        else:
            await super().__call__(request, out)


class RegistersAtRoot(Registers):
    """Has no resource metadata, as in 2025-03-26."""

    challenge = "Bearer"

    async def __call__(self, request: Request, out: Out) -> None:
        if request.path == METADATA:
            await out.send(404)
        else:
            await super().__call__(request, out)


def says(method: str, *, request: bool = True, **params: Any) -> Any:
    said = {"method": method, "params": params, **({"id": "s1"} if request else {})}
    return partial(Says, results={"tools/call": CONTENT}, said=said)


def guarded(name: str, keeper: Any, *issues: str) -> FakeServer:
    return FakeServer(name, keeper, compliant=None, issues=("AUTH_REQUIRED", "AUTH_ON_INITIALIZE", *issues))


FAKE_SERVERS: FakeServers = [
    remarked(
        "declares-logging", partial(Streamable, initialize_result={"capabilities": WITH_LOGGING}), "DEPRECATED_LOGGING"
    ),
    remarked(
        "declares-logging-strictly",
        partial(Streamable, initialize_result={"capabilities": WITH_LOGGING}),
        "DEPRECATED_LOGGING",
        options={"strict": True},
    ),
    remarked("logs", says("notifications/message", request=False, level="info"), "DEPRECATED_LOGGING", options=CALL),
    remarked("lists-roots", says("roots/list"), "DEPRECATED_ROOTS", options=CALL),
    remarked("samples", says("sampling/createMessage", **SAMPLING), "DEPRECATED_SAMPLING", options=CALL),
    remarked(
        "samples-with-context",
        says("sampling/createMessage", **SAMPLING, includeContext="allServers"),
        "DEPRECATED_SAMPLING",
        "DEPRECATED_INCLUDE_CONTEXT",
        options=CALL,
    ),
    remarked(
        "samples-without-context",
        says("sampling/createMessage", **SAMPLING, includeContext="none"),
        "DEPRECATED_SAMPLING",
        options=CALL,
    ),
    correct("asks-the-user", says("elicitation/create"), LEGACY[3], options=CALL),
    FakeServer(
        "wants-roots",
        modern({"resultType": "input_required", "inputRequests": ROOTS_WANTED}),
        issues=("TOOL_CALL_FAILED", "DEPRECATED_ROOTS"),
        transport="streamable-http",
        version=MODERN,
        options=CALL,
    ),
    FakeServer(
        "wants-an-answer",
        modern({"resultType": "input_required", "inputRequests": ANSWER_WANTED}),
        issues=("TOOL_CALL_FAILED", "DEPRECATED_SAMPLING", "DEPRECATED_INCLUDE_CONTEXT"),
        transport="streamable-http",
        version=MODERN,
        options=CALL,
    ),
    FakeServer(
        "wants-a-capability",
        modern(Fault(400, -32021, "Missing", {"requiredCapabilities": {"sampling": {}}})),
        issues=("TOOL_CALL_FAILED", "DEPRECATED_SAMPLING"),
        transport="streamable-http",
        version=MODERN,
        options=CALL,
    ),
    correct("calls-no-client", modern(COMPLETE), MODERN, options=CALL),
    guarded("registers-clients", Registers, "DEPRECATED_CLIENT_REGISTRATION"),
    guarded(
        "registers-clients-below-a-path",
        partial(Registers, issuer="{base}/tenant", place="/.well-known/openid-configuration/tenant"),
        "DEPRECATED_CLIENT_REGISTRATION",
    ),
    guarded(
        "registers-clients-without-resource-metadata",
        RegistersAtRoot,
        "AUTH_METADATA_MISSING",
        "DEPRECATED_CLIENT_REGISTRATION",
    ),
    guarded(
        "reads-client-metadata",
        partial(Registers, document={**Registers.document, "client_id_metadata_document_supported": True}),
    ),
    guarded("registers-no-clients", partial(Registers, document={})),
    guarded("registers-with-a-page", partial(Registers, document="<html>")),
    guarded("registers-elsewhere", partial(Registers, issuer="https://auth.example.com")),
    correct("no-logging-in-a-call", returns(CONTENT), LEGACY[3], options=CALL),
]
