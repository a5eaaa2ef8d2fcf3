# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Correct servers. They are strict: who does not follow their revision is refused, so they test the validator, too."""

# ruff: noqa: ARG002  # what a server overrides, it need not use

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Mapping
from typing import Any

from .http import Out, Request

LEGACY = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
MODERN = "2026-07-28"
META = "io.modelcontextprotocol/"
INFO = {"name": "zoo", "version": "1.0"}

TOOLS = [
    {
        "name": "feed",
        "description": "Feed an animal.",
        "inputSchema": {"type": "object", "properties": {"who": {"type": "string"}}},
    },
    {"name": "count", "inputSchema": {"type": "object"}},
    {"name": "weigh", "inputSchema": {"type": "object", "properties": {"all": {}}, "required": ["all"]}},
]
LISTS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "tools/list": ("tools", TOOLS),
    "resources/list": ("resources", [{"uri": "zoo://map", "name": "map"}]),
    "resources/templates/list": ("resourceTemplates", [{"uriTemplate": "zoo://{animal}", "name": "animal"}]),
    "prompts/list": ("prompts", [{"name": "greet", "arguments": [{"name": "who", "required": True}]}]),
}
CAPABILITIES: dict[str, Any] = {"tools": {"listChanged": False}, "resources": {}, "prompts": {}}


class Fault(Exception):  # noqa: N818  # it is an answer
    """A JSON-RPC error, and the HTTP status that it goes with."""

    def __init__(self, status: int, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"code": code, "message": message, **({} if data is None else {"data": data})}


def page(method: str, params: Mapping[str, Any], size: int = 2) -> dict[str, Any]:
    """Return a page of a list."""
    field, things = LISTS[method]
    start = int(params.get("cursor", "0"))
    more = {"nextCursor": str(start + size)} if start + size < len(things) else {}
    return {field: things[start : start + size], **more}


class Streamable:
    """Streamable HTTP with a handshake; what is given by name replaces an attribute."""

    revision = LEGACY[-1]
    path = "/mcp"
    mode = "json"
    session: str | None = "session"
    initialize_result: Mapping[str, Any] = {}  # replaces fields of the InitializeResult; None removes them
    results: Mapping[str, Any] = {}  # replaces results of methods, or raises a Fault

    def __init__(self, **changes: Any) -> None:
        self.sessions: set[str] = set()
        self.opened = itertools.count(1)
        for name, value in changes.items():
            setattr(self, name, value)

    async def __call__(self, request: Request, out: Out) -> None:
        try:
            await self.answer(request, out)
        except Fault as fault:
            message = request.json if isinstance(request.json, dict) else {}
            await out.json(fault.status, {"jsonrpc": "2.0", "id": message.get("id"), "error": fault.error})

    async def answer(self, request: Request, out: Out) -> None:
        if request.path != self.path:
            await out.send(404, "Not Found", "text/plain")
        elif "origin" in request.headers:
            await out.send(403, "Invalid Origin", "text/plain")
        elif request.method == "DELETE" and self.session:
            self.check_session(request)
            self.sessions.discard(request.headers["mcp-session-id"])
            await out.send(204)
        elif request.method != "POST":
            await out.send(405, headers={"Allow": "POST, DELETE"})
        else:
            self.check_headers(request)
            message = request.json
            if "method" not in message:
                await out.send(202)  # a response
            elif "id" not in message:
                self.check_session(request)
                await self.accept_notification(out)
            else:
                await self.reply(request, message, out)

    def check_headers(self, request: Request) -> None:
        accepted = {part.strip() for part in request.headers.get("accept", "").split(",")}
        if not {"application/json", "text/event-stream"} <= accepted:
            raise Fault(406, -32000, "Not Acceptable")
        if request.headers.get("content-type") != "application/json":
            raise Fault(415, -32000, "Unsupported Media Type")
        if not isinstance(request.json, dict):
            raise Fault(400, -32700, "Parse error")

    def check_session(self, request: Request) -> None:
        given = request.headers.get("mcp-session-id")
        if self.session and given not in self.sessions:
            raise Fault(400 if given is None else 404, -32000, "No valid session")
        if self.revision >= "2025-06-18" and request.headers.get("mcp-protocol-version") != self.revision:
            raise Fault(400, -32000, "Bad Request: Unsupported protocol version")

    async def accept_notification(self, out: Out) -> None:
        await out.send(202)

    def result(self, method: str, params: Mapping[str, Any]) -> Any:
        if method in self.results:
            result = self.results[method]
            if isinstance(result, Fault):
                raise result
            return result(params) if callable(result) else result
        if method == "initialize":
            return self.introduce(params)
        if method == "ping":
            return {}
        if method in LISTS:
            return page(method, params)
        raise Fault(200, -32601, "Method not found")

    def introduce(self, params: Mapping[str, Any]) -> dict[str, Any]:
        if not isinstance(params.get("clientInfo"), dict) or not isinstance(params.get("capabilities"), dict):
            raise Fault(200, -32602, "Invalid params")
        asked = params["protocolVersion"]
        version = asked if asked in LEGACY and asked <= self.revision else self.revision
        whole = {"protocolVersion": version, "capabilities": CAPABILITIES, "serverInfo": INFO, **self.initialize_result}
        return {key: value for key, value in whole.items() if value is not None}

    def envelope(self, method: str, identity: Any, result: Any) -> Any:
        """Return the whole response."""
        return {"jsonrpc": "2.0", "id": identity, "result": result}

    def open_session(self) -> dict[str, str]:
        session = f"{self.session}-{next(self.opened)}"
        self.sessions.add(session)
        return {"Mcp-Session-Id": session}

    async def reply(self, request: Request, message: Mapping[str, Any], out: Out) -> None:
        method, headers = message["method"], {}
        if method == "initialize":
            if "mcp-protocol-version" in request.headers:
                raise Fault(400, -32020, "No version header belongs to initialize")
            headers = self.open_session() if self.session else {}
        else:
            self.check_session(request)
        response = self.envelope(method, message["id"], self.result(method, message.get("params", {})))
        await self.deliver(out, method, response, headers)

    async def deliver(self, out: Out, method: str, response: Any, headers: Mapping[str, str]) -> None:
        if self.mode == "json":
            await out.json(200, response, headers)
            return
        await out.open_stream(headers)
        await self.events_before(out)
        await out.event(response)
        await out.end_stream()

    async def events_before(self, out: Out) -> None:
        """Send what may come before the response."""
        if self.revision >= "2025-11-25":
            await out.chunk("id: 1\ndata: \n\n")
        await out.event({"jsonrpc": "2.0", "method": "notifications/resources/list_changed"})


def decoded(value: str | None) -> str | None:
    """Return what a header of 2026-07-28 says; it may be wrapped in Base64."""
    if value is not None and value.startswith("=?base64?") and value.endswith("?="):
        return base64.b64decode(value[9:-2], validate=True).decode()
    return value


def check_mirrored(headers: Mapping[str, str], params: Mapping[str, Any]) -> None:
    """Check the headers that repeat a tool's name and arguments."""
    if decoded(headers.get("mcp-name")) != params["name"]:
        raise Fault(400, -32020, "Header mismatch: Mcp-Name")
    region = params["arguments"].get("region")
    if region is not None and decoded(headers.get("mcp-param-region")) != region:
        raise Fault(400, -32020, "Header mismatch: Mcp-Param-Region")


class Stateless(Streamable):
    """Streamable HTTP of 2026-07-28: no handshake, each request complete in itself."""

    session = None
    hints: Mapping[str, Any] = {"resultType": "complete", "ttlMs": 0, "cacheScope": "private"}
    versions: Any = (MODERN,)
    introduction: Any = INFO

    def check_session(self, request: Request) -> None:
        message = request.json
        meta = message.get("params", {}).get("_meta")
        if message["method"] == "initialize":
            raise Fault(400, -32022, "Unsupported protocol version", {"supported": [MODERN], "requested": LEGACY[-1]})
        if not isinstance(meta, dict) or not isinstance(meta.get(f"{META}clientCapabilities"), dict):
            raise Fault(400, -32602, "Invalid _meta")
        named = (request.headers.get("mcp-protocol-version"), request.headers.get("mcp-method"))
        if named != (meta.get(f"{META}protocolVersion"), message["method"]):
            raise Fault(400, -32020, "Header mismatch")
        if message["method"] == "tools/call":
            check_mirrored(request.headers, message["params"])
        if named[0] != MODERN:
            data = {"supported": [MODERN], "requested": named[0]}
            raise Fault(400, -32022, "Unsupported protocol version", data)

    async def reply(self, request: Request, message: Mapping[str, Any], out: Out) -> None:
        self.check_session(request)
        method = message["method"]
        result = self.result(method, message.get("params", {}))
        await self.deliver(out, method, self.envelope(method, message["id"], result), {})

    def result(self, method: str, params: Mapping[str, Any]) -> Any:
        if method in self.results:
            return super().result(method, params)
        if method == "server/discover":
            meta = {} if self.introduction is None else {"_meta": {f"{META}serverInfo": self.introduction}}
            return {"supportedVersions": self.versions, "capabilities": CAPABILITIES, **self.hints, **meta}
        if method in LISTS:
            return {**page(method, params), **self.hints}
        raise Fault(404, -32601, "Method not found")


class Dual:
    """Both eras at one endpoint; each request chooses."""

    def __init__(self, **changes: Any) -> None:
        self._stateless = Stateless(**{"versions": [*LEGACY, MODERN], **changes})
        self._streamable = Streamable(mode="sse")

    async def __call__(self, request: Request, out: Out) -> None:
        modern = request.headers.get("mcp-protocol-version") == MODERN or b'"_meta"' in request.body
        await (self._stateless if modern else self._streamable)(request, out)


class LegacySse(Streamable):
    """HTTP+SSE: one stream for all responses. Like some real servers it serves one client, and none after it."""

    revision = LEGACY[0]
    path = "/sse"
    posts = "/messages"
    endpoint: str | None = "/messages?session_id=1"
    one_client = True

    def __init__(self, **changes: Any) -> None:
        super().__init__(**changes)
        self.clients = itertools.count(1)
        self.stream: Out | None = None

    async def answer(self, request: Request, out: Out) -> None:
        if request.method == "GET" and request.path == self.path:
            await self.open(out)
        elif request.method == "POST" and request.path == self.posts and self.stream is not None:
            await self.take(request, request.json, out, self.stream)
        else:
            await out.send(404, "Not Found", "text/plain")

    async def open(self, out: Out) -> None:
        if next(self.clients) > 1 and self.one_client:
            await out.send(500, "only one client", "text/plain")
            return
        self.stream = out
        await out.open_stream()
        await self.name_endpoint(out)
        await out.hang()

    async def name_endpoint(self, out: Out) -> None:
        if self.endpoint is not None:
            await out.event(self.endpoint, "endpoint")

    async def take(self, request: Request, message: Mapping[str, Any], out: Out, stream: Out) -> None:
        await out.send(202, "Accepted", "text/plain")
        if "id" not in message or "method" not in message:
            return
        try:
            response = self.envelope(
                message["method"], message["id"], self.result(message["method"], message.get("params", {}))
            )
        except Fault as fault:
            response = {"jsonrpc": "2.0", "id": message["id"], "error": fault.error}
        await self.respond(stream, response)

    async def respond(self, stream: Out, response: Any) -> None:
        # As mcp-go writes it: line ends of both kinds in one event.
        await stream.chunk(f"event: message\ndata: {json.dumps(response)}\r\n\r\n")
