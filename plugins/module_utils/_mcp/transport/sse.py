# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""An incremental parser of event streams (WHATWG HTML section 9.2.6), without input and output."""

from __future__ import annotations

import dataclasses
import re

from ..errors import LimitExceeded

MAX_EVENT_BYTES = 4 * 1024 * 1024
_END_OF_LINE = re.compile(rb"\r\n?|\n")
_LONGEST_NAME = 6  # characters of a field name, and one more
_BOM = b"\xef\xbb\xbf"


@dataclasses.dataclass(frozen=True)
class SseEvent:
    """One event with data."""

    name: str
    raw: bytes | bytearray

    @property
    def data(self) -> str:
        """The data as text."""
        return self.raw.decode("utf-8", "replace")


class SseParser:
    """Parses a stream. Line ends of all three kinds may be mixed, and chunks may end anywhere.

    :param last_event_id: of the stream that this one continues.
    """

    def __init__(self, limit: int = MAX_EVENT_BYTES, last_event_id: str = "") -> None:
        self.last_event_id = last_event_id
        self.has_bom = False
        self.has_lone_cr = False  # a line ends with CR, and the next one has begun
        self.retry: int | None = None  # milliseconds before the client should reconnect
        self._limit = limit
        self._buffer = bytearray()
        self._searched = 0
        self._skip_lf = False
        self._first = True
        self._size = 0
        self._begin_event()

    def _begin_event(self) -> None:
        self._name = ""
        self._data = bytearray()  # each line, and a line end
        self._id = self.last_event_id
        self._size = 0

    @property
    def size(self) -> int:
        """The bytes in memory."""
        return len(self._buffer) + len(self._data)

    def feed(self, chunk: bytes) -> list[SseEvent]:
        """Parse the next bytes and return the completed events.

        :raises LimitExceeded: if an event is larger than the limit.
        """
        if self._skip_lf and chunk:
            self._skip_lf = False
            self.has_lone_cr |= not chunk.startswith(b"\n")
            chunk = chunk[1:] if chunk.startswith(b"\n") else chunk
        self._buffer += chunk
        events: list[SseEvent] = []
        start = 0
        for match in _END_OF_LINE.finditer(self._buffer, self._searched):
            self._parse_line(start, match.start(), events)
            start = match.end()
            self.has_lone_cr |= match.group() == b"\r" and start < len(self._buffer)
        # A CR at the end of the buffer ends its line; an LF that follows belongs to it.
        self._skip_lf = start > 0 and start == len(self._buffer) and self._buffer.endswith(b"\r")
        del self._buffer[:start]
        self._searched = len(self._buffer)
        if self._size + len(self._buffer) > self._limit:
            raise self._too_large()
        return events

    def end(self) -> SseEvent | None:
        """Handle the end of the stream and return the incomplete event, if any. Browsers drop it."""
        events: list[SseEvent] = []
        if self._buffer:
            self._parse_line(0, len(self._buffer), events)
            self._buffer.clear()
        self._parse_line(0, 0, events)
        return events[0] if events else None

    def _too_large(self) -> LimitExceeded:
        return LimitExceeded(f"An event of the stream is larger than {self._limit} bytes.", code="STREAM_LIMIT")

    def _parse_line(self, start: int, end: int, events: list[SseEvent]) -> None:
        """Parse a line of the buffer. Lines can be long, so that only what is kept of them is copied."""
        if self._first:
            self._first = False
            self.has_bom = self._buffer.startswith(_BOM, start, end)
            start += len(_BOM) if self.has_bom else 0
        if start >= end:
            self._end_event(events)
            return
        self._size += end - start
        if self._size > self._limit:
            raise self._too_large()
        colon = self._buffer.find(b":", start, end)
        colon = end if colon < 0 else colon
        field = bytes(self._buffer[start : min(colon, start + _LONGEST_NAME)])
        value = min(colon + 1, end)
        value += self._buffer.startswith(b" ", value, end)
        if field == b"data":
            with memoryview(self._buffer) as view:
                self._data += view[value:end]
            self._data += b"\n"
        elif field in (b"event", b"id", b"retry"):
            self._set_field(field, bytes(self._buffer[value:end]))

    def _end_event(self, events: list[SseEvent]) -> None:
        self.last_event_id = self._id
        data = self._data
        if len(data) > 1:
            del data[-1]
            events.append(SseEvent(self._name or "message", data))
        self._begin_event()

    def _set_field(self, field: bytes, value: bytes) -> None:
        if field == b"event":
            self._name = value.decode("utf-8", "replace")
        elif field == b"id" and b"\0" not in value:
            self._id = value.decode("utf-8", "replace")
        elif field == b"retry" and value.isdigit() and len(value) <= 9:
            self.retry = int(value)
