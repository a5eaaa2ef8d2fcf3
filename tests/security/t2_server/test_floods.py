# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""A server cannot exhaust the memory of the validator or keep it longer than its deadline."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from functools import partial

import pytest
from zoo.fake_servers.answers import always
from zoo.fake_servers.reach import endless, says
from zoo.servers import LegacySse, Streamable

MIB = 1024 * 1024
# What a validation may allocate at most; the largest body is 4 MiB, and it is decoded once.
BUDGET = 48 * MIB
BOMB = 64 * MIB
TIMEOUT = 2.0
# These servers never end, so a busy machine may take its time.
LONGEST = 60.0


def assert_bounded(found):
    assert found.report.compliant is False
    assert found.peak < BUDGET
    assert found.seconds < LONGEST


def zeros(coding):
    """Return many zero bytes, compressed."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31 if coding == "gzip" else 15)
    return b"".join([*(packer.compress(bytes(MIB)) for _ in range(BOMB // MIB)), packer.flush()])


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_compressed_body_is_not_expanded_beyond_the_limit(visit, coding):
    bomb = zeros(coding)
    found = visit(
        always(200, bomb, "application/json", Content_Encoding=coding), measure=True, timeout=LONGEST, light=True
    )
    assert_bounded(found)
    assert "BODY_TOO_LARGE" in found.codes


def test_a_body_that_is_compressed_twice_is_not_expanded_beyond_the_limit(visit):
    """Clients decode stacked codings. The inner body is small enough, and expands beyond the limit."""
    bomb = gzip.compress(zeros("gzip"))
    found = visit(
        always(200, bomb, "application/json", Content_Encoding="gzip, gzip"), measure=True, timeout=LONGEST, light=True
    )
    assert_bounded(found)
    assert "BODY_TOO_LARGE" in found.codes


def test_a_body_that_is_compressed_many_times_is_refused(visit):
    body = b"{}"
    for _ in range(9):
        body = gzip.compress(body)
    answer = always(200, body, "application/json", Content_Encoding=", ".join(["gzip"] * 9))
    assert "UNSUPPORTED_CONTENT_ENCODING" in visit(answer, light=True).codes


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000,
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 8 * MIB,
        b"HTTP/1.1 200 " + b"y" * 8 * MIB,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000,
    ],
    ids=["many-fields", "long-field", "long-reason", "many-interim-responses"],
)
def test_the_header_section_is_bounded(visit, head):
    found = visit(raw=says(head, hold=True), measure=True, timeout=TIMEOUT)
    assert_bounded(found)
    assert found.codes & {"HEADERS_TOO_LARGE", "NOT_HTTP"}


def test_endless_header_fields_are_not_read_to_their_end(visit):
    assert_bounded(visit(raw=endless, measure=True, timeout=TIMEOUT))


@pytest.mark.parametrize("chunk", [": comment\n\n", 'data: {"jsonrpc":"2.0","method":"x"}\n\n', "data: x"])
def test_an_event_stream_without_end_ends_at_the_deadline(visit, chunk):
    class Endless(Streamable):
        async def deliver(self, out, _method, _response, headers):
            await out.open_stream(headers)
            while True:
                await out.chunk(chunk * 100)
                await asyncio.sleep(0.01)

    assert_bounded(visit(Endless, measure=True, timeout=TIMEOUT))


def test_a_legacy_stream_without_an_endpoint_ends_at_the_deadline(visit):
    class Endless(LegacySse):
        async def name_endpoint(self, out):
            while True:
                await out.chunk(": nothing yet\n\n")
                await asyncio.sleep(0.01)

    target = {"transport": "sse", "path": "/sse"}
    assert_bounded(visit(Endless, target=target, measure=True, timeout=TIMEOUT))


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 100_000, "[" + "1," * 1_000_000 + "1]", "9" * 1_000_000],
    ids=["nested-arrays", "nested-objects", "many-values", "long-number"],
)
def test_json_that_is_expensive_to_decode_is_refused(visit, text):
    assert_bounded(visit(always(200, text, "application/json"), measure=True, timeout=TIMEOUT, light=True))


def test_a_list_without_end_is_bounded(visit):
    def page(params):
        start = int(params.get("cursor", "0"))
        tools = [{"name": f"t{start + number}", "inputSchema": {"type": "object"}} for number in range(20)]
        return {"tools": tools, "nextCursor": str(start + 20)}

    found = visit(partial(Streamable, results={"tools/list": page}), timeout=60.0, request_timeout=30.0)
    assert "PAGINATION_LIMIT" in found.codes
    assert len(found.report.tools.names) == 500


def test_a_list_that_goes_round_in_circles_ends(visit):
    tools = [{"name": "t", "inputSchema": {"type": "object"}}]
    found = visit(partial(Streamable, results={"tools/list": {"tools": tools, "nextCursor": "again"}}))
    assert "TOOLS_LIST_FAILED" in found.codes


def test_the_report_of_a_server_with_long_texts_is_small(visit):
    long = "x" * MIB
    tools = [{"name": long, "description": long, "inputSchema": {"type": "object"}}]
    server = partial(
        Streamable,
        initialize_result={"serverInfo": {"name": long, "version": long}, "instructions": long},
        results={"tools/list": {"tools": tools}},
    )
    assert len(json.dumps(visit(server).report.to_dict())) < 16 * 1024
