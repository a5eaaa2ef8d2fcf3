# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import gzip
import zlib

import pytest
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.errors import HttpError, LimitExceeded
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport.content_coding import Decoder
from ansible_collections.mcp.kubernetes.plugins.module_utils._mcp.transport.http1 import Headers

TEXT = b'{"jsonrpc": "2.0"}' * 20


def decode(coding: str, body: bytes, size: int = 7, limit: int = 10_000) -> tuple[bytes, list[str]]:
    deviations: list[str] = []
    decoder = Decoder(Headers([("Content-Encoding", coding)]), limit, deviations)
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(part for piece in pieces for part in decoder.decode(piece)), deviations


def raw_deflate(body: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(body) + compressor.flush()


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(
    ("coding", "body", "deviations"),
    [
        ("identity", TEXT, 0),
        ("utf-8", TEXT, 0),
        ("GZIP", gzip.compress(TEXT), 0),
        ("gzip", gzip.compress(TEXT)[:-8], 0),
        ("deflate", zlib.compress(TEXT), 0),
        ("deflate", raw_deflate(TEXT), 0),
        ("deflate, gzip", gzip.compress(zlib.compress(TEXT)), 0),
        ("x-gzip", gzip.compress(TEXT), 1),
        ("gzip", gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:]), 1),
        ("gzip", gzip.compress(TEXT) + b"xxxx", 1),
    ],
    ids=range(10),
)
def test_what_clients_decode(coding: str, body: bytes, deviations: int, size: int) -> None:
    found, seen = decode(coding, body, size)
    assert (found, len(seen)) == (TEXT, deviations)


@pytest.mark.parametrize(
    ("coding", "body"), [("br", TEXT), ("zstd", TEXT), ("gzip", TEXT), ("gzip, gzip, gzip, gzip", b"")], ids=range(4)
)
def test_what_clients_do_not_decode(coding: str, body: bytes) -> None:
    with pytest.raises(HttpError, match=r"coding|Encoding"):
        decode(coding, body)


def test_each_stage_of_a_bomb_is_bounded() -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * (64 << 20)))
    with pytest.raises(LimitExceeded):
        decode("gzip, gzip", bomb, size=len(bomb))
