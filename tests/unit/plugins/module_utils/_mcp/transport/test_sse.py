# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import LimitExceeded
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport.sse import SseEvent, SseParser
from hypothesis import given
from hypothesis import strategies as st

LINES = st.one_of(
    st.binary(max_size=12),
    st.sampled_from(
        [
            b"data: x",
            b"data:y",
            b"data",
            b"event: endpoint",
            b"id: 7",
            b"id:",
            b"retry: 10",
            b": note",
            b"\xef\xbb\xbfdata: b",
        ]
    ),
)
STREAMS = st.lists(st.tuples(LINES, st.sampled_from([b"\n", b"\r", b"\r\n", b"\r\r", b"\n\n", b"\r\n\r\n"]))).map(
    lambda parts: b"".join(line + end for line, end in parts)
)


def parse(*chunks: bytes) -> tuple[list[SseEvent], str, int | None]:
    parser = SseParser(limit=1000)
    events = [event for chunk in chunks for event in parser.feed(chunk)]
    return events, parser.last_event_id, parser.retry


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"data: x\n\n", [SseEvent("message", b"x")]),
        (b"\xef\xbb\xbfdata: x\n\n", [SseEvent("message", b"x")]),
        (b"event: endpoint\rdata: /m\r\r", [SseEvent("endpoint", b"/m")]),
        (b"event: endpoint\ndata: /m\r\n\r\n", [SseEvent("endpoint", b"/m")]),  # as mcp-go writes it
        (b"data: a\ndata:b\ndata:  c\n\n", [SseEvent("message", b"a\nb\n c")]),
        (b"data\n\n", []),  # empty data is no event
        (b"id: 1\ndata: \n\ndata: x\n\n", [SseEvent("message", b"x")]),  # after a priming event
        (b": ping\r\n\r\ndata: x\r\n\r\n", [SseEvent("message", b"x")]),
        (b"event: a\n\ndata: x\n\n", [SseEvent("message", b"x")]),  # a name without data does not outlive its event
        (b"unknown: y\ndata: x\n\n", [SseEvent("message", b"x")]),
        (b"data: x\n", []),  # not ended
        (b"data: \xff\n\n", [SseEvent("message", b"\xff")]),
    ],
)
def test_events(stream: bytes, expected: list[SseEvent]) -> None:
    assert parse(stream)[0] == expected


def test_ids_and_retry_are_kept() -> None:
    assert parse(b"id: 7\nretry: 20\ndata: x\n\n")[1:] == ("7", 20)
    assert parse(b"id: 7\n\nid: 8\ndata: cut off\n")[1] == "7"
    assert parse(b"id: 7\n\nid: 8\x009\n\n")[1] == "7"
    assert parse(b"id: 7\n\nid\n\n")[1] == ""
    assert parse(b"retry: 1x\nretry: -1\n\n")[2] is None


def test_the_end_returns_the_incomplete_event() -> None:
    parser = SseParser()
    assert parser.feed(b"data: x") == []
    assert parser.end() == SseEvent("message", b"x")
    assert SseParser().end() is None


@pytest.mark.parametrize("stream", [b"data: " + b"x" * 2000, b"data: x\n" * 300, b":" + b"x" * 2000])
def test_events_are_bounded(stream: bytes) -> None:
    with pytest.raises(LimitExceeded) as caught:
        parse(stream)
    assert caught.value.code == "STREAM_LIMIT"


@given(STREAMS, st.lists(st.integers(1, 9), max_size=40))
def test_chunk_boundaries_make_no_difference(stream: bytes, sizes: list[int]) -> None:
    chunks, rest = [], stream
    for size in sizes:
        chunks.append(rest[:size])
        rest = rest[size:]
    try:
        whole = parse(stream)
    except LimitExceeded:
        with pytest.raises(LimitExceeded):
            parse(*chunks, rest)
    else:
        assert parse(*chunks, rest) == whole
        assert parse(*(stream[at : at + 1] for at in range(len(stream)))) == whole
