# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Decode content codings. The output is bounded.

As official clients do, bodies with an unknown coding alone, such as ``utf-8``, are taken as they are.
"""

from __future__ import annotations

import typing as t
import zlib

from ..errors import HttpError, LimitExceeded

if t.TYPE_CHECKING:
    from .http1 import Headers

ACCEPTED: t.Final = "gzip, deflate"  # all official clients accept at least these
_PIECE: t.Final = 256 * 1024  # bytes
_MAX_CODINGS: t.Final = 3  # one after the other
_ANY_HEADER: t.Final = 47  # zlib's window bits: 32 + 15 detects gzip and zlib by their headers
_NO_HEADER: t.Final = -15
_INFLATED: t.Final = ("gzip", "x-gzip", "deflate")
_OTHER: t.Final = ("br", "compress", "dcb", "dcz", "x-compress", "zstd")
# Some clients then decode nothing, and others decode what they know.
_MIXED: t.Final = "The Content-Encoding lists a coding that is none, such as identity, beside a compression."
_GZIP: t.Final = b"\x1f"  # the first byte of a member


class Decoder:
    """Decodes the body of a response, up to a number of bytes.

    :param deviations: what some clients reject is added to it, as sentences.
    """

    def __init__(self, headers: Headers, limit: int, deviations: list[str]) -> None:
        codings = headers.tokens("content-encoding")
        inflated = [coding for coding in codings if coding in _INFLATED]
        if len(inflated) > _MAX_CODINGS or any(coding in _OTHER for coding in codings):
            raise HttpError(
                f"The request did not allow the content coding {codings!r}.", code="UNSUPPORTED_CONTENT_ENCODING"
            )
        if inflated and len(inflated) < len(codings) and _MIXED not in deviations:
            deviations.append(_MIXED)
        self._stages = [_Inflater(coding, deviations) for coding in reversed(inflated)]
        self._limit = limit
        self._code = "STREAM_LIMIT" if headers.media_type == "text/event-stream" else "BODY_TOO_LARGE"
        self._left = limit

    def renew_limit(self) -> None:
        """Count the limit from here on."""
        self._left = self._limit

    def decode(self, data: bytes) -> t.Iterator[bytes]:
        """Yield the decoded bytes in pieces of limited size.

        :raises LimitExceeded: if the whole body is larger than the limit.
        :raises HttpError: if the body is not coded as declared.
        """
        pieces: t.Iterable[bytes] = [data] if data else []
        for stage in self._stages:
            pieces = self._counted(stage.inflate(pieces))
        yield from pieces if self._stages else self._counted(pieces)

    def _counted(self, pieces: t.Iterable[bytes]) -> t.Iterator[bytes]:
        """Count what each stage yields: what one makes of a bomb is the input of the next."""
        for piece in pieces:
            self._left -= len(piece)
            if self._left < 0:
                raise LimitExceeded(f"The body is larger than {self._limit} bytes.", code=self._code)
            yield piece


class _Inflater:
    """Decodes one coding."""

    def __init__(self, coding: str, deviations: list[str]) -> None:
        self._coding = coding
        self._inflate: t.Any = None
        self._deviations = deviations
        self._ended = False

    def _deviate(self, seen: str) -> None:
        if seen not in self._deviations:
            self._deviations.append(seen)

    def inflate(self, pieces: t.Iterable[bytes]) -> t.Iterator[bytes]:
        """Yield the decoded bytes in pieces of limited size."""
        for piece in pieces:
            data = piece
            while data and not self._ended:
                yield self._step(data)
                data = self._inflate.unconsumed_tail or self._next_member()

    def _step(self, data: bytes) -> bytes:
        if self._inflate is None:
            self._inflate = self._begin(data[0])
        try:
            return t.cast("bytes", self._inflate.decompress(data, _PIECE))
        except zlib.error:
            raise HttpError(
                "The body does not have the declared Content-Encoding.", code="UNSUPPORTED_CONTENT_ENCODING"
            ) from None

    def _begin(self, first: int) -> t.Any:
        if self._coding == "x-gzip":
            self._deviate("The body has the Content-Encoding x-gzip.")
        # Some servers send deflate without the header of zlib, and clients accept that.
        raw = self._coding == "deflate" and first & 0x0F != zlib.DEFLATED
        return zlib.decompressobj(_NO_HEADER if raw else _ANY_HEADER)

    def _next_member(self) -> bytes:
        """Return what follows the end of the compressed data."""
        rest: bytes = self._inflate.unused_data
        if not rest:
            return b""
        if not rest.startswith(_GZIP):
            self._deviate("Other bytes follow the compressed body.")
            self._ended = True
            return b""
        self._deviate("The compressed body has several members.")
        self._inflate = zlib.decompressobj(_ANY_HEADER)
        return rest
