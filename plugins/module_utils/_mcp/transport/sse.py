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
_BOM = b"\xef\xbb\xbf"


@dataclasses.dataclass(frozen=True)
class SseEvent:
    """One event with data."""

    name: str
    data: str
    valid_utf8: bool = True


class SseParser:
    """Parses a stream. Line ends of all three kinds may be mixed, and chunks may end anywhere."""

    def __init__(self, limit: int = MAX_EVENT_BYTES) -> None:
        self.last_event_id = ""
        self.has_bom = False
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
        self._data: list[str] = []
        self._id = self.last_event_id
        self._valid = True
        self._size = 0

    def feed(self, chunk: bytes) -> list[SseEvent]:
        """Parse the next bytes and return the completed events.

        :raises LimitExceeded: if an event is larger than the limit.
        """
        if self._skip_lf and chunk:
            self._skip_lf = False
            chunk = chunk[1:] if chunk.startswith(b"\n") else chunk
        self._buffer += chunk
        events: list[SseEvent] = []
        start = 0
        for match in _END_OF_LINE.finditer(self._buffer, self._searched):
            self._parse_line(bytes(self._buffer[start : match.start()]), events)
            start = match.end()
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
            self._parse_line(bytes(self._buffer), events)
            self._buffer.clear()
        self._parse_line(b"", events)
        return events[0] if events else None

    def _too_large(self) -> LimitExceeded:
        return LimitExceeded(f"An event of the stream is larger than {self._limit} bytes.", code="STREAM_LIMIT")

    def _parse_line(self, line: bytes, events: list[SseEvent]) -> None:
        if self._first:
            self._first = False
            self.has_bom = line.startswith(_BOM)
            line = line.removeprefix(_BOM)
        if not line:
            self.last_event_id = self._id
            data = "\n".join(self._data)
            if data:
                events.append(SseEvent(self._name or "message", data, self._valid))
            self._begin_event()
            return
        self._size += len(line)
        if self._size > self._limit:
            raise self._too_large()
        field, _colon, value = line.partition(b":")
        value = value[1:] if value.startswith(b" ") else value
        if field == b"data":
            self._data.append(self._text(value))
        elif field == b"event":
            self._name = self._text(value)
        elif field == b"id" and b"\0" not in value:
            self._id = self._text(value)
        elif field == b"retry" and value.isdigit() and len(value) <= 9:
            self.retry = int(value)

    def _text(self, value: bytes) -> str:
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            self._valid = False
            return value.decode("utf-8", "replace")
