# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import contextlib

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import HttpError, TransportError
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport.http1 import Headers, ResponseParser
from hypothesis import given
from hypothesis import strategies as st

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
WORDS = [
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.0 100 x\r\n",
    b"\r\n",
    b"\n",
    b"Content-Length: 3\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Connection: close\r\n",
    b" folded\r\n",
    b"abc",
    b"3\r\nabc\r\n",
    b"0\r\n\r\n",
    b"0;x\r\n",
    b"\x00",
    b"\x15\x03",
    b"\x00\x00\x12\x04\x00\x00\x00\x00\x00",
    b"X: y\r\n",
]
PIECES = st.lists(st.sampled_from(WORDS) | st.binary(max_size=5), max_size=14).map(b"".join)


def parse(*chunks: bytes, method: str = "POST", eof: bool = False) -> tuple[ResponseParser, bytes]:
    parser, body = ResponseParser(method), b""
    for chunk in chunks:
        if chunk:
            parser.feed(chunk)
            body += parser.take_body()
    if eof:
        parser.eof()
    return parser, body


def outcome(*chunks: bytes) -> object:
    """Return the parsed response, or the error code."""
    try:
        parser, body = parse(*chunks)
    except TransportError as exc:
        return exc.code
    return parser.head and (parser.head.status, parser.head.keep_alive), body, parser.complete, parser.surplus


@pytest.mark.parametrize(
    ("data", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", b"{}"),
        (b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}", b"{}"),
        (b"HTTP/1.1 200 \r\nContent-Length: 2, 2\r\n\r\n{}", b"{}"),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", b"{}"),
        (CHUNKED + b"2\r\n{}\r\n0\r\n\r\n", b"{}"),
        (CHUNKED + b'1; x="y"\r\n{\r\n1\r\n}\r\n0\r\nTrailer: x\r\n\r\n', b"{}"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b""),
    ],
)
def test_bodies(data: bytes, body: bytes) -> None:
    parser, found = parse(data)
    assert (found, parser.complete, parser.surplus) == (body, True, False)


def test_a_body_may_end_with_the_connection() -> None:
    parser, body = parse(b"HTTP/1.1 200 OK\r\n\r\nabc", eof=True)
    assert (body, parser.complete, parser.truncated, parser.head and parser.head.keep_alive) == (
        b"abc",
        True,
        False,
        False,
    )


@pytest.mark.parametrize(
    "data", [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", CHUNKED + b"5\r\nab", CHUNKED + b"2\r\nab\r\n"]
)
def test_a_truncated_body(data: bytes) -> None:
    parser, _body = parse(data, eof=True)
    assert parser.complete
    assert parser.truncated


def test_a_truncated_head() -> None:
    with pytest.raises(HttpError):
        parse(b"HTTP/1.1 200 OK\r\nCont", eof=True)


@pytest.mark.parametrize(
    ("head", "keep"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: Close", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked", False),
    ],
)
def test_whether_the_connection_can_be_reused(head: bytes, keep: bool) -> None:
    parser, _body = parse(head + b"\r\n\r\n")
    assert parser.head is not None
    assert parser.head.keep_alive is keep


def test_bytes_after_the_response_are_detected() -> None:
    assert parse(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK")[0].surplus


def test_headers() -> None:
    headers = Headers([("Content-Type", "Application/JSON ; charset=x"), ("Connection", "a, B"), ("connection", "c,")])
    assert headers.media_type == "application/json"
    assert headers.tokens("CONNECTION") == ["a", "b", "c"]
    assert headers.get("missing") is None


@given(PIECES, st.lists(st.integers(1, 9), max_size=40))
def test_chunk_boundaries_make_no_difference(data: bytes, sizes: list[int]) -> None:
    chunks, rest = [], data
    for size in sizes:
        chunks.append(rest[:size])
        rest = rest[size:]
    assert outcome(*chunks, rest) == outcome(data)


@given(st.binary(max_size=100))
def test_the_end_of_the_connection_raises_only_our_errors(data: bytes) -> None:
    with contextlib.suppress(TransportError):
        parse(data, eof=True)
