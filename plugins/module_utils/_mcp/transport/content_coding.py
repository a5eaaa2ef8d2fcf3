# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Decode content codings, which a server may use although the request does not allow any. The output is bounded."""

from __future__ import annotations

import typing as t
import zlib

from ..errors import HttpError, LimitExceeded

if t.TYPE_CHECKING:
    from .http1 import Headers

# zlib's window bits: 32 + 15 detects gzip and zlib by their headers.
_PIECE: t.Final = 256 * 1024  # bytes
_CODINGS: t.Final = {"gzip": 47, "x-gzip": 47, "deflate": 47}


class Decoder:
    """Decodes the body of a response, up to a number of bytes."""

    def __init__(self, headers: Headers, limit: int) -> None:
        codings = [coding for coding in headers.tokens("content-encoding") if coding != "identity"]
        if len(codings) > 1 or any(coding not in _CODINGS for coding in codings):
            raise HttpError(
                f"The request did not allow the content coding {codings!r}.", code="UNSUPPORTED_CONTENT_ENCODING"
            )
        self._inflate = zlib.decompressobj(_CODINGS[codings[0]]) if codings else None
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
        while data:
            piece = data
            if self._inflate is not None:
                piece = self._decompress(self._inflate, data)
                data = self._inflate.unconsumed_tail
            else:
                data = b""
            self._left -= len(piece)
            if self._left < 0:
                raise LimitExceeded(f"The body is larger than {self._limit} bytes.", code=self._code)
            yield piece

    @staticmethod
    def _decompress(inflate: t.Any, data: bytes) -> bytes:
        try:
            return t.cast("bytes", inflate.decompress(data, _PIECE))
        except zlib.error:
            raise HttpError(
                "The body does not have the declared Content-Encoding.", code="UNSUPPORTED_CONTENT_ENCODING"
            ) from None
