# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers and what 2026-07-28 added: cache scopes, extensions, subscriptions, order, and schemas."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from functools import partial
from typing import Any

from ..fake_server import FakeServers, correct, remarked
from ..http import Out, Request
from ..servers import CAPABILITIES, INFO, LEGACY, META, MODERN, TOOLS, Dual, Stateless, Streamable

DEEP: dict[str, Any] = {"version": MODERN, "options": {"deep": True}}
KNOWN: dict[str, Any] = {"version": MODERN}
CHANGES = {"tools": {"listChanged": True}, "resources": {"listChanged": True}, "prompts": {}}
ACKNOWLEDGED = "notifications/subscriptions/acknowledged"
COMPOSED = {
    "type": "object",
    "oneOf": [{"required": ["id"]}, {"not": {"$ref": "#/$defs/empty"}}],
    "$defs": {"empty": {"$anchor": "empty", "maxProperties": 0}, "named": {"$id": "urn:zoo:named"}},
    "if": {"properties": {"id": {"const": 1}}},
    "then": {"unevaluatedProperties": False},
    "dependentRequired": {"id": ["name"]},
    "properties": {
        "any": True,
        "ref": {"$ref": "urn:zoo:named"},
        "list": {"prefixItems": [{}], "unevaluatedItems": False},
    },
}


MARK = "x-mcp-header"
MARKED = {"type": "string", MARK: "Region"}
NESTED = {"type": "object", "properties": {"in": {"properties": {"region": MARKED}}, "default": {"default": {MARK: 1}}}}
# For each, the properties of an inputSchema that clients of 2026-07-28 drop.
INVALID_MARKS: dict[str, Any] = {
    "empty": {"a": {"type": "string", MARK: ""}},
    "no-token": {"a": {"type": "string", MARK: "a b"}},
    "no-text": {"a": {"type": "string", MARK: 1}},
    "twice": {"a": {"type": "string", MARK: "region"}, "b": {"properties": {"c": MARKED}}},
    "of-a-number": {"a": {"type": "number", MARK: "a"}},
    "of-two-types": {"a": {"type": ["string", "null"], MARK: "a"}},
    "of-no-type": {"a": {MARK: "a"}},
    "in-a-list": {"a": {"type": "array", "items": MARKED}},
    "in-a-choice": {"a": {"anyOf": [MARKED]}},
}


def declares(capabilities: Mapping[str, Any]) -> Any:
    """What server/discover returns."""
    found = {"supportedVersions": [MODERN], "capabilities": capabilities, **Stateless.hints}
    return {"server/discover": {**found, "_meta": {f"{META}serverInfo": INFO}}}


class Listens(Stateless):
    """Has subscriptions; the first message of each can be replaced."""

    results = declares(CHANGES)
    method = ACKNOWLEDGED
    subscription: Any = None
    notifications: Any = None
    silent = False
    first: Any = None

    async def reply(self, request: Request, message: Mapping[str, Any], out: Out) -> None:
        if message["method"] != "subscriptions/listen":
            await super().reply(request, message, out)
            return
        self.check_session(request)
        await out.open_stream()
        if self.silent:
            await out.hang()
        if self.first is not None:
            await out.event(self.first)
        given = message["params"]["notifications"] if self.notifications is None else self.notifications
        meta = {f"{META}subscriptionId": message["id"] if self.subscription is None else self.subscription}
        await out.event({"jsonrpc": "2.0", "method": self.method, "params": {"_meta": meta, "notifications": given}})
        await out.hang()


class EndsAtOnce(Listens):
    """Ends each subscription without a message."""

    async def reply(self, request: Request, message: Mapping[str, Any], out: Out) -> None:
        if message["method"] == "subscriptions/listen":
            await out.open_stream()
            await out.end_stream()
        else:
            await super().reply(request, message, out)


class Turns(Stateless):
    """Lists the same tools in another order each time."""

    def __init__(self, **changes: Any) -> None:
        super().__init__(**changes)
        self.listed = itertools.count()

    def result(self, method: str, params: Mapping[str, Any]) -> Any:
        if method != "tools/list":
            return super().result(method, params)
        return {"tools": TOOLS[:: (-1) ** next(self.listed)], **self.hints}


class Grows(Turns):
    """Lists one tool more each time."""

    def result(self, method: str, params: Mapping[str, Any]) -> Any:
        if method != "tools/list":
            return super().result(method, params)
        more = [{"name": f"new-{number}", "inputSchema": {"type": "object"}} for number in range(next(self.listed))]
        return {"tools": [*more, *TOOLS], **self.hints}


class TurnsAtBoth(Dual):
    """The same at the older revision and at this one."""

    def __init__(self) -> None:
        super().__init__()
        self._stateless = Turns(versions=[*LEGACY, MODERN])


def mixed(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return a list whose second page has another scope."""
    if "cursor" in params:
        return {"tools": TOOLS[2:], **Stateless.hints, "cacheScope": "public"}
    return {"tools": TOOLS[:2], "nextCursor": "2", **Stateless.hints}


def schema(kind: Any, **fields: Any) -> Any:
    hints = Stateless.hints if kind is Stateless else {}
    tool = {"name": "feed", "inputSchema": {"type": "object"}, **fields}
    return partial(kind, results={"tools/list": {"tools": [tool], **hints}})


def listens(**changes: Any) -> Any:
    return partial(Listens, **changes)


EXTENSIONS: dict[str, Any] = {"io.modelcontextprotocol/ui": {}, "com.example/a.b_c-d": {}, "com.my-company.x1/": {}}
UNACKNOWLEDGED = "SUBSCRIPTION_NOT_ACKNOWLEDGED"

FAKE_SERVERS: FakeServers = [
    remarked("cache-scope-mixed", partial(Stateless, results={"tools/list": mixed}), "CACHE_SCOPE_MIXED", **KNOWN),
    correct("extensions", partial(Stateless, results=declares({**CAPABILITIES, "extensions": EXTENSIONS})), MODERN),
    *[
        remarked(
            f"extension-{number}",
            partial(Stateless, results=declares({**CAPABILITIES, "extensions": {name: {}}})),
            "EXTENSION_IDENTIFIER",
            **KNOWN,
        )
        for number, name in enumerate(
            ("ui", "com.example-/ui", "1com/ui", "com.example/-ui", "/ui", "a/b/c", "ä.b/c", "")
        )
    ],
    correct(
        "extensions-before-there-were-any",
        partial(Streamable, initialize_result={"capabilities": {"tools": {}, "extensions": {"ui": {}}}}),
        LEGACY[3],
    ),
    correct("schema-of-2020-12", schema(Stateless, inputSchema=COMPOSED, outputSchema={"type": "array"}), MODERN),
    correct("schema-of-any-value", schema(Stateless, outputSchema={"anyOf": [{"type": "null"}, True]}), MODERN),
    correct("parameter-header-nested", schema(Stateless, inputSchema=NESTED), MODERN),
    correct(
        "parameter-header-before-there-were-any",
        schema(Streamable, inputSchema={"type": "object", "properties": INVALID_MARKS["empty"]}),
        LEGACY[3],
    ),
    *[
        remarked(
            f"parameter-header-{name}",
            schema(Stateless, inputSchema={"type": "object", "properties": properties}),
            "TOOL_HEADER_INVALID",
            **KNOWN,
        )
        for name, properties in INVALID_MARKS.items()
    ],
    remarked(
        "schema-elsewhere",
        schema(Stateless, inputSchema={"type": "object", "allOf": [{"$ref": "http://169.254.169.254/latest"}]}),
        "EXTERNAL_SCHEMA_REF",
        **KNOWN,
    ),
    remarked(
        "schema-in-a-file",
        schema(Streamable, outputSchema={"type": "object", "properties": {"a": {"$ref": "file:///etc/passwd"}}}),
        "EXTERNAL_SCHEMA_REF",
    ),
    remarked("tools-turn", Turns, "TOOLS_ORDER_UNSTABLE", **DEEP),
    correct("tools-turn-unnoticed", Turns, MODERN),
    correct("tools-grow", Grows, **DEEP),
    remarked("tools-turn-at-both", TurnsAtBoth, "TOOLS_ORDER_UNSTABLE", options={"deep": True}),
    correct("listens", Listens, **DEEP),
    correct("listens-to-less", listens(notifications={"toolsListChanged": True}), **DEEP),
    correct("listens-unnoticed", EndsAtOnce, MODERN),
    remarked("listens-under-another-id", listens(subscription="7"), UNACKNOWLEDGED, **DEEP),
    remarked("listens-to-more", listens(notifications={"promptsListChanged": True}), UNACKNOWLEDGED, **DEEP),
    remarked("listens-to-a-list", listens(notifications=["toolsListChanged"]), UNACKNOWLEDGED, **DEEP),
    remarked("listens-silently", listens(silent=True), UNACKNOWLEDGED, **DEEP),
    remarked("listens-and-ends", EndsAtOnce, UNACKNOWLEDGED, **DEEP),
    remarked("listens-not-at-all", partial(Stateless, results=declares(CHANGES)), UNACKNOWLEDGED, **DEEP),
    remarked(
        "listens-too-late",
        listens(first={"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}),
        UNACKNOWLEDGED,
        **DEEP,
    ),
    remarked("listens-with-garbage", listens(first="{"), UNACKNOWLEDGED, **DEEP),
]
