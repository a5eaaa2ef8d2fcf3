# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""Recognize protocols other than HTTP/1.x by the first bytes of a response (pure)."""

from __future__ import annotations

from ..._util import excerpt
from ..errors import HttpError


def refuse_other_protocols(buffer: bytearray) -> None:
    """Check that the bytes can begin an HTTP/1.x response.

    :raises HttpError: with the code of the protocol.
    """
    if bytes(buffer) in (b"\r", b"\x15", b"\x16") or (buffer[:1] == b"\x00" and len(buffer) < 9):
        return  # too few bytes
    if bytes(buffer[:2]) in (b"\x15\x03", b"\x16\x03"):
        raise HttpError("The port responded to plain HTTP with a TLS record.", code="TLS_EXPECTED")
    if buffer[:1] == b"\x00" and buffer[3:9] == b"\x04\x00\x00\x00\x00\x00":
        raise HttpError("The port responded to HTTP/1.1 with an HTTP/2 SETTINGS frame.", code="HTTP2_ONLY")
    if not b"HTTP/1.".startswith(buffer[:7]):
        raise HttpError(f"The port responded with {excerpt(bytes(buffer[:200]))}, which is not an HTTP/1.1 response.")
