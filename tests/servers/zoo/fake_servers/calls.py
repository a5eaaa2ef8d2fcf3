# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers whose tool is called, and what is expected of servers."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..fake_server import FakeServer, FakeServers, broken, correct, remarked, unfound
from ..servers import LEGACY, MODERN, Fault, LegacySse, Stateless, Streamable
from .answers import always
from .handshake import HangsAfter

TEXT = {"type": "text", "text": "fed"}
RESOURCE = {"uri": "zoo://map", "text": "a map"}
CALL = {"tool_call": {"name": "feed", "arguments": {"who": "lion"}}}
KILOS = {"kilos": {"type": "number"}}
OUTPUT = {"type": "object", "properties": KILOS}
UNIT = {"type": "string", "pattern": "^[a-z]+$"}
STRICT = {
    "type": "object",
    "properties": {**KILOS, "unit": UNIT},
    "required": ["kilos"],
    "additionalProperties": False,
}


def tool(**fields: Any) -> dict[str, Any]:
    return {"tools": [{"name": "feed", "inputSchema": {"type": "object"}, **fields}]}


def returns(result: Any, kind: Any = Streamable, revision: str | None = None, **fields: Any) -> Any:
    """A server whose tool returns something; a correct one calls it by the arguments that it was given."""
    more = {} if revision is None else {"revision": revision}
    return partial(kind, results={"tools/list": tool(**fields), "tools/call": result}, **more)


def modern(result: Any, **fields: Any) -> Any:
    listed = {**tool(**fields), **Stateless.hints}
    return partial(Stateless, results={"tools/list": listed, "tools/call": result})


def echoes(params: Any) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": params["arguments"]["who"]}], "isError": params["name"] != "feed"}


def odd(name: str, result: Any, *issues: str, **more: Any) -> FakeServer:
    return broken(name, returns(result), *(issues or ("INVALID_TOOL_RESULT",)), options=CALL, **more)


def named(name: str, **arguments: Any) -> dict[str, Any]:
    return {"tool_call": {"name": name, "arguments": arguments}}


ALL_KINDS = {
    "content": [
        TEXT,
        {"type": "image", "data": "", "mimeType": "image/png", "annotations": {"priority": 1}},
        {"type": "audio", "data": "", "mimeType": "audio/wav"},
        {"type": "resource_link", "uri": "zoo://map", "name": "map"},
        {"type": "resource", "resource": RESOURCE},
        {"type": "resource", "resource": {"uri": "zoo://map", "blob": "", "mimeType": "image/png"}},
    ],
    "isError": False,
    "_meta": {},
}
# For each format, a text that does not have it.
NOT_OF_FORMAT = {
    "byte": "a",
    "date": "2026-02-29",
    "date-time": "2026-11-29 02:00",  # a local time
    "duration": "1h",
    "email": "keeper",
    "hostname": "the_zoo",
    "ipv4": "10.0.0.256",
    "ipv6": "10.0.0.1",
    "iso-date-time": "today",
    "iso-time": "noon",
    "json-pointer": "animals/0",
    "json-pointer-uri-fragment": "/animals",
    "regex": "(lion",
    "relative-json-pointer": "/animals",
    "time": "02:00:00",  # without a time zone
    "uri": "/animals",
    "uri-reference": "an animal",
    "uri-template": "/animals/{",
    "url": "http://localhost/",
    "uuid": "lion",
}
COMPLETE = {"content": [TEXT], "resultType": "complete"}
REGION = {"inputSchema": {"type": "object", "properties": {"region": {"type": "string", "x-mcp-header": "Region"}}}}

FAKE_SERVERS: FakeServers = [
    correct("call-of-a-tool", returns(echoes), LEGACY[3], options=CALL),
    correct("call-with-all-kinds-of-content", returns(ALL_KINDS), LEGACY[3], options=CALL),
    correct("call-with-no-content", returns({"content": []}), LEGACY[3], options=CALL),
    correct("call-over-sse", returns(echoes, LegacySse), LEGACY[0], "sse", options=CALL),
    correct(
        "call-with-structured-content",
        returns({"content": [TEXT], "structuredContent": {"kilos": 7}}, outputSchema=OUTPUT),
        LEGACY[3],
        options=CALL,
    ),
    correct("call-stateless", modern(COMPLETE), MODERN, options=CALL),
    correct(
        "call-stateless-with-any-structured-content",
        modern({**COMPLETE, "structuredContent": 7}, outputSchema={"type": "integer"}),
        MODERN,
        options=CALL,
    ),
    broken(
        "call-stateless-with-other-structured-content",
        modern({**COMPLETE, "structuredContent": 7}, outputSchema=OUTPUT),
        "STRUCTURED_CONTENT_INVALID",
        version=MODERN,
        options=CALL,
    ),
    *[
        broken(
            f"call-with-structured-content-{name}",
            returns({"content": [TEXT], "structuredContent": content}, outputSchema=STRICT, revision=revision),
            "STRUCTURED_CONTENT_INVALID",
            version=revision,
            options=CALL,
        )
        for name, revision, content in (
            ("of-a-wrong-type", LEGACY[3], {"kilos": "seven"}),
            ("without-a-member", LEGACY[2], {}),
            ("of-another-pattern", LEGACY[3], {"kilos": 7, "unit": "KG"}),
            ("with-another-member", LEGACY[3], {"kilos": 7, "pounds": 15}),
            ("of-an-earlier-revision", LEGACY[1], {"kilos": None}),
        )
    ],
    *[
        remarked(
            f"call-with-structured-content-of-{name}",
            returns(
                {"content": [TEXT], "structuredContent": {"unit": "ä"}},
                outputSchema={"type": "object", "properties": {"unit": {"type": "string", **keyword}}},
            ),
            *issues,
            options=CALL,
        )
        for name, keyword, issues in (
            ("an-unknown-format", {"format": "unit-of-the-zoo"}, ()),
            ("a-pattern-of-ecma", {"pattern": r"^\p{L}$"}, ("PATTERN_NOT_PORTABLE",)),
        )
    ],
    *[
        remarked(
            f"call-with-structured-content-of-{name}",
            returns(
                {"content": [TEXT], "structuredContent": {"at": value}},
                outputSchema={"type": "object", "properties": {"at": schema}},
            ),
            *issues,
            options=CALL,
        )
        for name, value, schema, issues in (
            ("a-format", "2026-11-29T02:00:00Z", {"type": "string", "format": "date-time"}, ()),
            ("a-format-of-another-type", 7, {"format": "date-time"}, ()),
            *[
                (f"another-{name}", value, {"type": "string", "format": name}, ("STRUCTURED_CONTENT_FORMAT",))
                for name, value in NOT_OF_FORMAT.items()
            ],
            ("an-integer-of-64-bits", 2**40, {"format": "int32"}, ("STRUCTURED_CONTENT_FORMAT",)),
            (
                "alternatives-by-format",
                "2026-11-29",
                {"oneOf": [{"type": "string", "format": name} for name in ("date", "date-time")]},
                ("FORMAT_NOT_PORTABLE",),
            ),
        )
    ],
    correct("call-with-mirrored-argument", modern(COMPLETE, **REGION), MODERN, options=named("feed", region="Zürich")),
    remarked(
        "call-of-a-name-that-no-header-holds",
        modern(COMPLETE, name="=?base64?feed?="),
        "TOOL_NAME_FORMAT",
        version=MODERN,
        options=named("=?base64?feed?="),
    ),
    broken("call-of-an-unlisted-tool", Streamable, "TOOL_CALL_FAILED", options=named("tame")),
    odd("call-refused", Fault(200, -32602, "Unknown tool"), "TOOL_CALL_FAILED"),
    odd("call-breaks", Fault(500, -32603, "Internal error"), "TOOL_CALL_FAILED"),
    broken(
        "call-unanswered",
        partial(HangsAfter, method="tools/call"),
        "TOOL_CALL_FAILED",
        options={**CALL, "request_timeout": 0.5},
    ),
    broken(
        "call-wants-input",
        modern({"resultType": "input_required", "inputRequests": {}}),
        "TOOL_CALL_FAILED",
        options=CALL,
        version=MODERN,
    ),
    broken("call-without-result-type", modern({"content": [TEXT]}), "MODERN_RESULT_TYPE", options=CALL, version=MODERN),
    odd("call-fails", {"content": [TEXT], "isError": True}, "TOOL_CALL_ERROR"),
    odd("call-fails-silently", {"content": [], "isError": True}, "TOOL_CALL_ERROR"),
    remarked("call-without-content", returns({}), "TOOL_CONTENT_MISSING", options=CALL),
    odd("call-with-content-string", {"content": "fed"}),
    odd("call-with-content-of-strings", {"content": ["fed"]}),
    odd("call-with-unknown-content", {"content": [{"type": "video", "data": ""}]}),
    odd("call-with-text-number", {"content": [{"type": "text", "text": 7}]}),
    odd("call-with-image-without-data", {"content": [{"type": "image", "mimeType": "image/png"}]}),
    odd("call-with-link-without-name", {"content": [{"type": "resource_link", "uri": "zoo://map"}]}),
    odd("call-with-resource-missing", {"content": [{"type": "resource"}]}),
    odd("call-with-resource-empty", {"content": [{"type": "resource", "resource": {"uri": "zoo://map"}}]}),
    odd(
        "call-with-resource-type-number",
        {"content": [{"type": "resource", "resource": {**RESOURCE, "mimeType": 1}}]},
    ),
    odd("call-with-annotations-list", {"content": [{**TEXT, "annotations": []}]}),
    remarked("call-with-error-string", returns({"content": [TEXT], "isError": "no"}), "INEXACT_MEMBER", options=CALL),
    odd("call-with-error-null", {"content": [TEXT], "isError": None}),
    remarked(
        "call-with-structured-null",
        returns({"content": [TEXT], "structuredContent": None}),
        "NULL_MEMBER",
        options=CALL,
    ),
    broken(
        "call-with-structured-null-for-a-schema",
        returns({"content": [TEXT], "structuredContent": None}, outputSchema=OUTPUT),
        "NULL_MEMBER",
        "STRUCTURED_CONTENT_MISSING",
        options=CALL,
    ),
    remarked(
        "call-with-image-of-no-base64",
        returns({"content": [{"type": "image", "data": "***", "mimeType": "image/png"}]}),
        "INEXACT_MEMBER",
        options=CALL,
    ),
    odd("call-with-structured-list", {"content": [TEXT], "structuredContent": [7]}),
    remarked(
        "call-over-sse-with-content-of-the-future",
        returns({"content": [{"type": "audio", "data": "", "mimeType": "audio/wav"}]}, LegacySse),
        "CONTENT_OF_LATER_REVISION",
        options=CALL,
        transport="sse",
        version=LEGACY[0],
    ),
    broken(
        "call-without-structured-content",
        returns({"content": [TEXT]}, outputSchema=OUTPUT),
        "STRUCTURED_CONTENT_MISSING",
        options=CALL,
    ),
    correct(
        "expected",
        Streamable,
        LEGACY[3],
        options={"expect": ("tools.count == `3`", "contains(tools.names, 'feed')", "!requires_auth", "attempts")},
    ),
    broken(
        "expected-more", Streamable, "EXPECTATION_FAILED", options={"expect": ("tools.count > `3`", "server_info.name")}
    ),
    broken("expected-too-much", Streamable, "EXPECTATION_FAILED", options={"expect": ("length(auth)",)}),
    unfound(
        "expected-of-a-page",
        always(200, "<html>", "text/html"),
        "NOT_MCP",
        "EXPECTATION_FAILED",
        options={"expect": ("tools.names",)},
    ),
]
