# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""Servers whose HTTP responses have forms that some clients, or all, accept."""

# ruff: noqa: ARG002  # what a server overrides, it need not use

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

from ..fake_server import FakeServer, FakeServers, broken, remarked, unfound
from ..http import Out
from ..servers import Streamable

CODED = b"Content-Encoding: "
Form = Callable[[bytes, bytes], bytes]


class Framed(Streamable):
    """Writes its responses in a form of its own."""

    form: Any = None  # makes a response of a body and header lines
    closes = False

    async def deliver(self, out: Out, method: str, response: Any, headers: Any) -> None:
        if self.closes:
            out.hang_up()
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        await out.raw(self.form(json.dumps(response).encode(), lines.encode()))


def whole(
    *lines: bytes,
    status: bytes = b"HTTP/1.1 200 OK",
    media_type: bytes = b"application/json",
    length: bool = True,
    change: Callable[[bytes], bytes] = bytes,
    after: bytes = b"",
) -> Form:
    """Return a form with a length."""

    def form(body: bytes, session: bytes) -> bytes:
        body = change(body)
        fields = [*([b"Content-Type: " + media_type] if media_type else []), *lines]
        fields += [b"Content-Length: %d" % len(body)] if length else []
        return b"\r\n".join([status, *fields, session + b"\r\n"]) + body + after

    return form


def chunked(*lines: bytes, size: bytes = b"%x\r\n", end: bytes = b"0\r\n\r\n", mark: bytes = b"chunked") -> Form:
    """Return a form with one chunk."""

    def form(body: bytes, session: bytes) -> bytes:
        head = whole(b"Transfer-Encoding: " + mark, *lines, length=False)(b"", session)
        return head + size % len(body) + body + b"\r\n" + end

    return form


def _lf(body: bytes, session: bytes) -> bytes:
    head = whole(b"Content-Length: %d" % len(body), length=False)(b"", session)
    return head.replace(b"\r\n", b"\n") + body


def _both(body: bytes, session: bytes) -> bytes:
    return chunked(b"Content-Length: %d" % len(body))(body, session)


def _listed(body: bytes, session: bytes) -> bytes:
    return whole(b"Content-Length: %d, %d" % (len(body), len(body)), length=False)(body, session)


def _length(digits: int) -> Form:
    def form(body: bytes, session: bytes) -> bytes:
        return whole(b"Content-Length: %0*d" % (digits, len(body)), length=False)(body, session)

    return form


def _raw_deflate(body: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(body) + compressor.flush()


def _two_members(body: bytes) -> bytes:
    return gzip.compress(body[:9]) + gzip.compress(body[9:])


def _with_maximum(body: bytes, number: bytes) -> bytes:
    return body.replace(b'{"type": "string"}', b'{"type": "number", "maximum": %b}' % number)


def accepted(name: str, form: Form, **more: Any) -> FakeServer:
    """Return a server whose form all clients accept."""
    return remarked(name, partial(Framed, form=form, **more))


def inexact(name: str, form: Form, code: str = "INEXACT_HTTP") -> FakeServer:
    """Return a server whose form some clients reject."""
    return remarked(name, partial(Framed, form=form), code)


FAKE_SERVERS: FakeServers = [
    accepted("framing-trailer", chunked(b"Trailer: X-Check", end=b"0\r\nX-Check: 1\r\n\r\n")),
    accepted("framing-chunk-extension", chunked(size=b"%x;a=b\r\n")),
    accepted(
        "framing-many-early-hints", lambda *response: b"HTTP/1.1 103 Early Hints\r\n\r\n" * 103 + whole()(*response)
    ),
    accepted("framing-many-fields", whole(*[b"X-A: b"] * 300)),
    accepted("framing-length-zeros", _length(20)),
    accepted("framing-chunk-zeros", chunked(size=b"%020x\r\n")),
    accepted("framing-folded-field", whole(b"X-A: b\r\n c")),
    accepted("framing-until-close", whole(b"Connection: close", length=False), closes=True),
    accepted("framing-charset-unknown", whole(media_type=b"application/json; charset=klingon")),
    accepted("coding-unknown", whole(CODED + b"utf-8")),
    accepted("coding-deflate-without-zlib", whole(CODED + b"deflate", change=_raw_deflate)),
    accepted("coding-twice", whole(CODED + b"deflate, gzip", change=lambda body: gzip.compress(zlib.compress(body)))),
    accepted("coding-cut", whole(CODED + b"gzip", change=lambda body: gzip.compress(body)[:-8])),
    inexact("framing-lf", _lf),
    inexact("framing-chunk-space", chunked(size=b"%x \r\n")),
    inexact("framing-chunk-extension-space", chunked(size=b"%x; a=b\r\n")),
    inexact("framing-chunk-extensions", chunked(size=b"%x;a=b;c\r\n")),
    inexact("framing-chunk-more-zeros", chunked(size=b"%021x\r\n")),
    inexact("framing-length-more-zeros", _length(21)),
    inexact("framing-both", _both),
    inexact("framing-length-list", _listed),
    inexact("framing-control-character", whole(b"X-A: a\x01b")),
    inexact("framing-large-head", whole(b"X-A: " + b"a" * 20_000)),
    inexact("framing-version-1.2", whole(status=b"HTTP/1.2 200 OK")),
    inexact("framing-chunked-twice", chunked(mark=b"chunked, chunked")),
    inexact("framing-empty-line-first", lambda *response: b"\r\n" + whole()(*response)),
    inexact("framing-space-before-colon", whole(b"X-A : b")),
    inexact("framing-nameless-field", whole(b": b")),
    inexact("framing-surplus", whole(after=b"\r\n")),
    inexact("coding-x-gzip", whole(CODED + b"x-gzip", change=gzip.compress)),
    inexact("coding-members", whole(CODED + b"gzip", change=_two_members)),
    inexact("coding-surplus", whole(CODED + b"gzip", change=lambda body: gzip.compress(body) + b"xx")),
    inexact("coding-beside-identity", whole(CODED + b"gzip, identity", change=gzip.compress)),
    inexact("type-twice", whole(b"Content-Type: application/json"), "CONTENT_TYPE_INEXACT"),
    inexact("type-of-both", whole(media_type=b"application/json, text/event-stream"), "CONTENT_TYPE_INEXACT"),
    inexact("type-json-rpc", whole(media_type=b"application/json-rpc"), "CONTENT_TYPE_INEXACT"),
    broken("type-text-json", partial(Framed, form=whole(media_type=b"text/json")), "BAD_CONTENT_TYPE"),
    inexact("json-surrogate", whole(change=lambda body: body.replace(b"Feed", b"\\ud83d")), "JSON_LONE_SURROGATE"),
    inexact("json-latin-1", whole(change=lambda body: body.replace(b"Feed", b"F\xe9ed")), "UTF8_REPLACED"),
    *[
        inexact(f"json-{name}", whole(change=partial(_with_maximum, number=number)), "JSON_NOT_A_NUMBER")
        for name, number in (("infinity", b"Infinity"), ("exponent-huge", b"1e400"), ("integer-huge", b"9" * 400))
    ],
    broken("framing-nul", partial(Framed, form=whole(b"X-A: a\0b")), "NOT_HTTP", transport=None, version=None),
    broken(
        "framing-length-empty",
        partial(Framed, form=whole(b"Content-Length: ", b"Connection: close", length=False), closes=True),
        "NOT_HTTP",
        transport=None,
        version=None,
    ),
    unfound("framing-chunk-space-extension", partial(Framed, form=chunked(size=b"%x ;a\r\n")), "INVALID_FRAMING"),
    unfound("json-twice", partial(Framed, form=whole(change=lambda body: body + body)), "INVALID_JSON"),
]
