# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The reply to one HTTP request, and how to find the JSON-RPC response in it."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._util import clean, excerpt
from ..errors import ProtocolError
from ..issues.issue_log import Note
from . import jsonrpc
from .deprecated_requests import notes_on_message

if t.TYPE_CHECKING:
    from ..options import Options
    from ..transport.http1 import Headers
    from ..transport.sse import SseEvent
    from ..transport.urls import Endpoint


Decode = t.Callable[[t.Union[bytes, bytearray]], t.Any]

JSON, SSE = "json", "sse"
MAX_EVENTS = 1000  # of one stream before the response
MAX_NOTES = 20  # of one reply
_CONTINUE: t.Final = 100
_LIST_CHANGED: t.Final = frozenset(f"notifications/{kind}/list_changed" for kind in ("tools", "prompts", "resources"))
_MESSAGE: t.Final = "message"  # the name of the events that carry JSON-RPC messages


@dataclasses.dataclass
class Reply:
    """The reply to one HTTP request. Its notes become issues only if the validation uses the reply."""

    status: int
    headers: Headers
    endpoint: Endpoint  # after redirects
    mode: str | None = None
    response: jsonrpc.Response | None = None
    problem: Note | None = None  # why there is no response
    body: bytes = b""  # its beginning; empty for a stream
    notes: list[Note] = dataclasses.field(default_factory=list)
    shared: bool = False  # status and headers are those of the event stream
    list_changed: bool = False  # before the response, the server sent a notification that a list changed

    @property
    def result(self) -> jsonrpc.Json | None:
        """The result; None if there is none."""
        return self.response.result if self.response is not None and self.response.error is None else None

    @property
    def error(self) -> jsonrpc.RpcError | None:
        """The JSON-RPC error; None if there is none."""
        return self.response.error if self.response is not None else None

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def add_note(self, code: str, seen: str) -> None:
        """Add a note."""
        if len(self.notes) < MAX_NOTES:
            self.notes.append(Note(code, seen))

    def add_note_once(self, code: str, seen: str) -> None:
        """Add a note unless there is one with the code."""
        if all(note.code != code for note in self.notes):
            self.add_note(code, seen)

    def note_interim(self, statuses: t.Collection[int]) -> None:
        """Add a note for the 1xx responses before the final one."""
        if _CONTINUE in statuses:
            self.add_note_once(
                "UNEXPECTED_CONTINUE", "The server sent the interim response 100 to a request without Expect."
            )

    def report_list_change(self, options: Options) -> None:
        """Report it if the server sent a notification that a list changed."""
        if self.list_changed and options.on_list_changed is not None:
            options.on_list_changed()

    def forget_content(self) -> None:
        """Drop the response and the body, which may be large; status, headers and endpoint stay."""
        self.response, self.body = None, b""

    def describe(self) -> str:
        """Return the reply as a noun phrase for a message."""
        if self.error is not None:
            return f"HTTP {self.status} with the JSON-RPC error {self.error}"
        if self.problem is not None and self.shared:
            return f"an invalid response ({self.problem.seen.rstrip('.')})"
        if self.problem is not None and self.ok:
            return f"HTTP {self.status}: {self.problem.seen.rstrip('.')}"
        return f"HTTP {self.status} with {self.headers.media_type or 'no content type'} and {excerpt(self.body)}"


class ResponseMatcher:
    """Finds the response to one request among the messages of a server; deviations become notes of the reply."""

    def __init__(self, request_id: int, reply: Reply, decode: Decode = jsonrpc.decode, *, shared: bool = False) -> None:
        self._id = request_id
        self._shared = shared  # late responses to earlier requests may arrive on the same stream
        self._reply = reply
        self._add_note = reply.add_note
        self._add_note_once = reply.add_note_once
        self._decode = decode
        self._events = 0

    def match_event(self, event: SseEvent) -> jsonrpc.Response | None:
        """Return the response if the event has it; skip requests, notifications and other events.

        :raises ProtocolError: if the event is not a valid JSON-RPC message.
        """
        self._events += 1
        if self._events > MAX_EVENTS:
            raise ProtocolError(
                f"The stream has more than {MAX_EVENTS} events before the response.", code="STREAM_LIMIT"
            )
        if event.name != _MESSAGE:
            return None
        return self.match_body(event.raw)

    def match_body(self, body: bytes | bytearray) -> jsonrpc.Response | None:
        """Return the response if the JSON text has it."""
        value = self._decode(body)
        if jsonrpc.is_deep(body):
            self._add_note_once("JSON_NESTING", f"The JSON text is nested more than {jsonrpc.MAX_NESTING} levels deep.")
        return self.match_value(value)

    def match_value(self, value: t.Any) -> jsonrpc.Response | None:
        """Return the response if the JSON value is the response, or a batch with it."""
        if isinstance(value, list) and value:
            self._add_note("UNEXPECTED_BATCH", f"The server sent a batch of {len(value)} messages.")
            found = [response for response in map(self._match_message, value) if response is not None]
            return found[0] if found else None
        return self._match_message(value)

    def _match_message(self, value: t.Any) -> jsonrpc.Response | None:
        message = jsonrpc.parse(value)
        if isinstance(message, jsonrpc.ServerMessage):
            for note in notes_on_message(message.method, value.get("params")):
                self._add_note_once(*note)
            self._reply.list_changed |= message.method in _LIST_CHANGED
            if message.is_request:
                self._add_note("SERVER_REQUEST", f"The server sent the request {clean(message.method)!r}.")
            return None
        if isinstance(message.id, int) and not isinstance(message.id, bool) and message.id == self._id:
            return message
        if self._shared and isinstance(message.id, int) and 0 < message.id < self._id:
            return None
        if message.error is not None:
            self._add_note("ERROR_ID_NOT_ECHOED", f"An error has the id {_shown(message.id)}, not that of the request.")
            return message
        if isinstance(message.id, float) and message.id == self._id:
            self._add_note("ID_TYPE", "The response's id is an integer with a fraction of zero, such as 1.0.")
            return message
        raise ProtocolError(f"The response has the id {_shown(message.id)} instead of {self._id}.", code="ID_MISMATCH")


def _shown(value: t.Any) -> str:
    return "null" if value is None else clean(repr(value), 40)
