# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers that go wrong at the handshake, in how they introduce themselves, or with their session."""

# ruff: noqa: ARG005  # what a server overrides, it need not use

from __future__ import annotations

from functools import partial
from typing import Any

from ..fake_server import FakeServers, broken, remarked, unfound
from ..http import Out, Request
from ..servers import Fault, Streamable
from .answers import Enveloped


def introduces(**fields: Any) -> Any:
    """A server whose InitializeResult has other fields; None removes them."""
    return partial(Streamable, initialize_result=fields)


def advertises(value: Any) -> Any:
    return introduces(capabilities=value)


class Sessions(Streamable):
    """Hands out another session id than it asks for later."""

    given = "ok"

    async def deliver(self, out: Out, method: str, response: Any, headers: Any) -> None:
        fields = {**headers, "Mcp-Session-Id": self.given} if method == "initialize" else headers
        await super().deliver(out, method, response, fields)


class SpacedSessions(Streamable):
    """Wants its session ids back, which have spaces or tabs."""

    session = "two words"


class RenamesAtOnce(Streamable):
    """Sends another session id with its response to a notification, and accepts the first one."""

    async def accept_notification(self, out: Out) -> None:
        await out.send(202, headers={"Mcp-Session-Id": "other"})


class Notified(Streamable):
    """Answers notifications in its own way."""

    status = 200
    body = ""

    async def accept_notification(self, out: Out) -> None:
        await out.send(self.status, self.body, "text/plain")


class Undeletable(Streamable):
    """Fails when its session is deleted."""

    status = 500

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "DELETE":
            await out.send(self.status, "cannot", "text/plain")
        else:
            await super().answer(request, out)


class HangsAfter(Streamable):
    """Never answers one method."""

    method = "notifications/initialized"

    async def answer(self, request: Request, out: Out) -> None:
        if request.rpc_method == self.method:
            await out.hang()
        else:
            await super().answer(request, out)


class Silent(HangsAfter):
    """Never answers DELETE."""

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "DELETE":
            await out.hang()
        else:
            await Streamable.answer(self, request, out)


def refuses(status: int, code: int, message: str, data: Any = None) -> Any:
    return partial(Streamable, results={"initialize": Fault(status, code, message, data)})


def failing(method: str) -> Any:
    return partial(Streamable, results={method: Fault(200, -32603, "Internal error")})


NAMELESS_ERROR = partial(
    Enveloped,
    only="ping",
    change=lambda response: {"jsonrpc": "2.0", "id": None, "error": {"code": -32603, "message": "x"}},
)

FAKE_SERVERS: FakeServers = [
    unfound("initialize-refused", refuses(200, -32603, "MCP server process failed"), "INIT_FAILED"),
    unfound("initialize-refused-400", refuses(400, -32602, "Invalid params"), "INIT_FAILED"),
    unfound("initialize-unknown-404", refuses(404, -32601, "Method not found"), "INIT_FAILED"),
    unfound("initialize-refused-500", refuses(500, -32603, "Internal error"), "INIT_FAILED"),
    unfound("another-json-rpc-service", refuses(200, -32601, "the method initialize does not exist"), "INIT_FAILED"),
    unfound(
        "initialize-without-content", partial(Streamable, results={"initialize": {"hello": "world"}}), "INIT_FAILED"
    ),
    broken("version-missing", introduces(protocolVersion=None), "INVALID_PROTOCOL", version=None),
    broken("version-number", introduces(protocolVersion=42), "INVALID_PROTOCOL", version=None),
    broken("version-1.0", introduces(protocolVersion="1.0"), "INVALID_PROTOCOL", version=None),
    broken("version-of-the-future", introduces(protocolVersion="2099-01-01"), "INVALID_PROTOCOL", version=None),
    broken("version-without-handshake", introduces(protocolVersion="2026-07-28"), "INVALID_PROTOCOL", version=None),
    broken("version-too-old", introduces(protocolVersion="2024-10-07"), "INVALID_PROTOCOL", version=None),
    broken("server-info-missing", introduces(serverInfo=None), "MISSING_SERVER_INFO"),
    remarked("server-name-empty", introduces(serverInfo={"name": "", "version": "1"}), "SERVER_NAME_EMPTY"),
    broken("server-info-string", introduces(serverInfo="zoo"), "INVALID_SERVER_INFO"),
    broken("server-version-number", introduces(serverInfo={"name": "zoo", "version": 1}), "INVALID_SERVER_INFO"),
    broken(
        "server-title-number", introduces(serverInfo={"name": "z", "version": "1", "title": 1}), "INVALID_SERVER_INFO"
    ),
    broken("capabilities-missing", introduces(capabilities=None), "INVALID_CAPABILITIES"),
    broken("capabilities-array", advertises([]), "INVALID_CAPABILITIES"),
    broken("capability-true", advertises({"tools": True}), "INVALID_CAPABILITIES"),
    remarked(
        "capability-null",
        advertises({"tools": {}, "logging": None}),
        "NULL_MEMBER",
        "DEPRECATED_LOGGING",
    ),
    remarked("capability-flag-string", advertises({"tools": {"listChanged": "yes"}}), "INEXACT_MEMBER"),
    broken("capability-flag-list", advertises({"tools": {"listChanged": []}}), "INVALID_CAPABILITIES"),
    remarked("capabilities-none", advertises({}), "NO_CAPABILITIES"),
    remarked("capabilities-experimental-only", advertises({"experimental": {}}), "NO_CAPABILITIES"),
    broken("capability-required", Streamable, "MISSING_CAPABILITY", options={"required_capabilities": ("logging",)}),
    broken("instructions-list", introduces(instructions=["be", "kind"]), "INVALID_INSTRUCTIONS"),
    remarked("session-with-space", partial(Sessions, session=None, given="two words"), "INVALID_SESSION_ID"),
    remarked("session-folded", partial(Sessions, session=None, given="a\r\n b"), "INVALID_SESSION_ID"),
    remarked("session-latin-1", partial(Sessions, session=None, given="caf\xe9"), "INVALID_SESSION_ID"),
    remarked("session-with-space-needed", SpacedSessions, "INVALID_SESSION_ID"),
    remarked("session-with-tab-needed", partial(SpacedSessions, session="two\twords"), "INVALID_SESSION_ID"),
    remarked("session-long", partial(Streamable, session="s" * 3000)),
    remarked("session-renamed-at-once", RenamesAtOnce, "SESSION_ID_CHANGED"),
    remarked("session-empty", partial(Sessions, session=None, given="")),
    broken(
        "session-not-issued",
        partial(Sessions, session="secret", given="other"),
        "INITIALIZED_STATUS",
        "PING_FAILED",
        "TOOLS_LIST_FAILED",
        "RESOURCES_LIST_FAILED",
        "RESOURCE_TEMPLATES_LIST_FAILED",
        "PROMPTS_LIST_FAILED",
    ),
    broken("initialized-refused", partial(Notified, status=400), "INITIALIZED_REJECTED"),
    remarked("initialized-unknown", partial(Notified, status=404), "INITIALIZED_STATUS"),
    broken("initialized-unanswered", HangsAfter, "INITIALIZED_REJECTED", options={"request_timeout": 0.5}),
    remarked("initialized-200", Notified, "INITIALIZED_STATUS"),
    remarked("ping-unknown", failing("ping"), "PING_FAILED"),
    remarked("ping-unanswered", partial(HangsAfter, method="ping"), "PING_FAILED", options={"request_timeout": 0.5}),
    remarked("ping-error-without-id", NAMELESS_ERROR, "PING_FAILED", "ERROR_ID_NOT_ECHOED"),
    remarked("delete-fails", Undeletable, "DELETE_REJECTED"),
    remarked("delete-not-allowed", partial(Undeletable, status=405)),
    remarked("delete-unanswered", Silent, "DELETE_REJECTED"),
]
