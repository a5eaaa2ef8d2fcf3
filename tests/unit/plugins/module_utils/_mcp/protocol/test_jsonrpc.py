# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import contextlib
import json
import time
from typing import Any

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.checks.input_schema import schema_defect
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import McpError
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.protocol import jsonrpc
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.protocol.reply import Reply, ResponseMatcher
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport.http1 import Headers
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport.sse import SseEvent
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport.urls import Endpoint, Origin
from hypothesis import given
from hypothesis import strategies as st

ENDPOINT = Endpoint(Origin("http", "h", 80), "/")
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | VALUES,
        "id": st.just(1) | VALUES,
        "method": st.just("ping") | VALUES,
        "params": VALUES,
        "result": VALUES,
        "error": st.fixed_dictionaries({}, optional={"code": VALUES, "message": VALUES, "data": VALUES}) | VALUES,
    },
)


def code_of(text: str | bytes) -> str:
    with pytest.raises(McpError) as caught:
        jsonrpc.parse(jsonrpc.decode(text.encode() if isinstance(text, str) else text))
    assert str(caught.value).isprintable()
    return caught.value.code


def test_a_response() -> None:
    assert jsonrpc.parse({"jsonrpc": "2.0", "id": 1, "result": {}}) == jsonrpc.Response(1, {})


def test_an_error() -> None:
    message = jsonrpc.parse({"jsonrpc": "2.0", "id": 1, "error": {"code": -1, "message": "no", "data": 5}})
    assert message == jsonrpc.Response(1, error=jsonrpc.RpcError(-1, "no", 5))


@pytest.mark.parametrize(("identity", "request_"), [({"id": 3}, True), ({}, False)])
def test_requests_and_notifications(identity: dict[str, int], request_: bool) -> None:
    assert jsonrpc.parse({"jsonrpc": "2.0", "method": "m", **identity}) == jsonrpc.ServerMessage("m", request_)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "INVALID_JSON"),
        ("{", "INVALID_JSON"),
        ("{} {}", "INVALID_JSON"),
        ("NaN", "INVALID_JSONRPC"),
        ("-Infinity", "INVALID_JSONRPC"),
        ("9" * 5000, "INVALID_JSON"),
        (b"\xff", "INVALID_UTF8"),
        ('{"a": 1}'.encode("utf-16"), "INVALID_UTF8"),
        ("[" * 200_000, "JSON_LIMIT"),
        ('{"a":' * 50_000, "JSON_LIMIT"),
        ("[" + "0," * 300_000 + "0]", "JSON_LIMIT"),
        ('{"jsonrpc": "2.0", "id": 1, "result": {}, "method": "x"}', "INVALID_JSONRPC"),
        ('{"jsonrpc": "2.0", "id": 1, "method": "x", "params": 3}', "INVALID_JSONRPC"),
        ('{"jsonrpc": "2.0", "id": 1, "error": {"code": true, "message": "x"}}', "INVALID_JSONRPC"),
        ('{"jsonrpc": "2.0", "id": 1}', "INVALID_JSONRPC"),
        ("null", "INVALID_JSONRPC"),
    ],
)
def test_invalid_messages(text: str | bytes, code: str) -> None:
    assert code_of(text) == code


def test_a_byte_order_mark_is_skipped() -> None:
    assert jsonrpc.decode(b"\xef\xbb\xbf{}") == {}


@given(st.binary(max_size=200))
def test_any_bytes_raise_only_our_errors(data: bytes) -> None:
    with contextlib.suppress(McpError):
        jsonrpc.parse(jsonrpc.decode(data))


@given(VALUES | MEMBERS)
def test_any_value_raises_only_our_errors(value: Any) -> None:
    reply = Reply(200, Headers([]), ENDPOINT)
    with contextlib.suppress(McpError):
        jsonrpc.parse(value)
    with contextlib.suppress(McpError):
        response = ResponseMatcher(1, reply).match_value(value)
        assert response is None or response.error is not None or response.id == 1
    with contextlib.suppress(McpError):
        ResponseMatcher(1, reply).match_event(SseEvent("message", json.dumps(value).encode()))
    assert all(isinstance(code, str) and seen.isprintable() for code, seen in reply.notes)


@given(VALUES)
def test_any_value_can_be_checked_as_a_schema(value: Any) -> None:
    defect = schema_defect(
        {"type": "object", "properties": {"x": value}, "anyOf": [value, True], "items": value}, "2025-11-25"
    )
    assert defect is None or defect.seen.isprintable()


def levels(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(levels, value.values()), default=0)
    return 1 + max(map(levels, value), default=0) if isinstance(value, list) else 0


@given(VALUES, st.integers(190, 210), st.sampled_from(['"', "\\", '\\"', "{[", '"}', ""]), st.booleans())
def test_the_nesting_is_counted_as_by_a_parser(value: Any, depth: int, text: str, wide: bool) -> None:
    for level in range(depth - levels(value)):
        value = {text: value, "x": [text] * wide} if level % 2 else [[], value, text]
    found = json.dumps(value, allow_nan=True).encode()
    assert jsonrpc.is_deep(found) is (levels(value) > jsonrpc.MAX_NESTING)
    assert jsonrpc.is_deep(json.dumps(value, indent=1).encode()) is (levels(value) > jsonrpc.MAX_NESTING)


def test_the_nesting_of_a_hostile_text_is_found_fast() -> None:
    before = time.process_time()
    assert jsonrpc.is_deep(b"[" * 100_000 + b"]" * 100_000)
    assert not jsonrpc.is_deep(b"[" + b"[]," * 80_000 + b"[]]")
    assert jsonrpc.is_deep(b"[" * 201 + b"]" * 201)
    assert time.process_time() - before < 0.5


def test_a_reply_without_content_is_described():
    assert Reply(404, Headers([]), ENDPOINT).describe() == "HTTP 404 with no content type and an empty body"
