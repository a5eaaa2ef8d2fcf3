# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""An incremental parser of HTTP/1.1 responses (RFC 9112), without input and output.

The peer is not trusted: every part is bounded, and ambiguous framing is an error.
"""

from __future__ import annotations

import re
import typing as t

from ..._util import excerpt
from ..errors import HttpError, LimitExceeded
from .other_protocols import refuse_other_protocols

MAX_HEADER_BYTES = 64 * 1024
_MAX_CHUNK_LINE = 4 * 1024
_MAX_TRAILER_BYTES = 16 * 1024
_MAX_INTERIM = 200  # 1xx responses before the final one
_NODE_HEADER_BYTES = 16 * 1024  # fetch of Node.js fails beyond that

_STATUS_LINE = re.compile(rb"HTTP/(1\.[0-9]) ([1-5][0-9]{2})(?: .*)?")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]*)([ \t]*):[ \t]*(.*?)[ \t]*")
_FORBIDDEN = re.compile(rb"[\x00\x0b\x0c\r]")  # no client accepts these in a header field
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1f\x7f]")
_HEAD_END = re.compile(rb"\n\r?\n")
_CHUNK_SIZE = re.compile(rb"(0*[0-9A-Fa-f]{1,15})(?:;.*|[ \t]*)")
_MAX_DIGITS = 20  # that the clients for Python accept
# What the clients for Node.js accept.
_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_EXACT_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,20}(?:;%b(?:=(?:%b|\"[^\"\\]*\"))?)?" % (_TOKEN, _TOKEN))


class Headers:
    """The header fields of a response; names are case-insensitive."""

    def __init__(self, fields: t.Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in fields:
            self._values.setdefault(name.lower(), []).append(value)
        # Clients join the values of a repeated field.
        declared = ", ".join(self.all("content-type"))
        # The media type without parameters, in lower case; None if there is none.
        self.media_type = declared.partition(";")[0].strip().lower() if declared else None

    def all(self, name: str) -> list[str]:
        """Return all values of a field, in order."""
        return list(self._values.get(name.lower(), ()))

    def get(self, name: str) -> str | None:
        """Return the first value of a field."""
        values = self._values.get(name.lower())
        return values[0] if values else None

    def tokens(self, name: str) -> list[str]:
        """Return the comma-separated members of a field's values, in lower case."""
        return [token.strip().lower() for value in self.all(name) for token in value.split(",") if token.strip()]


class Head(t.NamedTuple):
    """Status and header fields of a response.

    :param interim: the statuses of the 1xx responses before it.
    """

    status: int
    headers: Headers
    keep_alive: bool
    interim: frozenset[int] = frozenset()


class ResponseParser:
    """Parses one response from the bytes that :meth:`feed` gets."""

    def __init__(self, method: str = "POST") -> None:
        self.head: Head | None = None
        self.complete = False
        self.truncated = False  # the connection ended before the body did
        self.started = False  # at least one byte was received
        self.deviations: list[str] = []  # what some clients reject, as sentences
        self._method = method
        self._buffer = bytearray()
        self._body = bytearray()
        self._state = self._read_head
        self._remaining = 0
        self._interim: list[int] = []
        self._searched = (
            0  # bytes of the header section that were searched, so that a slow peer does not cause quadratic work
        )
        self._trailer = 0
        self._until_close = False

    def feed(self, data: bytes) -> None:
        """Parse the next bytes.

        :raises HttpError: if they cannot be part of a response.
        :raises LimitExceeded: if a part of the response is too large.
        """
        self.started = True
        self._buffer += data
        while not self.complete and self._state():
            pass

    def eof(self) -> None:
        """Handle the end of the connection.

        :raises HttpError: if the response head is incomplete.
        """
        if self.head is None:
            seen = f"after {excerpt(bytes(self._buffer))}" if self._buffer else "without sending anything"
            raise HttpError(f"The connection ended {seen}, before an HTTP response was complete.")
        self.truncated = not (self.complete or self._until_close)
        self.complete = True

    def take_body(self) -> bytes:
        """Return the bytes of the body since the last call."""
        data = bytes(self._body)
        self._body.clear()
        return data

    @property
    def surplus(self) -> bool:
        """Whether bytes followed the complete response."""
        return self.complete and bool(self._buffer)

    def _deviate(self, seen: str) -> None:
        if seen not in self.deviations:
            self.deviations.append(seen)

    def _line(self, limit: int) -> bytes | None:
        end = self._buffer.find(b"\n")
        if end < 0 and len(self._buffer) <= limit:
            return None
        if end < 0 or end > limit:
            raise LimitExceeded(f"A line has more than {limit} bytes.", code="HEADERS_TOO_LARGE")
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        if not line.endswith(b"\r"):
            self._deviate("A line of the chunked body ends with LF instead of CRLF.")
            return line
        return line[:-1]

    def _skip_empty_lines(self) -> None:
        while self._buffer.startswith((b"\r\n", b"\n")):
            self._deviate("An empty line precedes the status line.")
            del self._buffer[: self._buffer.index(b"\n") + 1]

    def _read_head(self) -> bool:
        self._skip_empty_lines()
        refuse_other_protocols(self._buffer)
        end = _end_of_head(self._buffer, self._searched)
        if (len(self._buffer) if end is None else end) > MAX_HEADER_BYTES:
            raise LimitExceeded(
                f"The header section is larger than {MAX_HEADER_BYTES} bytes.", code="HEADERS_TOO_LARGE"
            )
        self._searched = 0 if end is not None else max(0, len(self._buffer) - 3)
        if end is None:
            return False
        section = bytes(self._buffer[:end])
        del self._buffer[:end]
        self._check_section(section)
        lines = section.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
        match = _STATUS_LINE.fullmatch(lines[0])
        if match is None:
            raise HttpError(f"The response begins with {excerpt(lines[0])}, which is not an HTTP/1.1 status line.")
        version, status = match.group(1), int(match.group(2))
        if version > b"1.1":
            self._deviate(f"The status line has the version {version.decode()}.")
        headers = Headers(self._fields(lines[1:]))
        if status < 200:
            self._interim.append(status)
            if status == 101 or len(self._interim) > _MAX_INTERIM:
                raise HttpError(f"The server sent the unexpected status {status}.")
            return True
        connection = headers.tokens("connection")
        keep_alive = "keep-alive" in connection if version == b"1.0" else "close" not in connection
        self._begin_body(status, headers, keep_alive)
        return True

    def _check_section(self, section: bytes) -> None:
        if section.count(b"\n") > section.count(b"\r\n"):
            self._deviate("A line of the header section ends with LF instead of CRLF.")
        if len(section) > _NODE_HEADER_BYTES:
            self._deviate(f"The header section has {len(section)} bytes, more than {_NODE_HEADER_BYTES}.")

    def _fields(self, lines: t.Iterable[bytes]) -> list[tuple[str, str]]:
        fields: list[tuple[str, str]] = []
        for line in lines:
            if _CONTROL.search(line):
                self._deviate("A header field has a control character.")
            if line[:1] in (b" ", b"\t") and fields:
                # An obsolete folded line: RFC 9112 section 5.2 has a space in its place.
                name, value = fields[-1]
                fields[-1] = (name, f"{value} {line.strip().decode('latin-1')}")
                continue
            match = _FIELD.fullmatch(line)
            if match is None or _FORBIDDEN.search(line):
                raise HttpError(f"The header section has {excerpt(line)}, which is not a header field.")
            if match.group(2) or not match.group(1):
                self._deviate(
                    "A header field has no name."
                    if not match.group(1)
                    else "A space precedes the colon of a header field."
                )
            fields.append((match.group(1).decode("ascii"), match.group(3).decode("latin-1")))
        return fields

    def _begin_body(self, status: int, headers: Headers, keep_alive: bool) -> None:
        codings, declared = headers.tokens("transfer-encoding"), headers.tokens("content-length")
        lengths = {*declared, *(value for value in headers.all("content-length") if not value)}
        if len(declared) > 1:
            self._deviate("The Content-Length is repeated.")
        if self._method == "HEAD" or status in (204, 304):
            self.complete = True
        elif codings:
            if set(codings) != {"chunked"}:
                raise HttpError(f"The transfer coding {codings!r} is not supported.")
            if len(codings) > 1:
                self._deviate("The transfer coding chunked is repeated.")
            if lengths:
                self._deviate("The response has both Transfer-Encoding and Content-Length.")
            keep_alive = keep_alive and not lengths  # RFC 9112 section 6.1: both at once may be request smuggling
            self._state = self._read_chunk_size
        elif lengths:
            length = lengths.pop()
            if lengths or not length.isascii() or not length.isdigit() or len(length.lstrip("0")) > 15:
                raise HttpError("The Content-Length header is not a number, or there are several different ones.")
            if len(length) > _MAX_DIGITS:
                self._deviate(f"The Content-Length has more than {_MAX_DIGITS} digits.")
            self._remaining = int(length.lstrip("0") or "0")
            self.complete = self._remaining == 0
            self._state = self._read_length
        else:
            keep_alive, self._until_close = False, True
            self._state = self._read_rest
        self.head = Head(status, headers, keep_alive, frozenset(self._interim))

    def _read_rest(self) -> bool:
        self._body += self._buffer
        self._buffer.clear()
        return False

    def _move(self) -> None:
        data = self._buffer[: self._remaining]
        del self._buffer[: len(data)]
        self._body += data
        self._remaining -= len(data)

    def _read_length(self) -> bool:
        self._move()
        self.complete = self._remaining == 0
        return False

    def _read_chunk_size(self) -> bool:
        line = self._line(_MAX_CHUNK_LINE)
        if line is None:
            return False
        match = _CHUNK_SIZE.fullmatch(line)
        if match is None:
            raise HttpError(f"A chunk begins with {excerpt(line)}, which is not a chunk size.", code="INVALID_FRAMING")
        if not _EXACT_CHUNK_SIZE.fullmatch(line):
            self._deviate(f"A chunk size has a space, an unusual extension or more than {_MAX_DIGITS} digits.")
        self._remaining = int(match.group(1), 16)
        self._state = self._read_chunk if self._remaining else self._read_trailer
        return True

    def _read_chunk(self) -> bool:
        self._move()
        if self._remaining:
            return False
        self._state = self._read_chunk_end
        return True

    def _read_chunk_end(self) -> bool:
        line = self._line(_MAX_CHUNK_LINE)
        if line:
            raise HttpError(f"A chunk is followed by {excerpt(line)} instead of a line break.", code="INVALID_FRAMING")
        self._state = self._read_chunk_size if line is not None else self._state
        return line is not None

    def _read_trailer(self) -> bool:
        line = self._line(_MAX_TRAILER_BYTES)
        if line is None:
            return False
        self._trailer += len(line)
        if self._trailer > _MAX_TRAILER_BYTES:
            raise LimitExceeded(
                f"The trailer section is larger than {_MAX_TRAILER_BYTES} bytes.", code="HEADERS_TOO_LARGE"
            )
        self.complete = not line
        return True


def _end_of_head(buffer: bytearray, start: int) -> int | None:
    found = _HEAD_END.search(buffer, start)
    return found.end() if found else None
