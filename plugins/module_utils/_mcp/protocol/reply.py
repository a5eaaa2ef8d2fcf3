# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""What a server answered to one message, and how a response is told from everything else that may come with it."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._util import clean, excerpt
from ..errors import ProtocolError
from ..issues.issue_log import Note
from . import jsonrpc

if t.TYPE_CHECKING:
    from ..transport.http1 import Headers
    from ..transport.sse import SseEvent
    from ..transport.urls import Endpoint


JSON, SSE = "json", "sse"
EVENTS = 1000  # events of one stream before the response
NOTES = 20  # of one answer
_OURS: t.Final = "message"


@dataclasses.dataclass
class Reply:
    """The answer to one HTTP request; ``notes`` become issues only if the answer counts."""

    status: int
    headers: Headers
    endpoint: Endpoint  # differs from what was asked after a redirect
    mode: str | None = None
    response: jsonrpc.Response | None = None
    problem: Note | None = None  # why there is no response
    body: bytes = b""  # its beginning, if it was no stream
    notes: list[Note] = dataclasses.field(default_factory=list)
    shared: bool = False  # it came on a stream whose status is not that of this answer

    @property
    def result(self) -> jsonrpc.Json | None:
        """Return the result, if the response has one."""
        return self.response.result if self.response is not None and self.response.error is None else None

    @property
    def error(self) -> jsonrpc.RpcError | None:
        """Return the JSON-RPC error, if the response is one."""
        return self.response.error if self.response is not None else None

    @property
    def ok(self) -> bool:
        """Tell whether the status is one of success."""
        return 200 <= self.status < 300

    def add_note(self, code: str, seen: str) -> None:
        """Add a note."""
        if len(self.notes) < NOTES:
            self.notes.append(Note(code, seen))

    def describe(self) -> str:
        """Tell in one clause what came."""
        if self.error is not None:
            return f"HTTP {self.status} with the JSON-RPC error {self.error}"
        if self.problem is not None and self.shared:
            return f"this: {self.problem.seen.rstrip('.')}"
        if self.problem is not None and self.ok:
            return f"HTTP {self.status}: {self.problem.seen.rstrip('.')}"
        return f"HTTP {self.status} with {self.headers.media_type or 'no content type'} {excerpt(self.body)}"


class ResponseMatcher:
    """Picks the response to our request out of what a server sends; what is odd becomes a note of the reply."""

    def __init__(self, request_id: int, reply: Reply, *, shared: bool = False) -> None:
        self._id = request_id
        self._shared = shared  # the stream also brings the responses to earlier requests, when they come late
        self._add_note = reply.add_note
        self._events = 0

    def match_event(self, event: SseEvent) -> jsonrpc.Response | None:
        """Return the response if the event carries it; requests, notifications and other events are skipped.

        :raises ProtocolError: when the event carries no JSON-RPC message.
        """
        self._events += 1
        if self._events > EVENTS:
            raise ProtocolError(f"More than {EVENTS} events came before the response.", code="STREAM_LIMIT")
        if event.name != _OURS:
            return None
        if not event.valid_utf8:
            raise ProtocolError("An event of the stream is not UTF-8.", code="INVALID_UTF8")
        return self.match_value(jsonrpc.decode(event.data.encode("utf-8", "surrogatepass")))

    def match_value(self, value: t.Any) -> jsonrpc.Response | None:
        """Return the response if the JSON value is it, or a batch that holds it."""
        if isinstance(value, list) and value:
            self._add_note("UNEXPECTED_BATCH", f"A batch of {len(value)} messages came.")
            found = [response for response in map(self._match_message, value) if response is not None]
            return found[0] if found else None
        return self._match_message(value)

    def _match_message(self, value: t.Any) -> jsonrpc.Response | None:
        message = jsonrpc.parse(value)
        if isinstance(message, jsonrpc.ServerMessage):
            if message.is_request:
                self._add_note("SERVER_REQUEST", f"The server sent the request {clean(message.method)!r}.")
            return None
        if isinstance(message.id, int) and not isinstance(message.id, bool) and message.id == self._id:
            return message
        if self._shared and isinstance(message.id, int) and 0 < message.id < self._id:
            return None
        if message.error is not None:
            self._add_note(
                "ERROR_ID_NOT_ECHOED", f"An error came with the id {_shown(message.id)} instead of {self._id}."
            )
            return message
        if isinstance(message.id, float) and message.id == self._id:
            self._add_note("ID_TYPE", f"The response's id is {message.id} instead of {self._id}.")
            return message
        raise ProtocolError(f"The response has the id {_shown(message.id)} instead of {self._id}.", code="ID_MISMATCH")


def _shown(value: t.Any) -> str:
    return "null" if value is None else clean(repr(value), 40)
